use super::{count_passed, executable, passed_in, program, succeeds};

#[test]
fn counts_the_tests_of_each_runner() {
    let line = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out";
    assert_eq!(passed_in(line), 12);
    assert_eq!(passed_in("# pass 3"), 3);
    assert_eq!(passed_in("ℹ pass 4"), 4);
    assert_eq!(passed_in("test result: FAILED. 12 passed; 1 failed"), 0);
    assert_eq!(passed_in("running 12 tests"), 0);
}

fn count(script: &str) -> (Result<u64, String>, String) {
    let (mut output, mut figures) = (Vec::new(), Vec::new());
    let passed = count_passed(
        program("sh").args(["-c", script]),
        &mut output,
        &mut figures,
    );
    (passed, String::from_utf8(output).unwrap())
}

#[test]
fn a_runner_that_ran_no_test_has_failed() {
    let (silent, _) = count("echo 'test result: ok. 0 passed; 0 failed'");
    assert!(silent.is_err_and(|why| why.contains("ran no test")));
    let (two, output) =
        count("echo a; echo '# pass 1'; echo 'test result: ok. 1 passed; 0 failed'");
    assert_eq!(two, Ok(2));
    assert!(output.starts_with("a\n# pass 1\n"));
    let (broken, _) = count("echo '# pass 1'; exit 3");
    assert!(broken.is_err_and(|why| why.contains("exit status: 3")));
}

#[test]
fn nothing_waits_for_a_standard_input() {
    assert_eq!(succeeds(program("sh").args(["-c", "! read line"])), Ok(()));
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let missing = succeeds(&mut program("no-such-program-anywhere"));
    assert!(missing.is_err_and(|why| why.contains("`no-such-program-anywhere` did not start")));
}

#[test]
fn figures_are_taken_out_of_what_is_printed() {
    let script = "echo 'test a ... figures: 7 seeds; cut 3'; echo '# pass 1'";
    let (mut output, mut figures) = (Vec::new(), Vec::new());
    let mut runner = program("sh");
    let passed = count_passed(runner.args(["-c", script]), &mut output, &mut figures);
    assert_eq!(passed, Ok(1));
    assert_eq!(figures, ["7 seeds", "cut 3"]);
}

#[test]
fn a_test_is_found_in_what_cargo_says() {
    let other = r#"{"target":{"name":"it"},"executable":"/t/it-1"}"#;
    let library = r#"{"target":{"name":"wild"},"executable":null}"#;
    let wild = r#"{"target":{"name":"wild"},"executable":"/t/wild-2"}"#;
    let messages = [other, library, wild].join("\n");
    assert_eq!(executable(&messages, "wild").as_deref(), Some("/t/wild-2"));
    assert_eq!(executable(&messages, "il"), None);
}
