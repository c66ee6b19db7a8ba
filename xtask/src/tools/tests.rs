use super::{TOOLS, Tool, find};

#[test]
fn finds_names_and_paths() {
    let shell = Tool {
        name: "shell",
        places: &["no-such-program-anywhere", "sh"],
        package: "dash",
        needed_by: "this test",
    };
    assert!(shell.find().is_some_and(|path| path.is_absolute()));
    let passwords = Tool {
        places: &["/etc/passwd"],
        ..shell
    };
    assert!(
        passwords
            .find()
            .is_some_and(|path| path.ends_with("passwd"))
    );
    let nothing = Tool {
        places: &["no-such-program-anywhere", "/no/such/file"],
        ..passwords
    };
    assert_eq!(nothing.find(), None);
}

#[test]
fn every_tool_is_named_once() {
    let mut names: Vec<&str> = TOOLS.iter().map(|tool| tool.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), TOOLS.len());
    assert_eq!(find("no-such-tool"), None);
}
