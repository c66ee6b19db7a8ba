use super::super::head::tests::head;
use super::*;

fn behind(headers: &[(&'static str, &str)]) -> Between {
    Between::of([&head(headers)], None)
}

#[test]
fn a_product_is_recognized_by_what_it_writes_into_the_head() {
    for (name, value, product) in [
        ("server", "nginx/1.22.1", "nginx"),
        ("server", "openresty", "nginx"),
        ("server", "Apache/2.4.71 (Debian)", "Apache"),
        ("server", "lighttpd/1.4.69", "lighttpd"),
        ("server", "Caddy", "Caddy"),
        ("via", "1.1 varnish (Varnish/7.1)", "Varnish"),
        ("x-varnish", "32770", "Varnish"),
        ("via", "1.1 nghttpx", "nghttpx"),
        ("server", "h2o/2.2.5", "h2o"),
    ] {
        let between = behind(&[(name, value)]);
        assert_eq!(between.recognized.len(), 1, "{name}: {value}");
        assert_eq!(between.recognized[0].0.name, product);
        assert_eq!(between.rests_on(), format!("{name}: {value}"));
    }
    for other in ["gunicorn", "Apache-Coyote/1.1", "nginx.example", "notnginx"] {
        let nothing = behind(&[("server", other), ("via", "1.1 caddy.example")]);
        assert_eq!(nothing.rests_on(), "no header names a proxy", "{other}");
    }
}

#[test]
fn the_setting_of_a_recognized_product_comes_alone_and_else_all_of_them() {
    let lighttpd = behind(&[("server", "lighttpd/1.4.69")]).held_back();
    assert_eq!(lighttpd.basis, Evidence::Header);
    let lighttpd = lighttpd.advice;
    assert!(lighttpd.contains("server.stream-response-body = 1"));
    assert!(!lighttpd.contains("proxy_buffering"), "{lighttpd}");
    let unknown = Between::default().held_back();
    assert_eq!(unknown.basis, Evidence::Candidates);
    let unknown = unknown.advice;
    for setting in [
        "proxy_buffering off",
        "stream-response-body",
        "-filter",
        "do_gzip",
    ] {
        assert!(unknown.contains(setting), "{unknown}");
    }
    let proxy = Between::of([], Some("http://127.0.0.1:8118".to_owned()));
    let advice = proxy.held_back().advice;
    assert!(
        advice.starts_with("try without --proxy http://127.0.0.1:8118"),
        "{advice}"
    );
    let caddy = behind(&[("server", "Caddy")]).compressed().advice;
    assert!(
        caddy.contains("encode @page gzip") && !caddy.contains("gzip off"),
        "{caddy}"
    );
}

#[test]
fn a_cut_is_laid_at_the_door_of_those_that_cut_then() {
    let unseen = Between::default();
    let at_50 = unseen.cut_after(50, false).unwrap().advice;
    assert!(
        at_50.contains("HAProxy") && !at_50.contains("nginx"),
        "{at_50}"
    );
    let at_60 = unseen.cut_after(60, false).unwrap().advice;
    assert!(
        at_60.contains("proxy_read_timeout") && at_60.contains("nghttpx"),
        "{at_60}"
    );
    // Those that leave no trace may have another limit; of others there would be one.
    let at_17 = unseen.cut_after(17, false).unwrap();
    assert_eq!(at_17.basis, Evidence::Candidates);
    assert!(
        at_17.advice.contains("HAProxy") && !at_17.advice.contains("nginx"),
        "{at_17:?}"
    );
    assert!(at_50.starts_with("if it is HAProxy"), "{at_50}");
    // Readers behind nginx see an error.
    let clean = unseen.cut_after(60, true).unwrap().advice;
    assert!(
        clean.contains("nghttpx") && !clean.contains("nginx"),
        "{clean}"
    );
    // nginx is there, and it is not what ended it so.
    let other = behind(&[("server", "nginx")]).cut_after(17, true).unwrap();
    assert!(!other.advice.contains("nginx"), "{other:?}");
    // It may well be set to something else.
    let nginx = behind(&[("server", "nginx")])
        .cut_after(17, false)
        .unwrap()
        .advice;
    assert!(nginx.contains("proxy_read_timeout") && !nginx.contains("HAProxy"));
    assert!(hiders().contains("HAProxy over HTTP/2, "), "{}", hiders());
}
