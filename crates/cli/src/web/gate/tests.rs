use http::header::HOST;

use super::*;

fn is_answered<S>(gate: &Gate<S>, host: &str) -> bool {
    let request = Request::builder().header(HOST, host).body(()).unwrap();
    gate.hosts.refuse(&request).is_none()
}

#[test]
fn the_name_it_listens_on_is_its_own() {
    let none = Front::default();
    let proxied = Front {
        allow_host: vec!["app.example".to_owned()],
        ..Front::default()
    };
    for (front, private) in [(&none, true), (&proxied, false)] {
        for name in ["box", "box."] {
            let listens_on = ListenHost::Name(name.to_owned());
            let gate = Gate::new(front, &listens_on, private, ());
            for good in ["box", "box:8080", "BOX.", "localhost"] {
                assert!(is_answered(&gate, good), "{name} {good}");
            }
            assert!(!is_answered(&gate, "evil.example"));
            assert!(!is_answered(&gate, "sub.box"));
        }
    }
}
