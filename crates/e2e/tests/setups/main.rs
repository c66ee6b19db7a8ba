//! `wellspring check` on real proxies and servers, each with a fault that is known and with the same mended: it
//! names the product where the head shows one, says which line mends it, and has nothing to say of the mended one.
//!
//! `setups.toml` has the set-ups, and takes more of them without any other change. A plain run takes the first few;
//! `cargo xtask soak check` takes all. Next: `table.rs`, `running.rs`, `stream.rs`, `verdict.rs`.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod running;
mod stream;
mod table;
mod through;
mod verdict;

use std::collections::VecDeque;
use std::sync::Mutex;
use std::thread;

use table::{Setup, Table};
use verdict::Outcome;

/// In a plain run: one each of the four that are most common.
const FEW: usize = 4;

/// Most of the time is spent waiting.
const AT_A_TIME: usize = 5;

#[test]
fn check_names_each_fault_and_is_silent_on_what_is_mended() {
    let amount = std::env::var("WELLSPRING_SETUPS");
    let amount = amount.map_or(FEW, |amount| amount.parse().unwrap());
    let table = Table::read();
    let chosen: Vec<&Setup> = table.setups.iter().take(amount).collect();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let outcomes = judge(&table, &chosen, runtime.handle());
    for (setup, outcome) in &outcomes {
        println!("{} {}: {outcome}", setup.product, setup.fault);
    }
    let count = |is: fn(&Outcome) -> bool| outcomes.iter().filter(|(_, one)| is(one)).count();
    let (named, silent) = (count(Outcome::is_named), count(Outcome::is_silent));
    let (all, missing) = (outcomes.len(), count(Outcome::is_missing));
    println!(
        "figures: of {all} set-ups with a known fault, {named} were named with a line that mends them"
    );
    println!("figures: of {all} with that line, {silent} had nothing said of them");
    let products: std::collections::BTreeSet<_> =
        chosen.iter().map(|setup| &*setup.product).collect();
    println!(
        "figures: products: {}",
        products.into_iter().collect::<Vec<_>>().join(", ")
    );
    let there = all - missing;
    assert!(named * 10 >= there * 9, "{named} of {there} named");
    assert_eq!(silent, there, "of the mended ones");
    assert!(
        missing == 0 || amount == FEW,
        "{missing} programs are missing"
    );
}

fn judge<'a>(
    table: &Table,
    chosen: &[&'a Setup],
    runtime: &tokio::runtime::Handle,
) -> Vec<(&'a Setup, Outcome)> {
    let waiting: Mutex<VecDeque<&Setup>> = Mutex::new(chosen.iter().copied().collect());
    let done = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_A_TIME.min(chosen.len()) {
            scope.spawn(|| {
                let next = || waiting.lock().unwrap().pop_front();
                while let Some(setup) = next() {
                    let outcome = verdict::of(table, setup, runtime);
                    done.lock().unwrap().push((setup, outcome));
                }
            });
        }
    });
    done.into_inner().unwrap()
}
