//! Secrets: whatever the program is given, and whatever goes wrong, they are not printed.
//!
//! Next: `tls.rs`.

use crate::support::{Run, wellspring};
use wellspring_testkit::server::{Script, ScriptedServer};

fn hides(run: &Run) {
    for text in [&run.stdout, &run.stderr] {
        assert!(!text.contains("s3cret"), "{run:?}");
    }
}

/// A server that is refused, one that ends, and one that is not there, each with a redirect before it.
#[tokio::test]
async fn a_connection_is_told_without_them() {
    for verbose in [true, false] {
        let server = ScriptedServer::start([
            Script::answer(
                "307 Temporary Redirect",
                &["Location: /a?access_token=s3cret-3&b=c"],
            ),
            Script::event_stream("retry: 100\ndata: a\n\n"),
            Script::event_stream("data: b\n\n"),
            Script::new(),
            Script::answer("401 No", &["X-Auth-Token: s3cret"]),
        ])
        .await;
        let url = server
            .url("/sse?token=s3cret-1&x=1")
            .replace("http://", "http://me:s3cret-2@");
        let more = if verbose { "-v" } else { "--json" };
        let key = "Authorization: Bearer s3cret-4";
        let run = wellspring(&["tail", &url, more, "-H", key]).await;
        assert_eq!(run.code, Some(1), "{run:?}");
        hides(&run);
        if verbose {
            assert!(run.stderr.contains("/a?access_token=***&b=c"), "{run:?}");
            assert!(run.stderr.contains("x-auth-token: ***"), "{run:?}");
        }
    }
}

#[tokio::test]
async fn a_failure_is_told_without_them() {
    let url = "http://me:s3cret@127.0.0.1:1/sse?api_key=s3cret";
    let run = wellspring(&["tail", url, "--no-reconnect"]).await;
    run.fails(1, &["http://127.0.0.1:1/sse?api_key=***: cannot connect"]);
    hides(&run);
    let run = wellspring(&["check", url, "--for", "1"]).await;
    assert_eq!(run.code, Some(1), "{run:?}");
    hides(&run);
    let run = wellspring(&["check", url, "--for", "1", "--json"]).await;
    hides(&run);
}

#[tokio::test]
async fn usage_errors_do_not_repeat_them() {
    let cases: &[(&[&str], &str)] = &[
        (
            &["tail", "ann:s3cret@h/sse"],
            "did you mean http://***@h/sse",
        ),
        (
            &["tail", "http://a/", "ann:s3cret@h/sse"],
            "unexpected argument '***@h/sse'",
        ),
        (
            &["tail", "http://ann:s3cret@[::1/?token=s3cret"],
            "not an absolute URL",
        ),
        (&["tail", "http://ann:p/s3cret@h/"], "not an absolute URL"),
        (
            &["tail", "http://a/", "-H", "Bearer s3cret"],
            "'***' for '--header",
        ),
        (
            &["tail", "http://a/", "-H", "Bearer s3cret:x"],
            "'***' for '--header",
        ),
        (
            &["tail", "http://a/", "-H", "Authorization: Bearer s3cret\nx"],
            "control character",
        ),
        (
            &["tail", "http://a/", "-H", "Authorization:", "s3cret"],
            "quotation marks",
        ),
        (
            &["tail", "http://a/", "-HAuthorization:", "s3cret"],
            "quotation marks",
        ),
        (
            &["tail", "http://a/", "-u", "s3cret"],
            "a name, a colon and a password",
        ),
        (
            &["tail", "http://a/", "-u", "--s3cret"],
            "unexpected argument '***'",
        ),
        (
            &["tail", "http://a/", "--proxy", "ftp://ann:s3cret@p"],
            "'***' for '--proxy",
        ),
        (
            &["tail", "http://a/", "--proxy=http://ann:s3/s3cret@p"],
            "'***' for '--proxy",
        ),
        (&["serve", "--token", "two s3cret"], "'***' for '--token"),
        (
            &["serve", "--token", "two", "s3cret"],
            "unexpected argument '***'",
        ),
        (
            &["serve", "--publish-token=two s3cret"],
            "'***' for '--publish-token",
        ),
        (
            &["http://ann:s3cret@h/?token=s3cret"],
            "wellspring tail http://***@h/?token=***",
        ),
        (&["ann:s3cret@h"], "unrecognized subcommand '***@h'"),
    ];
    for (arguments, says) in cases {
        let run = wellspring(arguments).await;
        run.fails(2, &[says]);
        hides(&run);
    }
}
