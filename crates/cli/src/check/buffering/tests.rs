use super::super::finding::Severity;
use super::super::head::tests::head;
use super::*;

#[test]
fn a_header_that_nginx_takes_away_is_not_asked_for() {
    let nginx = head(&[("server", "nginx/1.22.1")]);
    let between = Between::of([&nginx], None);
    let flowing = judge(&nginx, &between, true);
    assert_eq!((flowing.severity, &flowing.advice), (Severity::Note, &None));
    assert_eq!(flowing.because.as_deref(), Some("server: nginx/1.22.1"));
    let silent = judge(&nginx, &between, false);
    assert_eq!(silent.severity, Severity::Note);
    assert!(silent.advice.unwrap().contains("X-Accel-Buffering: no"));
    let passed_on = head(&[("server", "nginx"), ("x-accel-buffering", "No")]);
    assert_eq!(judge(&passed_on, &between, false).severity, Severity::Ok);
    let other = judge(&head(&[]), &Between::default(), true);
    assert_eq!(other.severity, Severity::Note);
}
