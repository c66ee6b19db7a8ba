//! A server that is killed and comes back.

use super::hub::{Faults, Hub};
use super::{is_sound, report, start};

const OPTIONS: [&str; 14] = [
    "--publisher-key",
    "k",
    "--subscriber-key",
    "k",
    "--subscribers",
    "20",
    "--topics",
    "5",
    "--publishers",
    "5",
    "--seconds",
    "3",
    "--rate",
    "500",
];

#[tokio::test]
async fn a_server_that_is_killed_and_comes_back_loses_nothing() {
    for more in [&[][..], &["--idempotency-key"]] {
        let faults = Faults {
            keys: true,
            ..Faults::default()
        };
        let mut hub = Hub::start(faults).await;
        let program = start(&hub.url(), &[&OPTIONS[..], more].concat());
        for kill in 1..=3 {
            hub.stored(kill * 100).await;
            hub.kill().await;
            hub.restart().await;
        }
        let (run, report) = report(program.end().await);
        is_sound(&run, &report);
        let resumed = report["subscribers"]["resumed"].as_u64().unwrap();
        assert!(resumed >= 20, "{report:#}");
        if !more.is_empty() {
            assert_eq!(report["published"]["in_doubt"], 0, "{report:#}");
        }
    }
}

#[tokio::test]
async fn a_server_that_stays_away_is_a_loss() {
    let mut hub = Hub::start(Faults::default()).await;
    let options = [&OPTIONS[..], &["--publish-timeout", "1"]].concat();
    let program = start(&hub.url(), &options);
    hub.stored(100).await;
    hub.kill().await;
    let (_, report) = report(program.end().await);
    // What there was no server for was not sent, so it must not arrive either.
    assert!(
        report["published"]["refused"].as_u64().unwrap() > 0,
        "{report:#}"
    );
    assert!(
        report["said"].to_string().contains("cannot connect"),
        "{report:#}"
    );
}
