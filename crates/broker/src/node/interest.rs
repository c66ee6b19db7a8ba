//! What one reader wants and may see, for those that look at every event: in a replay.
//!
//! Next: `read.rs`.

use url::Url;
use wellspring_matcher::{Index, Matches, Selector};

use crate::event::Event;

/// From so many selectors on, they are looked up rather than tried.
const FEW: usize = 8;

#[derive(Debug)]
pub(crate) struct Interest {
    selectors: Selectors,
    grants: Selectors,
}

#[derive(Debug)]
enum Selectors {
    Few(Vec<Selector>),
    Many(Box<(Index, Matches)>),
}

impl Interest {
    pub(super) fn new(selectors: Vec<Selector>, grants: Vec<Selector>, base: Option<&Url>) -> Self {
        Self {
            selectors: Selectors::new(selectors, base),
            grants: Selectors::new(grants, base),
        }
    }

    /// Whether the event is one for this reader.
    pub(crate) fn covers(&mut self, event: &Event) -> bool {
        self.selectors.match_any(event) && (!event.private || self.grants.match_any(event))
    }
}

impl Selectors {
    fn new(selectors: Vec<Selector>, base: Option<&Url>) -> Self {
        if selectors.len() <= FEW {
            return Self::Few(selectors);
        }
        let mut index = base.cloned().map_or_else(Index::new, Index::with_base);
        let mut inserted = selectors.iter().map(|one| index.insert(one.clone()));
        // What stands in an index with more selectors is not too much for this one.
        match inserted.all(|inserted| inserted.is_ok()) {
            true => Self::Many(Box::new((index, Matches::new()))),
            false => Self::Few(selectors),
        }
    }

    fn match_any(&mut self, event: &Event) -> bool {
        let mut topics = event.topics.iter().map(|topic| &**topic);
        match self {
            Self::Few(selectors) => {
                topics.any(|topic| selectors.iter().any(|selector| selector.matches(topic)))
            }
            Self::Many(many) => {
                let (index, matches) = &mut **many;
                index.find_any(topics, matches);
                !matches.ids().is_empty()
            }
        }
    }
}
