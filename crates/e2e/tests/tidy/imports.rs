//! Who uses whom within a crate. In: the code of its files. Out: an arrow from each file to each file
//! that it imports an item from, wherever the item is re-exported on the way. To hand an item on, with
//! `pub use`, or to declare a module is no arrow.
//!
//! Next: `floors.rs`, which judges them.

use crate::source::Source;
use std::collections::{BTreeMap, BTreeSet};

/// The names of the modules from the root of a crate to a file.
type Module = Vec<String>;

/// From a file to another of the same crate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Arrow {
    pub(crate) from: Module,
    pub(crate) to: Module,
}

#[derive(Default)]
struct File {
    /// What is used, as full paths.
    uses: Vec<Module>,
    /// What a name here stands for, if it is imported.
    names: BTreeMap<String, Module>,
}

/// The arrows of the crate whose files are in `folder`, such as `crates/client/src/`.
pub(crate) fn arrows(sources: &[Source], folder: &str) -> BTreeSet<Arrow> {
    let ours = sources.iter().filter(|source| source.is_product());
    let files: BTreeMap<Module, File> = ours
        .filter_map(|source| {
            let module = module_of(source.path.strip_prefix(folder)?);
            let file = read(&source.code, &module);
            Some((module, file))
        })
        .collect();
    let mut arrows = BTreeSet::new();
    for (from, file) in &files {
        for path in &file.uses {
            if let Some(to) = resolve(&files, from, path, 0).filter(|to| to != from) {
                let from = from.clone();
                arrows.insert(Arrow { from, to });
            }
        }
    }
    arrows
}

/// Every file of the crate, by its module.
pub(crate) fn modules(sources: &[Source], folder: &str) -> BTreeSet<Module> {
    let ours = sources.iter().filter(|source| source.is_product());
    let inside = ours.filter_map(|source| source.path.strip_prefix(folder));
    inside.map(module_of).collect()
}

/// As shown: `driver/end.rs`.
pub(crate) fn shown(module: &[String]) -> String {
    if module.is_empty() {
        return "the root".to_owned();
    }
    format!("{}.rs", module.join("/"))
}

fn module_of(path: &str) -> Module {
    let path = path.trim_end_matches(".rs");
    if ["lib", "main"].contains(&path) {
        return Module::new();
    }
    path.split('/').map(str::to_owned).collect()
}

/// The file where the item of this path is written.
fn resolve(
    files: &BTreeMap<Module, File>,
    from: &Module,
    path: &Module,
    depth: u32,
) -> Option<Module> {
    // A name that leads back to itself is a local one.
    if depth > 8 {
        return None;
    }
    let mut module = if path.first()? == "crate" {
        Module::new()
    } else {
        from.clone()
    };
    let rest = path.iter().skip(usize::from(path[0] == "crate"));
    let mut found = path[0] == "crate";
    for name in rest {
        let child: Module = module.iter().chain([name]).cloned().collect();
        if files.contains_key(&child) {
            module = child;
            found = true;
            continue;
        }
        let imported = files.get(&module).and_then(|file| file.names.get(name));
        return match imported {
            Some(path) => resolve(files, &module, path, depth + 1).or(found.then_some(module)),
            None => found.then_some(module),
        };
    }
    found.then_some(module)
}

fn read(code: &str, module: &Module) -> File {
    let mut file = File::default();
    for (statement, inline) in statements(code) {
        let here: Module = ["crate".to_owned()]
            .into_iter()
            .chain(module.iter().cloned())
            .chain(inline)
            .collect();
        let Some((handed_on, tree)) = use_of(&statement) else {
            let paths = paths_in(&statement).into_iter();
            file.uses.extend(paths.map(|path| absolute(&path, &here)));
            continue;
        };
        for path in branches(&tree) {
            let (path, name) = match path.split_once(" as ") {
                Some((path, name)) => (path.to_owned(), name.to_owned()),
                None => (path.clone(), last(&path).to_owned()),
            };
            let path = absolute(&path, &here);
            file.names.insert(name, path.clone());
            if !handed_on {
                file.uses.push(path);
            }
        }
    }
    let File { uses, names } = &mut file;
    for path in uses {
        if let Some(meant) = names.get(&path[0]) {
            *path = meant.iter().chain(&path[1..]).cloned().collect();
        }
    }
    file
}

fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

/// The path from the root, without `self` and `super`.
fn absolute(path: &str, here: &Module) -> Module {
    let mut absolute: Option<Module> = None;
    let mut rest = Module::new();
    for name in path.split("::").map(str::trim) {
        match name {
            "crate" => absolute = Some(vec!["crate".to_owned()]),
            "self" if rest.is_empty() => {
                absolute.get_or_insert_with(|| here.clone());
            }
            "super" => {
                absolute.get_or_insert_with(|| here.clone()).pop();
            }
            "self" | "*" | "" => {}
            name => rest.push(name.to_owned()),
        }
    }
    let mut absolute = absolute.unwrap_or_default();
    absolute.extend(rest);
    absolute
}

