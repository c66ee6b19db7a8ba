//! What is known of products, as data. In: `products.toml`. Out: its table.
//!
//! Next: `products.toml`, then `between.rs`, which looks things up.

use std::sync::LazyLock;

use toml::{Table, Value};

/// Server software that may stand between an event stream and its readers.
#[derive(Debug)]
pub(super) struct Product {
    pub(super) name: String,
    pub(super) basis: Basis,
    /// Any of these in a head means that it was there; none for what leaves no trace.
    pub(super) marks: Vec<Mark>,
    /// How it can hold back what a server sends.
    pub(super) holds: Vec<Setting>,
    /// How its compression can hold back what a server sends.
    pub(super) compresses: Vec<Setting>,
    /// How it can answer from a cache.
    pub(super) caches: Vec<Setting>,
    /// After so many seconds of silence it cuts a stream off.
    pub(super) silence: Option<Silence>,
    /// When it turns a lost server into an end in good order.
    pub(super) hides_loss: Option<String>,
}

/// What the facts about a product rest on.
#[derive(Debug)]
pub(super) enum Basis {
    /// The version that they were measured with.
    Measured(String),
    /// The year in which its vendor's documentation said so.
    Documented(i64),
}

/// A header, and a word in its value; an empty one means any value. Both are in lower case.
#[derive(Debug)]
pub(super) struct Mark {
    pub(super) header: String,
    pub(super) word: String,
}

#[derive(Debug)]
pub(super) struct Setting {
    /// What it does, and when.
    pub(super) does: String,
    /// What mends it.
    pub(super) mend: String,
}

/// How a product cuts off what is silent.
#[derive(Debug)]
pub(super) struct Silence {
    /// Its default, if there is one.
    pub(super) seconds: Option<u64>,
    /// Readers may see a good end, not an error.
    pub(super) is_clean: bool,
    /// What mends it.
    pub(super) mend: String,
}

/// All products, in the order of the table.
pub(super) static PRODUCTS: LazyLock<Vec<Product>> = LazyLock::new(|| {
    read(include_str!("products.toml")).expect("products.toml is valid, as its test has shown")
});

/// The error is the key that is missing, wrong or unknown.
fn read(text: &str) -> Result<Vec<Product>, String> {
    let mut table: Table = toml::from_str(text).map_err(|error| error.to_string())?;
    tables(&mut table, "product")?
        .into_iter()
        .map(product)
        .collect()
}

fn product(mut table: Table) -> Result<Product, String> {
    let product = Product {
        name: text(&mut table, "name")?,
        basis: match table.remove("documented") {
            Some(year) => Basis::Documented(year.as_integer().ok_or("documented")?),
            None => Basis::Measured(text(&mut table, "measured")?),
        },
        marks: marks(table.remove("seen"))?,
        holds: settings(&mut table, "holds")?,
        compresses: settings(&mut table, "compresses")?,
        caches: settings(&mut table, "caches")?,
        silence: match table.remove("silence") {
            Some(silence) => Some(self::silence(silence)?),
            None => None,
        },
        hides_loss: match table.contains_key("hides_loss") {
            true => Some(text(&mut table, "hides_loss")?),
            false => None,
        },
    };
    nothing_left(&table)?;
    Ok(product)
}

fn marks(seen: Option<Value>) -> Result<Vec<Mark>, String> {
    let Some(Value::Array(lines)) = seen else {
        return Err("seen".to_owned());
    };
    let mark = |line: Value| {
        let (header, word) = line.as_str()?.split_once(':')?;
        Some(Mark {
            header: header.to_owned(),
            word: word.trim().to_owned(),
        })
    };
    let marks = lines.into_iter().map(mark).collect::<Option<_>>();
    marks.ok_or_else(|| "seen".to_owned())
}

fn settings(table: &mut Table, key: &str) -> Result<Vec<Setting>, String> {
    let setting = |mut table: Table| {
        let setting = Setting {
            does: text(&mut table, "does")?,
            mend: text(&mut table, "mend")?,
        };
        nothing_left(&table)?;
        Ok(setting)
    };
    tables(table, key)?.into_iter().map(setting).collect()
}

fn silence(value: Value) -> Result<Silence, String> {
    let Value::Table(mut table) = value else {
        return Err("silence".to_owned());
    };
    let seconds = table.remove("seconds").map(|value| {
        let seconds = value.as_integer();
        seconds
            .and_then(|seconds| u64::try_from(seconds).ok())
            .ok_or("seconds")
    });
    let is_clean = table.remove("clean").and_then(|value| value.as_bool());
    let silence = Silence {
        seconds: seconds.transpose()?,
        is_clean: is_clean.ok_or("clean")?,
        mend: text(&mut table, "mend")?,
    };
    nothing_left(&table)?;
    Ok(silence)
}

fn tables(table: &mut Table, key: &str) -> Result<Vec<Table>, String> {
    let values = match table.remove(key) {
        Some(Value::Array(values)) => values,
        Some(_) => return Err(key.to_owned()),
        None => Vec::new(),
    };
    let tables = values.into_iter().map(|value| match value {
        Value::Table(table) => Ok(table),
        _ => Err(key.to_owned()),
    });
    tables.collect()
}

fn text(table: &mut Table, key: &str) -> Result<String, String> {
    match table.remove(key) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text),
        _ => Err(key.to_owned()),
    }
}

/// A key that is misspelled says nothing silently.
fn nothing_left(table: &Table) -> Result<(), String> {
    match table.keys().next() {
        Some(key) => Err(format!("unknown: {key}")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
