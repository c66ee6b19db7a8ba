use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rcgen::{CertificateParams, KeyPair, date_time_ymd};

use super::*;

fn unix(date: &str) -> UnixTime {
    let time: SystemTime = httpdate::parse_http_date(date).unwrap();
    UnixTime::since_unix_epoch(time.duration_since(UNIX_EPOCH).unwrap())
}

fn certificate(from: (i32, u8, u8), until: (i32, u8, u8)) -> Vec<u8> {
    let mut params = CertificateParams::new(vec!["a.example".to_owned()]).unwrap();
    params.not_before = date_time_ymd(from.0, from.1, from.2);
    params.not_after = date_time_ymd(until.0, until.1, until.2);
    let key = KeyPair::generate().unwrap();
    params.self_signed(&key).unwrap().der().to_vec()
}

#[test]
fn dates_are_read_in_both_forms() {
    let table = [
        ((1975, 1, 1), "Wed, 01 Jan 1975 00:00:00 GMT"),
        ((1999, 12, 31), "Fri, 31 Dec 1999 00:00:00 GMT"),
        ((2000, 2, 29), "Tue, 29 Feb 2000 00:00:00 GMT"),
        ((2000, 3, 1), "Wed, 01 Mar 2000 00:00:00 GMT"),
        ((2049, 12, 31), "Fri, 31 Dec 2049 00:00:00 GMT"),
        ((2050, 1, 1), "Sat, 01 Jan 2050 00:00:00 GMT"),
        ((2100, 3, 1), "Mon, 01 Mar 2100 00:00:00 GMT"),
        ((4096, 1, 1), "Sun, 01 Jan 4096 00:00:00 GMT"),
    ];
    for pair in table.windows(2) {
        let read = Validity::of(&certificate(pair[0].0, pair[1].0));
        let expected = Validity {
            not_before: unix(pair[0].1),
            not_after: unix(pair[1].1),
        };
        assert_eq!(read, Some(expected), "{pair:?}");
    }
}

#[test]
fn the_clock_of_a_time_is_read() {
    let read = |text: &str| time(2026, text.as_bytes()).map(|time| time.as_secs());
    let midnight = read("1130000000Z").unwrap();
    assert_eq!(read("1130235958Z"), Some(midnight + 86_398));
    for bad in [
        "1130235960Z",
        "1130240000Z",
        "1130236000Z",
        "1330000000Z",
        "0030000000Z",
        "1100000000Z",
        "1132000000Z",
        "11300000Z",
        "1130000000",
        "1130000000z",
        "113000000 Z",
        "1130000000+0100",
    ] {
        assert_eq!(read(bad), None, "{bad}");
    }
    assert_eq!(
        time(1950, b"0101000000Z"),
        Some(UnixTime::since_unix_epoch(Duration::ZERO))
    );
}

#[test]
fn nothing_cut_short_or_changed_panics() {
    let whole = certificate((2020, 1, 1), (2060, 1, 1));
    for length in 0..whole.len() {
        let _ = Validity::of(&whole[..length]);
        for bit in 0..8 {
            let mut changed = whole.clone();
            changed[length] ^= 1 << bit;
            let _ = Validity::of(&changed);
        }
    }
    assert_eq!(Validity::of(&[]), None);
    assert_eq!(Validity::of(&whole[..40]), None);
    assert_eq!(Validity::of(&[0x30, 0x85, 1, 1, 1, 1, 1]), None);
}
