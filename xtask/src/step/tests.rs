use super::{Step, Tally, Verdict, run_all};

const GOOD: Step = Step {
    name: "good",
    about: "passes",
    run: || Verdict::Passed,
};

const BAD: Step = Step {
    name: "bad",
    about: "fails",
    run: || Err("because".to_owned()).into(),
};

#[test]
fn one_failed_step_fails_the_run() {
    assert!(run_all(&[GOOD, GOOD]));
    assert!(!run_all(&[BAD, GOOD]));
}

#[test]
fn the_closing_line_counts_the_steps() {
    let mut tally = Tally::default();
    tally.note("a", Verdict::Passed);
    tally.note("b", Verdict::Failed("why".to_owned()));
    assert_eq!(tally.closing_line(), "1 passed, 1 failed");
    tally.note("c", Verdict::Skipped("no php".to_owned()));
    assert_eq!(tally.closing_line(), "1 passed, 1 failed, 1 skipped");
    assert_eq!(tally.lines, ["FAILED b: why", "SKIPPED c: no php"]);
}
