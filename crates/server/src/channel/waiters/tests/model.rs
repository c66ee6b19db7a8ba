//! Everything that can happen to those who wait, in any order, beside a list that is looked through from
//! one end to the other.

use super::*;

/// What becomes of a subscriber, as one of few numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Is {
    Away,
    Busy,
    Waiting,
    /// An event has come since it waited.
    Due,
}

struct Woken {
    number: usize,
    woken: Arc<std::sync::Mutex<Vec<usize>>>,
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.woken.lock().unwrap().push(self.number);
    }
}

/// Both, and the tasks that wake in slices.
struct Pair {
    waiters: Waiters,
    tickets: Vec<Ticket>,
    model: Vec<Is>,
    woken: Arc<std::sync::Mutex<Vec<usize>>>,
    tasks: Vec<Id>,
    runtimes: Vec<tokio::runtime::Runtime>,
}

const SUBSCRIBERS: usize = 400;

impl Pair {
    fn new() -> Self {
        Self {
            waiters: Waiters::default(),
            tickets: (0..SUBSCRIBERS).map(|_| Ticket::default()).collect(),
            model: vec![Is::Away; SUBSCRIBERS],
            woken: Arc::default(),
            tasks: Vec::new(),
            runtimes: vec![runtime(), runtime()],
        }
    }

    /// Mostly it stays on a runtime of its own, and sometimes it moves.
    fn wait(&mut self, number: usize) {
        let home = match fastrand::u8(..20) {
            0 => fastrand::usize(..3),
            _ => usize::from(number >= 100) + usize::from(number >= 380),
        };
        let _inside = self.runtimes.get(home).map(tokio::runtime::Runtime::enter);
        let waker = Arc::new(Woken {
            number,
            woken: Arc::clone(&self.woken),
        });
        let ticket = &mut self.tickets[number];
        drop(self.waiters.arm(ticket, &waker.into(), entered()));
        self.model[number] = Is::Waiting;
    }

    fn leave(&mut self, number: usize) {
        drop(self.waiters.disarm(&self.tickets[number]));
        self.tickets[number] = Ticket::default();
        self.model[number] = Is::Away;
    }

    fn end_round(&mut self) {
        self.waiters.end_round();
        for is in &mut self.model {
            if *is == Is::Waiting {
                *is = Is::Due;
            }
        }
    }

    fn call(&mut self) -> bool {
        match self.waiters.next_call() {
            Some(Call::All(mut list, id)) => {
                list.drain(..).for_each(Waker::wake);
                self.waiters.give_back(id, list);
            }
            Some(Call::Slices(runtime)) => {
                assert!(!self.tasks.contains(&runtime.id()), "one is enough");
                self.tasks.push(runtime.id());
            }
            None => return false,
        }
        self.check_woken();
        true
    }

    /// A task goes on, or its runtime ends.
    fn task(&mut self, ends: bool) {
        let Some(&id) = self.tasks.first() else {
            return;
        };
        self.tasks.rotate_left(1);
        let mut slice = Vec::new();
        match ends {
            true => slice = self.waiters.abandon(id),
            false => self.waiters.next_slice(id, &mut slice),
        }
        if ends || slice.is_empty() {
            self.tasks.retain(|task| *task != id);
        }
        slice.into_iter().for_each(Waker::wake);
        self.check_woken();
    }

    /// Nobody is woken who is not to be, or twice.
    fn check_woken(&mut self) {
        for number in std::mem::take(&mut *self.woken.lock().unwrap()) {
            assert_eq!(self.model[number], Is::Due, "{number}");
            self.model[number] = Is::Busy;
        }
    }

    /// Whoever waits there is polled elsewhere, later.
    fn end_runtime(&mut self, index: usize) {
        let ended = std::mem::replace(&mut self.runtimes[index], runtime());
        let id = ended.handle().id();
        if self.tasks.contains(&id) {
            self.tasks.retain(|task| *task != id);
            let left = self.waiters.abandon(id);
            left.into_iter().for_each(Waker::wake);
            self.check_woken();
        }
    }

    fn step(&mut self) {
        let number = fastrand::usize(..SUBSCRIBERS);
        match fastrand::u16(..1_000) {
            0..600 => self.wait(number),
            600..700 if self.model[number] != Is::Away => self.leave(number),
            700..760 => self.end_round(),
            760..840 => drop(self.call()),
            840..940 => self.task(false),
            940..945 => self.task(true),
            945 => {
                for number in 0..SUBSCRIBERS {
                    if self.model[number] != Is::Away {
                        self.leave(number);
                    }
                }
            }
            946..950 => {
                self.end_round();
                let all = self.waiters.take_all();
                all.into_iter().for_each(Waker::wake);
                self.check_woken();
            }
            950..970 => (0..SUBSCRIBERS).for_each(|number| self.wait(number)),
            970..980 => self.end_runtime(number % 2),
            _ => {}
        }
    }

    fn settle(&mut self) {
        while self.call() {}
        while !self.tasks.is_empty() {
            self.task(false);
        }
    }
}

#[test]
fn whatever_happens_whoever_waited_for_an_event_is_woken_once() {
    fastrand::seed(7);
    let mut pair = Pair::new();
    for round in 0..300 {
        (0..100).for_each(|_| pair.step());
        pair.settle();
        let forgotten = pair.model.iter().position(|is| *is == Is::Due);
        assert_eq!(forgotten, None, "round {round}");
        assert!(pair.waiters.groups.len() < 20);
    }
}
