//! What one subscriber has got of one topic. In: numbers, as they arrive, each with the connection that
//! brought it. Out: whether it is new, late or came before; and the numbers that are missing.
//!
//! Next: `connections.rs` says why a number may be missing.

/// More places at which numbers are missing are not kept: the first ones are judged.
pub(super) const MAX_HOLES: usize = 1024;

/// Numbers in a row that have not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hole {
    pub(super) first: u32,
    pub(super) last: u32,
    /// The connection that brought the number before.
    pub(super) before: u32,
    /// The connection that brought the number behind.
    pub(super) after: u32,
}

/// What a number is to those that came before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    New,
    /// A higher one came first.
    Late,
    Again,
}

#[derive(Debug, Default)]
pub(super) struct Stream {
    highest: u32,
    /// The connection that brought the highest.
    by: u32,
    /// In ascending order.
    holes: Vec<Hole>,
    /// Whether what comes next may begin anywhere.
    anew: bool,
}

impl Stream {
    /// Takes a number. Holes that are not kept any longer are given back.
    pub(super) fn take(&mut self, number: u32, connection: u32) -> (Arrival, Vec<Hole>) {
        if std::mem::take(&mut self.anew) && number <= self.highest {
            return (Arrival::New, self.go_back(number, connection));
        }
        if number > self.highest {
            self.skip_to(number, connection);
            (self.highest, self.by) = (number, connection);
            return (Arrival::New, self.trimmed());
        }
        match self.fill(number) {
            true => (Arrival::Late, self.trimmed()),
            false => (Arrival::Again, Vec::new()),
        }
    }

    /// The server does not know what the subscriber has: its next number may be any.
    pub(super) fn begin_anew(&mut self) {
        self.anew = true;
    }

    pub(super) fn is_anew(&self) -> bool {
        self.anew
    }

    pub(super) fn has(&self, number: u32) -> bool {
        number != 0 && number <= self.highest && self.hole_with(number).is_none()
    }

    /// What is missing of the numbers up to this one; `connection` is the last there is.
    pub(super) fn missing(&self, last: u32, connection: u32) -> impl Iterator<Item = Hole> {
        let rest = (last > self.highest).then_some(Hole {
            first: self.highest.saturating_add(1),
            last,
            before: self.by,
            after: connection,
        });
        self.holes.iter().copied().chain(rest)
    }

    fn skip_to(&mut self, number: u32, connection: u32) {
        let first = self.highest + 1;
        if first < number {
            self.holes.push(Hole {
                first,
                last: number - 1,
                before: self.by,
                after: connection,
            });
        }
    }

    /// What was missing before the number is given back; all behind it is expected again.
    fn go_back(&mut self, number: u32, connection: u32) -> Vec<Hole> {
        self.fill(number);
        (self.highest, self.by) = (number, connection);
        let mut holes = std::mem::take(&mut self.holes);
        holes.retain(|hole| hole.last < number);
        holes
    }

    fn trimmed(&mut self) -> Vec<Hole> {
        let too_many = self.holes.len().saturating_sub(MAX_HOLES);
        self.holes.drain(..too_many).collect()
    }

    fn hole_with(&self, number: u32) -> Option<usize> {
        let at = self.holes.partition_point(|hole| hole.last < number);
        let found = self.holes.get(at)?;
        (found.first <= number).then_some(at)
    }

    /// Whether the number was missing.
    fn fill(&mut self, number: u32) -> bool {
        let Some(at) = self.hole_with(number) else {
            return false;
        };
        let hole = self.holes[at];
        let below = Hole {
            last: number.saturating_sub(1),
            ..hole
        };
        let above = Hole {
            first: number + 1,
            ..hole
        };
        let parts = [below, above].into_iter();
        let parts = parts.filter(|part| part.first <= part.last);
        self.holes.splice(at..=at, parts);
        true
    }
}

#[cfg(test)]
mod tests;
