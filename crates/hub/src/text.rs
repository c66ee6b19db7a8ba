//! Characters that topics, ids, types and matchers do not have (draft-08): controls and what is not seen. In:
//! text. Out: the first such character.
//!
//! Next: `publication.rs`, `dialect_08.rs`.

/// The general category Cf of Unicode 17.
const FORMAT: [(u32, u32); 21] = [
    (0xAD, 0xAD),
    (0x600, 0x605),
    (0x61C, 0x61C),
    (0x6DD, 0x6DD),
    (0x70F, 0x70F),
    (0x890, 0x891),
    (0x8E2, 0x8E2),
    (0x180E, 0x180E),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x2064),
    (0x2066, 0x206F),
    (0xFEFF, 0xFEFF),
    (0xFFF9, 0xFFFB),
    (0x1_10BD, 0x1_10BD),
    (0x1_10CD, 0x1_10CD),
    (0x1_3430, 0x1_343F),
    (0x1_BCA0, 0x1_BCA3),
    (0x1_D173, 0x1_D17A),
    (0xE_0001, 0xE_0001),
    (0xE_0020, 0xE_007F),
];

/// The first character that is not allowed there.
pub(crate) fn forbidden(text: &str) -> Option<char> {
    text.chars().find(|ch| ch.is_control() || is_format(*ch))
}

fn is_format(ch: char) -> bool {
    let number = u32::from(ch);
    let mut ranges = FORMAT.iter();
    number >= 0xAD && ranges.any(|(first, last)| (*first..=*last).contains(&number))
}

#[cfg(test)]
mod tests;
