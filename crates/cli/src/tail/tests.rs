use super::*;

#[test]
fn a_store_that_fails_at_the_end_is_reported_whatever_ended_the_stream() {
    let passed = || Err(Ending::timed_out("time"));
    let ended = || Err(Ending::ended("204"));
    let failed = || Err(Ending::failed("lost"));
    let full = || Err(Ending::failed("full"));
    let said = |done, stored| outcome(done, stored).map_err(|ending| ending.to_string());
    for done in [Ok(()), passed(), ended()] {
        assert_eq!(said(done, full()), Err("full".to_owned()));
    }
    assert_eq!(said(failed(), full()), Err("lost".to_owned()));
    assert_eq!(said(passed(), Ok(())), Err("time".to_owned()));
    assert_eq!(said(ended(), Ok(())), Err("204".to_owned()));
    assert_eq!(said(Ok(()), Ok(())), Ok(()));
}
