//! Templates and topics at random. In: a random number generator. Out: a template with a regular
//! expression that was built beside it, not out of it, and topics that match it often.

use fastrand::Rng;

/// A template, and what it should match as a regular expression.
pub(crate) struct Generated {
    pub(crate) template: String,
    pub(crate) regex: String,
}

const LITERALS: &[&str] = &[
    "/", "a", "b/", "ab", ".", ",", "=1", "?", "&", "#", "é", "%41", "1",
];
const NAMES: &[&str] = &["a", "b", "x.y", "a:3", "_"];
const PLAIN: &str = "A-Za-z0-9._~,\\-";
const RESERVED: &str = ":/?#\\[\\]@!$&'()*+;=";

pub(crate) fn template(rng: &mut Rng) -> Generated {
    let mut generated = Generated {
        template: String::new(),
        regex: String::new(),
    };
    let expressions = rng.usize(1..4);
    for _ in 0..expressions {
        for _ in 0..rng.usize(0..3) {
            literal(rng, &mut generated);
        }
        expression(rng, &mut generated);
    }
    if rng.bool() {
        literal(rng, &mut generated);
    }
    generated
}

fn literal(rng: &mut Rng, generated: &mut Generated) {
    let text = rng.choice(LITERALS).unwrap();
    generated.template += text;
    generated.regex += &regex::escape(text);
}

fn expression(rng: &mut Rng, generated: &mut Generated) {
    let operator = *rng
        .choice(["", "+", "#", ".", "/", ";", "?", "&"].iter())
        .unwrap();
    let mut exploded = false;
    let count = rng.usize(1..4);
    let variables = (0..count).map(|_| {
        let name = rng.choice(NAMES).unwrap();
        let explodes = rng.u8(0..4) == 0 && !name.contains(':');
        exploded |= explodes;
        format!("{name}{}", if explodes { "*" } else { "" })
    });
    let variables: Vec<String> = variables.collect();
    generated.template += &format!("{{{operator}{}}}", variables.join(","));
    generated.regex += &expansion(operator, count, exploded);
}

/// The table of RFC 6570's appendix, as regular expressions.
fn expansion(operator: &str, count: usize, exploded: bool) -> String {
    let mut set = PLAIN.to_owned();
    if ["+", "#"].contains(&operator) {
        set += RESERVED;
    }
    if [";", "?", "&"].contains(&operator) || exploded {
        set += "=";
    }
    let value = format!("(?:[{set}]|%[0-9A-Fa-f]{{2}})*");
    let separator = match operator {
        "" | "+" | "#" => ",",
        "?" => "&",
        other => other,
    };
    let more = match exploded {
        true => "*".to_owned(),
        false => format!("{{0,{}}}", count - 1),
    };
    let all = format!("{value}(?:{}{value}){more}", regex::escape(separator));
    match operator {
        "" | "+" => all,
        lead => format!("(?:{}{all})?", regex::escape(lead)),
    }
}

/// A topic that was made of a template by putting something for each expression, now and then with a
/// character changed.
pub(crate) fn topic(rng: &mut Rng, template: &str) -> String {
    const VALUES: &[&str] = &[
        "", "a", "7", "%2F", "a,b", "a=1", "/a", "/a/b", "?a=1&b", "#x", ".a", ";a;b", "&a", "%4",
        " ",
    ];
    let mut topic = String::new();
    let mut rest = template;
    while let Some((literal, behind)) = rest.split_once('{') {
        topic += literal;
        for _ in 0..rng.usize(0..3) {
            topic += rng.choice(VALUES).unwrap();
        }
        rest = behind.split_once('}').map_or("", |(_, behind)| behind);
    }
    topic += rest;
    if rng.u8(0..4) == 0 {
        let at = rng.usize(0..=topic.len());
        if topic.is_char_boundary(at) {
            topic.insert(
                at,
                *rng.choice(['/', 'a', '%', '=', '&', 'é'].iter()).unwrap(),
            );
        }
    }
    topic
}
