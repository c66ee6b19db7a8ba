use super::*;

fn nodes(tree: &Tree) -> usize {
    tree.nodes.len() - tree.free.len()
}

#[test]
fn what_came_and_went_leaves_no_node_behind() {
    let text = b"https://shop.example/books/";
    let mut tree = Tree::default();
    let held = tree.insert_text(text, SelectorId(0));
    let before = nodes(&tree);
    for length in 1..text.len() {
        let end = tree.insert_text(&text[..length], SelectorId(1));
        let other = [&text[..length], b"-"].concat();
        let other_end = tree.insert_text(&other, SelectorId(2));
        assert_eq!(nodes(&tree), before + 2);
        tree.remove(end, SelectorId(1));
        tree.remove(other_end, SelectorId(2));
        assert_eq!(nodes(&tree), before, "{length}");
    }
    assert_eq!(tree.label(held), text);
    tree.remove(held, SelectorId(0));
    assert!(tree.is_empty() && nodes(&tree) == 1);
}
