use super::*;

fn read(rest: &str, issuance: Issuance) -> Option<Question> {
    Question::read(rest, issuance)
}

#[test]
fn a_path_is_read_in_the_dialect_of_the_token() {
    use Issuance::{AccessToken, MercureClaim};
    let of = |match_type, selector: &str| Selected {
        match_type,
        selector: selector.to_owned(),
    };
    let rows = [
        ("", MercureClaim, Some(Question::All)),
        ("", AccessToken, Some(Question::All)),
        (
            "/a%2Fb",
            MercureClaim,
            Some(Question::Of(of(MatchType::Topic, "a/b"))),
        ),
        (
            "/exact/a",
            MercureClaim,
            Some(Question::One(of(MatchType::Topic, "exact"), "a".into())),
        ),
        (
            "/exact/a",
            AccessToken,
            Some(Question::Of(of(MatchType::Exact, "a"))),
        ),
        (
            "/urlpattern/%2F%3Aid/urn%3Auuid%3A7",
            AccessToken,
            Some(Question::One(
                of(MatchType::UrlPattern, "/:id"),
                "urn:uuid:7".into(),
            )),
        ),
        ("/a", AccessToken, None),
        ("/exact", AccessToken, None),
        ("/topic/a", AccessToken, None),
        ("/a/b/c", MercureClaim, None),
        ("/exact/a/b/c", AccessToken, None),
        ("/%FF", MercureClaim, None),
    ];
    for (rest, issuance, expected) in rows {
        assert_eq!(read(rest, issuance), expected, "{rest} {issuance:?}");
    }
}
