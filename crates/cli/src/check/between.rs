//! What stands between the server and here. In: heads, and the proxy that was given. Out: the products
//! that were recognized in them, what each may do, and which setting mends it.
//!
//! Next: `products.rs` has the facts.

use super::products::{Mark, PRODUCTS, Product, Setting, Silence};
use super::watch::Head;

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
            for product in PRODUCTS {
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
    pub(super) fn held_back(&self) -> String {
        let advice = self.mend("flush after each event", |product| product.holds.as_ref());
        match &self.proxy {
            Some(proxy) => format!("try without --proxy {proxy}, which may collect\n{advice}"),
            None => advice,
        }
    }

    /// What keeps a compressed stream flowing.
    pub(super) fn compressed(&self) -> String {
        self.mend(
            "flush the compressor after each event, or do not compress event streams",
            |product| product.compresses.as_ref(),
        )
    }

    /// What keeps a cache away from a stream.
    pub(super) fn cached(&self) -> String {
        self.mend(
            "send Cache-Control: no-store, and keep the URL out of the cache",
            |product| product.caches.as_ref(),
        )
    }

    /// Who may have cut a stream off after so many seconds of silence, and how to stop that: those that
    /// were recognized, or else those that do so by default.
    pub(super) fn cut_after(&self, seconds: u64, is_clean: bool) -> Option<String> {
        let timed = PRODUCTS.iter().filter_map(|product| {
            let silence = product.silence.as_ref()?;
            // A good end is not of those whose readers see an error.
            (silence.is_clean || !is_clean).then_some((product, silence))
        });
        let (mine, others): (Vec<_>, Vec<_>) =
            timed.partition(|(product, _)| self.line_of(product.name).is_some());
        let mut found: Vec<String> = Vec::new();
        found.extend(mine.into_iter().map(|(product, silence)| {
            let Silence { seconds, mend, .. } = silence;
            let name = named(product);
            format!("{name} closes a silent stream, by default after {seconds} s: {mend}")
        }));
        if found.is_empty() {
            let others = others
                .into_iter()
                .filter(|(_, silence)| silence.seconds == seconds);
            found.extend(
                others.map(|(product, silence)| {
                    format!("if it is {}: {}", product.name, silence.mend)
                }),
            );
        }
        (!found.is_empty()).then(|| found.join("\n"))
    }

    /// The server's own remedy, then that of each product: of those that were recognized, or else of
    /// all that may be there unseen.
    fn mend(
        &self,
        server: &str,
        setting: impl Fn(&'static Product) -> Option<&'static Setting>,
    ) -> String {
        let known = self.recognized.iter().filter_map(|(product, _)| {
            let Setting { does, mend } = setting(product)?;
            Some(format!("{} {does}: {mend}", named(product)))
        });
        let known: Vec<String> = known.collect();
        if !known.is_empty() {
            return format!("{}\notherwise {server}", known.join("\n"));
        }
        let possible = PRODUCTS
            .iter()
            .filter_map(|product| Some(format!("{}: {}", product.name, setting(product)?.mend)));
        let possible: Vec<String> = possible.map(|line| format!("if it is {line}")).collect();
        format!(
            "{server}; a proxy on the way may do it too\n{}",
            possible.join("\n")
        )
    }
}

fn named(product: &Product) -> String {
    format!("{} (as of {})", product.name, product.version)
}

fn line_of(head: &Head, mark: &Mark) -> Option<String> {
    let value = head.header(mark.header)?;
    let is_there = value.to_ascii_lowercase().contains(mark.word);
    is_there.then(|| format!("{}: {value}", mark.header))
}

/// Whether a product cuts a stream off after so many seconds of silence, by default.
pub(super) fn is_usual(seconds: u64) -> bool {
    let mut limits = PRODUCTS
        .iter()
        .filter_map(|product| product.silence.as_ref());
    limits.any(|silence| silence.seconds == seconds)
}

/// Those that turn a lost server into an end in good order.
pub(super) fn hiders() -> String {
    let hiders = PRODUCTS
        .iter()
        .filter_map(|product| match product.hides_loss? {
            "always" => Some(product.name.to_owned()),
            when => Some(format!("{} {when}", product.name)),
        });
    hiders.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
