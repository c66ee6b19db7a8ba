//! The names of the keys. In: a prefix. Out: nine names in the order that the scripts know them by.
//!
//! Next: `scripts.rs`.

/// The prefix unless another one is set.
pub(crate) const PREFIX: &str = "wellspring";

/// Whether it can stand between braces, where it keeps all keys in one slot.
pub(crate) fn is_valid(prefix: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'{' && byte != b'}';
    (1..=128).contains(&prefix.len()) && prefix.bytes().all(plain)
}

/// The keys of one history.
#[derive(Clone, Debug)]
pub(crate) struct Keys([String; 9]);

impl Keys {
    pub(crate) fn new(prefix: &str) -> Self {
        let names = [
            "stream",
            "meta",
            "ids",
            "keys",
            "keys-before",
            "tags",
            "tags-before",
            "leases",
            "members",
        ];
        Self(names.map(|name| format!("{{{prefix}}}:{name}")))
    }

    pub(crate) fn all(&self) -> &[String] {
        &self.0
    }

    pub(crate) fn stream(&self) -> &str {
        &self.0[0]
    }

    pub(crate) fn meta(&self) -> &str {
        &self.0[1]
    }

    pub(crate) fn leases(&self) -> &str {
        &self.0[7]
    }

    pub(crate) fn members(&self) -> &str {
        &self.0[8]
    }
}
