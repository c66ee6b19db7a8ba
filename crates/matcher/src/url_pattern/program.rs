//! What a component must consist of. In: a tree of choices and repetitions over bytes. Out: a program
//! that reads a text in time proportional to its length and the program's.
//!
//! Next: `component.rs`.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use super::UrlPatternError;

/// A set of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Bytes([u64; 4]);

impl Bytes {
    pub(super) const ALL: Self = Self([u64::MAX; 4]);

    pub(super) fn of(bytes: impl IntoIterator<Item = u8>) -> Self {
        let mut set = Self::default();
        for byte in bytes {
            set.0[usize::from(byte >> 6)] |= 1 << (byte & 63);
        }
        set
    }

    pub(super) fn not(self) -> Self {
        Self(self.0.map(|bits| !bits))
    }

    pub(super) fn or(mut self, other: Self) -> Self {
        for (bits, more) in self.0.iter_mut().zip(other.0) {
            *bits |= more;
        }
        self
    }

    fn contains(self, byte: u8) -> bool {
        self.0[usize::from(byte >> 6)] & (1 << (byte & 63)) != 0
    }
}

#[derive(Clone, Debug)]
pub(super) enum Node {
    Byte(Bytes),
    Row(Vec<Node>),
    Choice(Vec<Node>),
    /// At least so often, and at most so often if there is a bound.
    Repeat(Box<Node>, u16, Option<u16>),
}

impl Node {
    pub(super) fn text(text: &str) -> Self {
        Self::Row(
            text.bytes()
                .map(|byte| Self::Byte(Bytes::of([byte])))
                .collect(),
        )
    }

    pub(super) fn repeat(self, least: u16, most: Option<u16>) -> Self {
        Self::Repeat(Box::new(self), least, most)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Byte(Bytes),
    /// On at both.
    Fork(u32, u32),
    End,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Program(Vec<Step>);

/// How many steps the programs of all components may have together: each takes 40 bytes, and each of
/// those of a component is tried at each byte of a URL.
pub(super) const MAX_STEPS: usize = 1024;

impl Program {
    pub(super) fn new(node: &Node) -> Result<Self, UrlPatternError> {
        let mut program = Self(Vec::new());
        program.add(node)?;
        program.push(Step::End)?;
        Ok(program)
    }

    fn push(&mut self, step: Step) -> Result<u32, UrlPatternError> {
        if self.0.len() >= MAX_STEPS {
            return Err(UrlPatternError::TooComplex);
        }
        self.0.push(step);
        Ok(self.next() - 1)
    }

    fn next(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }

    fn add(&mut self, node: &Node) -> Result<(), UrlPatternError> {
        match node {
            Node::Byte(bytes) => self.push(Step::Byte(*bytes)).map(drop),
            Node::Row(nodes) => nodes.iter().try_for_each(|node| self.add(node)),
            Node::Choice(nodes) => self.choice(nodes),
            Node::Repeat(node, least, most) => self.repeat(node, *least, *most),
        }
    }

    fn choice(&mut self, nodes: &[Node]) -> Result<(), UrlPatternError> {
        let Some((last, others)) = nodes.split_last() else {
            return Ok(());
        };
        let mut ends = Vec::new();
        for node in others {
            let fork = self.push(Step::End)?;
            self.add(node)?;
            ends.push(self.push(Step::End)?);
            self.0[fork as usize] = Step::Fork(fork + 1, self.next());
        }
        self.add(last)?;
        for end in ends {
            self.0[end as usize] = Step::Fork(self.next(), self.next());
        }
        Ok(())
    }

    fn repeat(
        &mut self,
        node: &Node,
        least: u16,
        most: Option<u16>,
    ) -> Result<(), UrlPatternError> {
        for _ in 0..least {
            let before = self.next();
            self.add(node)?;
            if self.next() == before {
                // Nothing, however often.
                return Ok(());
            }
        }
        let Some(most) = most else {
            let fork = self.push(Step::End)?;
            self.add(node)?;
            self.push(Step::Fork(fork, fork))?;
            self.0[fork as usize] = Step::Fork(fork + 1, self.next());
            return Ok(());
        };
        let mut forks = Vec::new();
        for _ in least..most {
            forks.push(self.push(Step::End)?);
            self.add(node)?;
        }
        for fork in forks {
            self.0[fork as usize] = Step::Fork(fork + 1, self.next());
        }
        Ok(())
    }

    pub(super) fn steps(&self) -> usize {
        self.0.len()
    }

    /// Whether it reads all of the text.
    pub(super) fn matches(&self, text: &str) -> bool {
        let mut now = Places::new(self.0.len());
        let mut next = Places::new(self.0.len());
        self.follow(0, &mut now);
        for byte in text.bytes() {
            for &at in &now.list {
                match self.0[at as usize] {
                    Step::Byte(bytes) if bytes.contains(byte) => self.follow(at + 1, &mut next),
                    _ => {}
                }
            }
            core::mem::swap(&mut now, &mut next);
            next.clear();
            if now.list.is_empty() {
                return false;
            }
        }
        let mut places = now.list.iter();
        places.any(|at| self.0[*at as usize] == Step::End)
    }

    /// Adds a place and those that it forks to.
    fn follow(&self, at: u32, places: &mut Places) {
        let mut open = vec![at];
        while let Some(at) = open.pop() {
            if !places.insert(at) {
                continue;
            }
            if let Step::Fork(one, other) = self.0[at as usize] {
                open.extend([one, other]);
            }
        }
    }
}

/// Places in a program, each once.
struct Places {
    list: Vec<u32>,
    is_in: Vec<bool>,
}

impl Places {
    fn new(steps: usize) -> Self {
        Self {
            list: Vec::new(),
            is_in: vec![false; steps],
        }
    }

    fn insert(&mut self, at: u32) -> bool {
        let is_in = &mut self.is_in[at as usize];
        let is_new = !*is_in;
        if is_new {
            *is_in = true;
            self.list.push(at);
        }
        is_new
    }

    fn clear(&mut self) {
        for at in self.list.drain(..) {
            self.is_in[at as usize] = false;
        }
    }
}
