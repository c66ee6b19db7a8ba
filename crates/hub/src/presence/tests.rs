use super::random_urn;

#[test]
fn names_are_random_uuids() {
    let names: std::collections::HashSet<String> = (0..1_000).map(|_| random_urn()).collect();
    assert_eq!(names.len(), 1_000);
    let form = regex::Regex::new(
        "^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
    );
    let form = form.unwrap();
    assert!(names.iter().all(|name| form.is_match(name)), "{names:?}");
}
