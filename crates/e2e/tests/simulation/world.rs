//! A server, some event sources, and the time. In: a seed. Out: a panic, if a source gets what it should not, if it
//! comes back too early, or if it does not catch up once nothing fails any more.
//!
//! Next: `source.rs`.

use std::time::Duration;

use fastrand::Rng;

use crate::link::Link;
use crate::server::Server;
use crate::source::{Around, Source};
use crate::story::Story;

/// How many steps things fail for, and how many they have to be mended in.
const STORM: u32 = 1_500;
const CALM: u32 = 30_000;

pub(crate) struct World {
    random: Rng,
    now: Duration,
    server: Server,
    sources: Vec<Source>,
    left_over: Vec<Link>,
    /// Whether the server ever restarts, and how often in 1,000 steps it does.
    restarts: u32,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        let count = random.usize(1..=3);
        let sources = (1..=count).map(|name| format!("source {name}"));
        let sources = sources
            .map(|name| Source::draw(name, &mut random))
            .collect();
        Self {
            now: Duration::from_millis(random.u64(..1_000_000)),
            server: Server::draw(&mut random),
            restarts: [0, 1, 4][random.usize(..3)],
            sources,
            left_over: Vec::new(),
            random,
        }
    }

    pub(crate) fn run(mut self, story: &mut Story) {
        for _ in 0..STORM {
            self.disturb(story);
            self.step(story, false);
        }
        // What fails from now on was under way before.
        for step in 0..CALM {
            if step % 200 == 0 && !self.server.is_closed() {
                self.server.publish();
            }
            self.step(story, true);
            let newest = self.server.published;
            let content = |source: &Source| source.seen.last_number == newest;
            if step > 200 && self.sources.iter().all(content) {
                return;
            }
        }
        let last: Vec<_> = self
            .sources
            .iter()
            .map(|source| source.seen.last_number)
            .collect();
        panic!(
            "of {} events the sources have {last:?}",
            self.server.published
        );
    }

    /// One source does something, and some time passes.
    fn step(&mut self, story: &mut Story, calm: bool) {
        if self.server.is_closed() && self.random.u8(..50) == 0 {
            self.restart(story, 0);
        }
        let index = self.random.usize(..self.sources.len());
        let Self {
            random,
            server,
            left_over,
            now,
            ..
        } = self;
        let mut around = Around {
            now: *now,
            server,
            random,
            story,
            left_over,
            calm,
        };
        let source = &mut self.sources[index];
        if !calm && around.random.u16(..2_000) == 0 {
            source.close(&mut around);
            return;
        }
        if source.step(&mut around) {
            self.now += Duration::from_millis(self.random.u64(..20));
            return;
        }
        // Nobody waits for this one alone.
        self.now += Duration::from_millis(self.random.u64(..200));
        let due = self
            .sources
            .iter()
            .filter_map(|source| source.due(self.now))
            .min();
        if let Some(due) = due
            && self.random.u8(..8) == 0
        {
            self.now = self.now.max(due);
        }
    }

    /// What happens to a server.
    fn disturb(&mut self, story: &mut Story) {
        if !self.server.is_closed() && self.random.u8(..8) == 0 {
            self.server.publish();
        }
        if self.random.u16(..400) == 0 {
            self.server.close();
        }
        if self.random.u32(..1_000) < self.restarts {
            let kind = self.random.u8(..3);
            self.restart(story, kind);
        }
        if self.random.u8(..20) == 0
            && let Some(mut link) = self.left_over.pop()
        {
            // Read for nobody, and gone in the end.
            link.receive(&self.server);
            if self.random.bool() {
                self.left_over.push(link);
            }
        }
    }

    fn restart(&mut self, story: &mut Story, kind: u8) {
        let what = match kind {
            0 => "restart with all its history",
            1 => "restart without history",
            _ => "restart with part of its history",
        };
        story.tell(self.now, &"the server", what);
        match kind {
            0 => self.server.restart_with_history(),
            1 => self.server.restart_without_history(0),
            _ => self.server.restart_without_history(self.random.u64(1..6)),
        }
        self.left_over.clear();
        let links = self
            .sources
            .iter_mut()
            .filter_map(|source| source.link.as_mut());
        links.for_each(|link| link.lose_server(&mut self.random));
    }
}
