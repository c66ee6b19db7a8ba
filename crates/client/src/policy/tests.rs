use super::*;

#[test]
fn the_presets_are_what_they_say() {
    let standard = Policy::standard();
    assert_eq!(standard, Policy::default());
    assert_eq!(standard.reconnection, Reconnection::default());
    assert!(standard.retried_statuses.is_empty());
    assert_eq!(standard.idle_timeout, None);
    let resilient = Policy::resilient();
    for status in [408, 425, 429, 500, 503, 599] {
        assert!(resilient.retried_statuses.contains(&status), "{status}");
    }
    for status in [200, 204, 400, 401, 404, 499, 600] {
        assert!(!resilient.retried_statuses.contains(&status), "{status}");
    }
    assert!(resilient.reconnection.back_off_after_empty);
    assert!(!standard.reconnection.back_off_after_empty);
    assert_eq!(resilient.reconnection.ceiling, Duration::from_secs(3600));
    let finite = Policy::finite();
    assert_eq!(finite.end_of_body, EndOfBody::End);
    assert_eq!(finite.idle_timeout, Some(Duration::from_secs(300)));
}
