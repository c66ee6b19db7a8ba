//! What stands between the server and here. In: heads, and the proxy that was given. Out: the products
//! that were recognized in them, what each may do, and which setting mends it.
//!
//! Next: `products.rs` has the facts.

use super::finding::Basis as Evidence;
use super::products::{Basis, Mark, PRODUCTS, Product, Setting, Silence};
use super::watch::Head;

/// What mends a fault, and whether the product is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Remedy {
    /// A line for each thing to try.
    pub(super) advice: String,
    pub(super) basis: Evidence,
}

impl Remedy {
    /// Something else to do comes first.
    pub(super) fn after(mut self, first: &str) -> Self {
        self.advice = format!("{first}\n{}", self.advice);
        self
    }
}

/// What is known of the way.
#[derive(Clone, Debug, Default)]
pub(super) struct Between {
    /// With the header line that gave it away.
    recognized: Vec<(&'static Product, String)>,
    /// The one of `--proxy`.
    proxy: Option<String>,
}

impl Between {
    pub(super) fn of<'a>(heads: impl IntoIterator<Item = &'a Head>, proxy: Option<String>) -> Self {
        let mut recognized: Vec<(&Product, String)> = Vec::new();
        for head in heads {
            for product in PRODUCTS.iter() {
                let is_new = recognized
                    .iter()
                    .all(|(known, _)| known.name != product.name);
                let line = product.marks.iter().find_map(|mark| line_of(head, mark));
                recognized.extend(line.filter(|_| is_new).map(|line| (product, line)));
            }
        }
        Self { recognized, proxy }
    }

    /// The header line that gave this product away.
    pub(super) fn line_of(&self, name: &str) -> Option<&str> {
        let mut recognized = self.recognized.iter();
        let found = recognized.find(|(product, _)| product.name == name);
        found.map(|(_, line)| line.as_str())
    }

    /// What a verdict about the way rests on: what was recognized, or that nothing was.
    pub(super) fn rests_on(&self) -> String {
        let lines = self.recognized.iter().map(|(_, line)| line.as_str());
        let lines: Vec<&str> = lines.collect();
        match (lines.is_empty(), &self.proxy) {
            (true, None) => "no header names a proxy".to_owned(),
            (true, Some(proxy)) => format!("--proxy {proxy}"),
            (false, None) => lines.join(", "),
            (false, Some(proxy)) => format!("{}, --proxy {proxy}", lines.join(", ")),
        }
    }

    /// How to find out what holds a stream back, and what mends it.
    pub(super) fn held_back(&self) -> Remedy {
        let remedy = self.mend("flush after each event", |product| &product.holds);
        match &self.proxy {
            Some(proxy) => remedy.after(&format!("try without --proxy {proxy}, which may collect")),
            None => remedy,
        }
    }

    /// What keeps a compressed stream flowing.
    pub(super) fn compressed(&self) -> Remedy {
        self.mend(
            "flush the compressor after each event, or do not compress event streams",
            |product| &product.compresses,
        )
    }

    /// What keeps a cache away from a stream.
    pub(super) fn cached(&self) -> Remedy {
        self.mend(
            "send Cache-Control: no-store, and keep the URL out of the cache",
            |product| &product.caches,
        )
    }

    /// Who may have cut a stream off after so many seconds of silence, and how to stop that: those that
    /// were recognized, or else those that do so by default.
    pub(super) fn cut_after(&self, seconds: u64, is_clean: bool) -> Option<Remedy> {
        let timed = PRODUCTS.iter().filter_map(|product| {
            let silence = product.silence.as_ref()?;
            // A good end is not of those whose readers see an error.
            (silence.is_clean || !is_clean).then_some((product, silence))
        });
        let (mine, others): (Vec<_>, Vec<_>) =
            timed.partition(|(product, _)| self.line_of(&product.name).is_some());
        let mine = mine.into_iter().map(|(product, silence)| {
            let Silence { seconds, mend, .. } = silence;
            let when = match seconds {
                Some(seconds) => format!(", by default after {seconds} s"),
                None => " if it is set to".to_owned(),
            };
            format!("{} closes a silent stream{when}: {mend}", named(product))
        });
        // One that leaves no trace may be there with another limit than its default.
        let (usual, others): (Vec<_>, Vec<_>) = others
            .into_iter()
            .partition(|(_, silence)| silence.seconds == Some(seconds));
        let unseen = others
            .into_iter()
            .filter(|(product, _)| product.marks.is_empty());
        let candidate = |(product, silence): (&Product, &Silence)| {
            format!("if it is {}: {}", product.name, silence.mend)
        };
        remedy(Evidence::Header, mine).or_else(|| {
            let candidates = usual.into_iter().chain(unseen).map(candidate);
            remedy(Evidence::Candidates, candidates)
        })
    }

    /// The server's own remedy, then that of each product: of those that were recognized, or else of
    /// all that may be there unseen.
    fn mend(
        &self,
        server: &str,
        settings: impl Fn(&'static Product) -> &'static Vec<Setting>,
    ) -> Remedy {
        let known = self.recognized.iter().flat_map(|(product, _)| {
            let line = |setting: &Setting| {
                let Setting { does, mend } = setting;
                format!("{} {does}: {mend}", named(product))
            };
            settings(product).iter().map(line)
        });
        if let Some(mut known) = remedy(Evidence::Header, known) {
            known.advice = format!("{}\notherwise {server}", known.advice);
            return known;
        }
        let possible = PRODUCTS.iter().flat_map(|product| {
            let line = |setting: &Setting| format!("if it is {}: {}", product.name, setting.mend);
            settings(product).iter().map(line)
        });
        let possible = possible.collect::<Vec<_>>().join("\n");
        Remedy {
            advice: format!("{server}; a proxy on the way may do it too\n{possible}"),
            basis: Evidence::Candidates,
        }
    }
}

/// Of these lines, if there are any.
fn remedy(basis: Evidence, lines: impl Iterator<Item = String>) -> Option<Remedy> {
    let lines: Vec<String> = lines.collect();
    let advice = lines.join("\n");
    (!lines.is_empty()).then_some(Remedy { advice, basis })
}

/// With what its facts rest on.
fn named(product: &Product) -> String {
    match &product.basis {
        Basis::Measured(version) => format!("{} (as of {version})", product.name),
        Basis::Documented(year) => format!("{} (as documented in {year})", product.name),
    }
}

fn line_of(head: &Head, mark: &Mark) -> Option<String> {
    let value = head.header(&mark.header)?;
    let is_there = mark.word.is_empty() || has_word(&value, &mark.word);
    is_there.then(|| format!("{}: {value}", mark.header))
}

/// `Apache` is no word of `Apache-Coyote/1.1`, nor `nginx` one of `nginx.example`.
fn has_word(value: &str, word: &str) -> bool {
    let is_part = |ch: char| ch.is_alphanumeric() || matches!(ch, '-' | '.' | '_');
    let mut words = value.split(|ch| !is_part(ch));
    words.any(|found| found.eq_ignore_ascii_case(word))
}

/// Whether a product cuts a stream off after so many seconds of silence, by default.
pub(super) fn is_usual(seconds: u64) -> bool {
    let mut limits = PRODUCTS
        .iter()
        .filter_map(|product| product.silence.as_ref());
    limits.any(|silence| silence.seconds == Some(seconds))
}

/// Those that turn a lost server into an end in good order.
pub(super) fn hiders() -> String {
    let hiders = PRODUCTS
        .iter()
        .filter_map(|product| match product.hides_loss.as_deref()? {
            "always" => Some(product.name.clone()),
            when => Some(format!("{} {when}", product.name)),
        });
    hiders.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
