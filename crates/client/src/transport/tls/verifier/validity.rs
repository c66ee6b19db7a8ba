//! In: a certificate in DER. Out: from when until when it is valid (RFC 5280, 4.1.2.5).
//! Next: back to `given.rs`.

#[cfg(test)]
mod tests;

use std::time::Duration;

use rustls::pki_types::UnixTime;

const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
/// `[0]`, around the version, which version 1 leaves out.
const VERSION: u8 = 0xa0;

/// Both ends belong to it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Validity {
    pub(super) not_before: UnixTime,
    pub(super) not_after: UnixTime,
}

impl Validity {
    /// `None` when `certificate` is malformed before its dates end.
    pub(super) fn of(certificate: &[u8]) -> Option<Self> {
        let certificate = Der(certificate).take(SEQUENCE)?;
        let mut signed = Der(Der(certificate).take(SEQUENCE)?);
        if signed.0.first() == Some(&VERSION) {
            signed.take(VERSION)?;
        }
        let _serial_number = signed.take(INTEGER)?;
        let _algorithm = signed.take(SEQUENCE)?;
        let _issuer = signed.take(SEQUENCE)?;
        let mut validity = Der(signed.take(SEQUENCE)?);
        Some(Self {
            not_before: validity.take_time()?,
            not_after: validity.take_time()?,
        })
    }
}

/// What is left of an encoding.
struct Der<'a>(&'a [u8]);

impl<'a> Der<'a> {
    /// The contents of the next element, if it has this tag.
    fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (&[found, first], rest) = self.0.split_first_chunk()?;
        let (length, rest) = if first < 0x80 {
            (usize::from(first), rest)
        } else {
            // No certificate has 4 GiB.
            let count = usize::from(first & 0x7f);
            let (bytes, rest) = rest.split_at_checked(count).filter(|_| count <= 4)?;
            let add = |length: usize, &byte: &u8| length.checked_mul(256)?.checked_add(byte.into());
            (bytes.iter().try_fold(0, add)?, rest)
        };
        let (contents, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        (found == tag).then_some(contents)
    }

    /// `YYMMDDHHMMSSZ` of the years from 1950 to 2049, or `YYYYMMDDHHMMSSZ`.
    fn take_time(&mut self) -> Option<UnixTime> {
        match *self.0.first()? {
            UTC_TIME => {
                let text = self.take(UTC_TIME)?;
                let (year, rest) = text.split_at_checked(2)?;
                let year = number(year)?;
                let century = if year < 50 { 2000 } else { 1900 };
                time(century + year, rest)
            }
            GENERALIZED_TIME => {
                let text = self.take(GENERALIZED_TIME)?;
                let (year, rest) = text.split_at_checked(4)?;
                time(number(year)?, rest)
            }
            _ => None,
        }
    }
}

/// The time in `year` that `rest`, as `MMDDHHMMSSZ`, says. What is before 1970 counts as 1970.
fn time(year: i64, rest: &[u8]) -> Option<UnixTime> {
    let (digits, b"Z") = rest.split_at_checked(10)? else {
        return None;
    };
    let mut numbers = digits.chunks(2).map(number);
    let mut next = |low: i64, high: i64| {
        let number = numbers.next()??;
        (low..=high).contains(&number).then_some(number)
    };
    let (month, day) = (next(1, 12)?, next(1, 31)?);
    let (hour, minute, second) = (next(0, 23)?, next(0, 59)?, next(0, 59)?);
    let seconds = days_since_1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    let seconds = u64::try_from(seconds).unwrap_or(0);
    Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
}

/// By the Gregorian calendar; years begin in March here, so that a leap day is the last of its year.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    year * 365 + leap_days + day_of_year - 719_468
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |number, digit| {
        digit
            .is_ascii_digit()
            .then(|| number * 10 + i64::from(digit - b'0'))
    })
}
