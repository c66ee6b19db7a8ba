//! One item of news. In: its number. Out: its block, always the same.
//!
//! Next: back to `news.rs`.

use wellspring_server::{Block, EventId};

const PLACES: [&str; 8] = [
    "Harbour",
    "Old Town",
    "Mill Lane",
    "North Bank",
    "Station",
    "Market",
    "Hillside",
    "Library",
];

const HAPPENINGS: [&str; 12] = [
    "the ferry runs again after the storm",
    "a heron has moved in on the roof",
    "three streets have got their trees back",
    "the night bus stops here from today",
    "an open piano draws a crowd",
    "the clock is right, for the first time since May",
    "volunteers finish the footbridge",
    "the spring is clear and may be drunk from",
    "a lost tortoise is home",
    "the brass band rehearses in the open",
    "the baker opens an hour earlier",
    "wind from the west, kites allowed",
];

const NOTICES: [&str; 6] = [
    "Water is turned off between two and four",
    "The bridge is up for a tall ship: allow ten minutes",
    "Fog on the river, boats sound their horns",
    "The library closes at noon today",
    "Mind the geese on Mill Lane",
    "Tickets for the lantern walk are out",
];

/// The block of an item: seven in ten are unnamed, two are an `update`, one is a `notice`; now and
/// then a comment goes along.
pub(super) fn block(number: u64) -> Block<'static> {
    let (event_type, data) = match number % 10 {
        2 | 7 => ("update", update(number)),
        5 => ("notice", pick(&NOTICES, number / 10).to_owned()),
        _ => ("message", headline(number)),
    };
    let block = Block::data(data).event_type(event_type);
    let block = block.and_then(|block| block.id(EventId::from(number)));
    let block = block.expect("our own names and numbers have no line ends");
    if number.is_multiple_of(16) {
        return block.comment("the presses are running");
    }
    block
}

fn headline(number: u64) -> String {
    let place = pick(&PLACES, scatter(number));
    // Five and twelve have no divisor in common: every happening has its turn.
    let happening = pick(&HAPPENINGS, number.wrapping_mul(5));
    format!("{place}: {happening}")
}

/// Two lines about the item before.
fn update(number: u64) -> String {
    let readers = 200 + scatter(number) % 800;
    let last = number.saturating_sub(1);
    format!("{readers} readers now\nmost read: {}", headline(last))
}

fn pick(texts: &[&'static str], number: u64) -> &'static str {
    let count = texts.len() as u64;
    let index = usize::try_from(number % count).unwrap_or(0);
    texts[index]
}

/// Neighbours go far apart (the finalizer of `SplitMix64`).
fn scatter(number: u64) -> u64 {
    let mut bits = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}
