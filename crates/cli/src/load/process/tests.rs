use std::io::Write;

use super::*;

#[test]
fn what_proc_says_is_read() {
    let status = "Name:\ta\nVmHWM:\t  9 kB\nVmRSS:\t   12345 kB\nRssAnon:\t 1 kB\n";
    assert_eq!(resident(status), Some(12345));
    assert_eq!(resident("Name:\tkthreadd\n"), None);
    let stat = "7 (a) b (c) S 1 7 7 0 -1 4194304 100 0 0 0 250 31 0 0 20 0 1 0 99";
    assert_eq!(ticks(stat), Some(281));
    assert_eq!(ticks("7 (a"), None);
}

#[cfg(target_os = "linux")]
#[test]
fn a_process_is_watched_until_it_is_gone() {
    let own = std::process::id();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    writeln!(file, "{own}").unwrap();
    for pid in [Pid::Number(own), Pid::File(file.path().to_owned())] {
        let mut watcher = Watcher::new(&pid).unwrap();
        watcher.look().unwrap();
        let usage = watcher.usage();
        assert_eq!((usage.pid, usage.processes), (own, 1));
        assert!(usage.most >= usage.last && usage.last > 100, "{usage:?}");
    }
    let mut child = std::process::Command::new("sleep")
        .arg("60")
        .spawn()
        .unwrap();
    let mut watcher = Watcher::new(&Pid::Number(child.id())).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(watcher.look().is_err());
    assert!(watcher.usage().most > 0);
}

#[test]
fn what_is_no_process_is_an_error() {
    let gone = Watcher::new(&Pid::Number(u32::MAX)).unwrap_err();
    assert!(gone.starts_with("--pid 4294967295: /proc/"), "{gone}");
    let file = tempfile::NamedTempFile::new().unwrap();
    let empty = Watcher::new(&Pid::File(file.path().to_owned())).unwrap_err();
    assert!(empty.contains("there is no number"), "{empty}");
}
