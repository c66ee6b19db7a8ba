use rusqlite::Error;
use rusqlite::ffi;

use super::error::Verdict;
use super::*;

fn failure(code: i32) -> Error {
    Error::SqliteFailure(ffi::Error::new(code), None)
}

#[test]
fn a_failed_fsync_stops_and_a_full_disk_does_not() {
    let place = Path::new("history.db");
    for code in [
        ffi::SQLITE_IOERR_FSYNC,
        ffi::SQLITE_IOERR_DIR_FSYNC,
        ffi::SQLITE_CORRUPT,
    ] {
        let verdict = Verdict::of(&failure(code), place);
        assert!(matches!(verdict, Verdict::Stop(_)), "{code}");
        assert_eq!(verdict.outcome(), AppendOutcome::InDoubt, "{code}");
    }
    for code in [ffi::SQLITE_FULL, ffi::SQLITE_IOERR_WRITE, ffi::SQLITE_BUSY] {
        let verdict = Verdict::of(&failure(code), place);
        assert!(matches!(verdict, Verdict::Refused(_)), "{code}");
        let refused = matches!(
            verdict.outcome(),
            AppendOutcome::Refused(Refusal::Unavailable { .. })
        );
        assert!(refused, "{code}");
    }
}
