//! One thing a reviewer would say.
//!
//! Next: `report.rs` prints it.

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Severity {
    Ok,
    Note,
    Warning,
    Error,
}

impl Severity {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// What a verdict, and the setting that it advises, rest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Basis {
    /// It was seen on the connections made here.
    Measured,
    /// A header names the product.
    Header,
    /// No header names one: these are products that are known for it.
    Candidates,
}

impl Basis {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Header => "header",
            Self::Candidates => "candidates",
        }
    }

    /// The same for people.
    pub(super) fn in_words(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Header => "header seen",
            Self::Candidates => "candidates only",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    /// What was looked at, in one word; stable, for programs.
    pub(super) check: &'static str,
    pub(super) severity: Severity,
    /// What was found.
    pub(super) what: String,
    /// What that rests on, where it does not say so itself.
    pub(super) because: Option<String>,
    /// Of which kind that is.
    pub(super) basis: Basis,
    /// What to do about it, a line for each thing to try.
    pub(super) advice: Option<String>,
}

impl Finding {
    pub(super) fn ok(check: &'static str, what: impl Into<String>) -> Self {
        Self {
            check,
            severity: Severity::Ok,
            what: what.into(),
            because: None,
            basis: Basis::Measured,
            advice: None,
        }
    }

    pub(super) fn note(check: &'static str, what: impl Into<String>, advice: &str) -> Self {
        Self::with(check, Severity::Note, what.into(), advice)
    }

    pub(super) fn warning(check: &'static str, what: impl Into<String>, advice: &str) -> Self {
        Self::with(check, Severity::Warning, what.into(), advice)
    }

    pub(super) fn error(check: &'static str, what: impl Into<String>, advice: &str) -> Self {
        Self::with(check, Severity::Error, what.into(), advice)
    }

    /// Says what it rests on.
    pub(super) fn because(mut self, because: impl Into<String>) -> Self {
        self.because = Some(because.into());
        self
    }

    /// Says whether a product is known or guessed.
    pub(super) fn on(mut self, basis: Basis) -> Self {
        self.basis = basis;
        self
    }

    fn with(check: &'static str, severity: Severity, what: String, advice: &str) -> Self {
        Self {
            check,
            severity,
            what,
            because: None,
            basis: Basis::Measured,
            advice: (!advice.is_empty()).then(|| advice.to_owned()),
        }
    }
}
