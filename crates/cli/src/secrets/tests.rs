use http::HeaderName;

use super::*;

fn is(text: &str, shown: &str) {
    assert_eq!(masked(text), shown);
    assert_eq!(masked(shown), shown, "masked twice");
}

#[test]
fn userinfo_is_masked_wherever_it_stands() {
    is("http://ann:pw@h/a", "http://***@h/a");
    is("'ann:pw@h:80/a' is not", "'***@h:80/a' is not");
    is(
        "did you mean http://ann:pw@h or https://ann:pw@h?",
        "did you mean http://***@h or https://***@h?",
    );
    is("http://ann@h", "http://***@h");
    is(
        "socks5h://a:b@c:1 (http://d:e@f)",
        "socks5h://***@c:1 (http://***@f)",
    );
    // With characters that ought to be escaped.
    is("http://ann:p@w@h/", "http://***@h/");
    is("http://ann:p/w@h/", "http://***@h/");
    is("ann:p=w@h", "***@h");
    is("größe://ä:ö@ü", "größe://***@ü");
}

#[test]
fn an_at_sign_elsewhere_is_left() {
    for text in [
        "http://h/@ann/b",
        "http://h:80/@ann",
        "http://h/?to=a@b",
        "-d @/no/file",
        "h:80/@ann",
        "write to ann@h",
        "@",
        "a: @b",
        ":@",
        "://",
        "x:@y",
    ] {
        is(text, text);
    }
}

#[test]
fn secret_parameters_are_masked() {
    is("http://h/a?token=abc&x=1", "http://h/a?token=***&x=1");
    is(
        "http://h/?x=1&api_key=a%20b#c",
        "http://h/?x=1&api_key=***#c",
    );
    is("http://h/#access_token=a", "http://h/#access_token=***");
    is(
        "> GET /?X-Amz-Signature=ff&y=1",
        "> GET /?X-Amz-Signature=***&y=1",
    );
    is("'?accessToken=a' b", "'?accessToken=***' b");
    is("/?apikey=a;sessionId=b c", "/?apikey=*** c");
    is("/?%74oken=a", "/?%74oken=***");
    is("?token=a?token=b", "?token=***");
    is("?token=&sig=a", "?token=&sig=***");
    is("?x?y&pass=ö", "?x?y&pass=***");
    is(
        "http://h/?key=a:b: gone (?sig=c)",
        "http://h/?key=***: gone (?sig=***)",
    );
}

#[test]
fn other_parameters_are_left() {
    for text in [
        "http://h/?lastEventId=7&max_tokens=9&monkey=1",
        "a; b=c",
        "?",
        "?=",
        "what? x = 1",
        "keyboard=1",
        "?passage=1",
    ] {
        is(text, text);
    }
}

#[test]
fn secret_headers_are_masked() {
    is(
        "> authorization: Bearer abc1 a\n> accept: c",
        "> authorization: Bearer *** a\n> accept: c",
    );
    is("Authorization:abcdefghijklmnop", "Authorization:***");
    is("bad 'Cookie:a=b; c=d' there", "bad 'Cookie:***' there");
    is(
        "{\"Authorization\": \"Basic YTpi\"}",
        "{\"Authorization\": \"Basic ***\"}",
    );
    for text in [
        "proxy-authorization:",
        "no authorization, see: docs",
        "bring the token: Authorization: Bearer T",
    ] {
        is(text, text);
    }
}

#[test]
fn secrets_of_the_command_line_are_masked_everywhere() {
    remember("kn0wn-s3cret");
    remember(" kn0wn-s3cret-and-more ");
    remember("short");
    is(
        "no such key: kn0wn-s3cret, kn0wn-s3cret-and-more, short",
        "no such key: ***, ***, short",
    );
    remember_those_of(
        &"http://ann:p4ssw%C3%B6rd@h/?token=t0k%20en&x=visible"
            .parse()
            .unwrap(),
    );
    is("p4ssw%C3%B6rd t0k en visible", "*** *** visible");
}

#[test]
fn a_url_is_shown_without_its_secrets() {
    let url = "https://ann:pw@h/a?b=1&token=c#d".parse().unwrap();
    assert_eq!(shown(&url), "https://h/a?b=1&token=***");
}

#[test]
fn names_of_headers_are_secret_by_their_words() {
    let secret = |name: &'static str| is_secret_header(&HeaderName::from_static(name));
    for name in [
        "authorization",
        "set-cookie",
        "x-api-key",
        "x-auth-token",
        "x-amz-security-token",
    ] {
        assert!(secret(name), "{name}");
    }
    for name in [
        "content-type",
        "mcp-session-id",
        "www-authenticate",
        "keep-alive",
        "x-author",
    ] {
        assert!(!secret(name), "{name}");
    }
}

/// Servers choose what is in an error, and how long it is.
#[test]
fn masking_takes_time_in_proportion() {
    for part in ["a@", "@", "?", "?a=", ":", "a:", "&token", "\u{1F600}@/"] {
        let text = part.repeat(20_000);
        let started = std::time::Instant::now();
        masked(&text);
        let took = started.elapsed();
        assert!(took < std::time::Duration::from_secs(5), "{part}: {took:?}");
    }
}
