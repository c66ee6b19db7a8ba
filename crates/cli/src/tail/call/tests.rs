use super::*;

fn call() -> Call {
    Call {
        is_call: true,
        last_event_id: String::new(),
        is_polled: false,
        is_answered: false,
    }
}

#[test]
fn the_rest_may_be_had_once_there_is_an_id_and_a_reconnection_time() {
    let mut call = call();
    call.position("p'7");
    assert_eq!(call.rest("http://h/"), None);
    call.reconnection_time();
    let rest = call.rest("http://h/").unwrap();
    assert!(
        rest.contains(r"tail 'http://h/' --last-event-id 'p'\''7'"),
        "{rest}"
    );
    call.event(EventRef::new(
        "",
        "{\"jsonrpc\":\"2.0\",\"method\":\"progress\"}",
        "8",
    ));
    assert!(call.rest("http://h/").is_some());
    call.event(EventRef::new(
        "",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}",
        "9",
    ));
    assert_eq!(call.rest("http://h/"), None, "the answer has come");
}

/// A redirect may lead there.
#[test]
fn a_shell_obeys_nothing_in_the_url() {
    let mut call = call();
    call.position("7");
    call.reconnection_time();
    let rest = call.rest("http://h/?a=1&b='$(reboot)").unwrap();
    assert!(
        rest.contains(r"tail 'http://h/?a=1&b='\''$(reboot)' --last"),
        "{rest}"
    );
}

#[test]
fn what_is_asked_again_by_itself_needs_no_word() {
    let mut get = Call {
        is_call: false,
        ..call()
    };
    get.event(EventRef::new("", "a", "7"));
    get.reconnection_time();
    assert_eq!(get.rest("http://h/"), None);
}