/// The code up to each `;` or brace, with the modules written in the file around it. The braces of a
/// `use` do not part it.
fn statements(code: &str) -> Vec<(String, Module)> {
    let mut found = Vec::new();
    let mut inside: Vec<Option<String>> = Vec::new();
    let mut statement = String::new();
    for ch in code.chars() {
        let in_use = use_of(&statement).is_some();
        if !(ch == ';' || !in_use && (ch == '{' || ch == '}')) {
            statement.push(ch);
            continue;
        }
        let around = inside.iter().flatten().cloned().collect();
        let text = std::mem::take(&mut statement);
        match ch {
            '{' => inside.push(inline_module(&text)),
            '}' => drop(inside.pop()),
            _ => {}
        }
        found.push((text, around));
    }
    found
}

fn inline_module(statement: &str) -> Option<String> {
    let words: Vec<&str> = statement.split_whitespace().collect();
    match words.as_slice() {
        [.., "mod", name] => Some((*name).to_owned()),
        _ => None,
    }
}

/// The tree of a `use`, and whether it hands the items on.
fn use_of(statement: &str) -> Option<(bool, String)> {
    let mut text = statement.trim_start();
    while text.starts_with("#[") {
        text = text.split_once(']')?.1.trim_start();
    }
    let handed_on = text.starts_with("pub");
    if let Some(rest) = text.strip_prefix("pub") {
        let rest = rest.trim_start();
        text = match rest.strip_prefix('(') {
            Some(scope) => scope.split_once(')')?.1.trim_start(),
            None => rest,
        };
    }
    let tree = text.strip_prefix("use ")?;
    Some((handed_on, tree.to_owned()))
}

/// `a::{b, c::{self, d as e}}` as `a::b`, `a::c::self`, `a::c::d as e`.
fn branches(tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((stem, rest)) = tree.split_once('{') else {
        return vec![tree.to_owned()];
    };
    let inner = rest.trim_end().trim_end_matches('}');
    let inner = &rest[..rest.rfind('}').unwrap_or(inner.len())];
    let mut depth = 0;
    let parts = inner.split(|ch: char| {
        match ch {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        ch == ',' && depth == 0
    });
    let parts = parts.map(str::trim).filter(|part| !part.is_empty());
    let leaves = parts.flat_map(branches);
    leaves.map(|leaf| stem_and(stem, &leaf)).collect()
}

fn stem_and(stem: &str, leaf: &str) -> String {
    match leaf {
        "self" => stem.trim_end_matches("::").to_owned(),
        leaf => format!("{stem}{leaf}"),
    }
}

/// The paths in other code that begin with a module: names of modules are in lower case.
fn paths_in(statement: &str) -> Vec<String> {
    let part = |ch: char| ch.is_alphanumeric() || ch == '_' || ch == ':';
    let words = statement.split(|ch| !part(ch));
    let mut before = "";
    let mut found = Vec::new();
    for word in words.filter(|word| !word.is_empty()) {
        let word = word.trim_end_matches(':');
        let leads = word.contains("::") && word.starts_with(char::is_lowercase);
        // `pub(in crate::a)` is a scope.
        if leads && before != "in" {
            found.push(word.to_owned());
        }
        before = word;
    }
    found
}

#[test]
fn trees_are_taken_apart() {
    assert_eq!(
        branches("a::{b, c::{self, d as e}, f::*}"),
        ["a::b", "a::c", "a::c::d as e", "a::f::*"]
    );
    assert_eq!(branches("a::b"), ["a::b"]);
}

#[test]
fn arrows_lead_to_where_an_item_is_written() {
    let source = |path: &str, text: &str| Source::new(format!("crates/a/src/{path}"), text.into());
    let sources = [
        source("lib.rs", "mod b;\nmod c;\npub use b::B;\n"),
        source("b.rs", "mod d;\npub use self::d::{B, E as F};\n"),
        source(
            "b/d.rs",
            "pub struct B;\nmod x {\n    use super::B;\n    use crate::c::C;\n}\n",
        ),
        source(
            "c.rs",
            "use crate::b::F;\n// use crate::b::d::B;\npub(in crate::b) struct C(crate::B);\n",
        ),
    ];
    let found = arrows(&sources, "crates/a/src/");
    let shown: Vec<String> = found
        .iter()
        .map(|arrow| format!("{} → {}", shown(&arrow.from), shown(&arrow.to)))
        .collect();
    assert_eq!(shown, ["b/d.rs → c.rs", "c.rs → b/d.rs"]);
}
