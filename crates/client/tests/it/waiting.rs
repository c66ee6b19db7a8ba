//! How long it waits between attempts. In: ends, failures, `retry` and impatience. Out: delays, never
//! shorter than the reconnection time.
//!
//! Next: `redirects.rs`.

use std::time::{Duration, Instant};

use crate::support::{
    assert_says, builder, ms, next_data, next_error, next_loss, quick, soon, source, stream, whole,
};
use wellspring::{Cause, EventSource, Failure, Policy, Signal};
use wellspring_testkit::server::ScriptedServer;

#[tokio::test]
async fn a_clean_end_waits_exactly_the_reconnection_time() {
    let server = ScriptedServer::start_repeating(whole("data: a\n\n")).await;
    let patience = quick().with_factor(10).with_jitter(true);
    let mut source = builder(server.url("/"))
        .reconnection(patience)
        .build()
        .unwrap();
    let mut losses = 0;
    let mut signals = source.signals();
    let start = Instant::now();
    while losses < 10 {
        if let Signal::Reconnecting(lost) = soon(signals.next()).await.unwrap().unwrap() {
            assert!(matches!(lost.cause, Cause::EndOfBody));
            assert_eq!((lost.delay, lost.attempt), (ms(10), 1));
            losses += 1;
        }
    }
    assert!(start.elapsed() >= ms(90), "{:?}", start.elapsed());
}

#[tokio::test]
async fn failed_attempts_wait_longer_each_time() {
    let server = ScriptedServer::start([]).await;
    let patience = quick().with_initial(ms(4)).with_factor(2).with_cap(ms(16));
    let mut source = builder(server.url("/"))
        .reconnection(patience)
        .build()
        .unwrap();
    let mut signals = source.signals();
    for (attempt, delay) in [4, 8, 16, 16, 16].into_iter().enumerate() {
        let Signal::Reconnecting(lost) = soon(signals.next()).await.unwrap().unwrap() else {
            panic!("not reconnecting")
        };
        assert_eq!(
            (lost.attempt as usize, lost.delay),
            (attempt + 2, ms(delay))
        );
        assert_says(
            &lost.to_string(),
            &["the connection closed before a response"],
        );
    }
}

#[tokio::test]
async fn jitter_comes_on_top_of_the_cap() {
    let server = ScriptedServer::start([]).await;
    let patience = quick().with_initial(ms(4)).with_factor(2).with_cap(ms(8));
    let mut source = builder(server.url("/"))
        .reconnection(patience.with_jitter(true))
        .build()
        .unwrap();
    let delays = delays(&mut source, 40).await;
    let capped = &delays[2..];
    assert!(
        capped.iter().all(|delay| (ms(8)..ms(16)).contains(delay)),
        "{capped:?}"
    );
    assert!(capped.iter().any(|delay| *delay > ms(9)), "{capped:?}");
}

/// A server that accepts and dies at once is backed off from like one that refuses.
#[tokio::test]
async fn only_a_healthy_period_resets_the_back_off() {
    for (healthy_after, expected) in [(ms(0), [4, 4, 4, 4]), (ms(60_000), [4, 8, 16, 32])] {
        let server = ScriptedServer::start_repeating(stream("data: a\n\n").reset()).await;
        let patience = quick().with_initial(ms(4)).with_factor(2);
        let mut source = builder(server.url("/"))
            .reconnection(patience.with_healthy_after(healthy_after))
            .build()
            .unwrap();
        let delays = delays(&mut source, 4).await;
        assert_eq!(delays, expected.map(ms), "{healthy_after:?}");
    }
}

/// A server that answers 200 and ends at once, and would have us back at once.
#[tokio::test]
async fn empty_connections_are_backed_off_from_under_the_resilient_policy() {
    let hasty = quick().with_initial(ms(1)).with_factor(2);
    let standard = Policy::standard().with_reconnection(hasty);
    let resilient = Policy::resilient().reconnection;
    let resilient = resilient
        .with_spread(ms(0))
        .with_jitter(false)
        .with_floor(ms(1));
    let resilient = Policy::resilient().with_reconnection(resilient.with_initial(ms(1)));
    for (policy, expected) in [(standard, [1, 1, 1, 1, 1]), (resilient, [1, 2, 4, 8, 16])] {
        let server = ScriptedServer::start_repeating(whole("retry: 0\n\n")).await;
        let source = builder(server.url("/")).policy(policy);
        let delays = delays(&mut source.build().unwrap(), 5).await;
        assert_eq!(delays, expected.map(ms));
    }
}

#[tokio::test]
async fn limits_on_attempts_count_empty_connections() {
    let few = quick().with_max_attempts(Some(5));
    let short = quick().with_max_elapsed(Some(ms(100)));
    for patience in [few, short] {
        let server = ScriptedServer::start_repeating(whole(": nothing\n\n")).await;
        let source = builder(server.url("/")).reconnection(patience);
        let error = next_error(&mut source.build().unwrap()).await;
        let failure = error.failure().unwrap();
        let exhausted = matches!(failure, Failure::Attempts(5) | Failure::Elapsed(_));
        assert!(exhausted && server.requests().len() >= 2, "{failure:?}");
    }
}

/// How long it says that it waits, so many times.
async fn delays(source: &mut EventSource, count: usize) -> Vec<Duration> {
    let mut signals = source.signals();
    let mut delays = Vec::new();
    while delays.len() < count {
        if let Signal::Reconnecting(lost) = soon(signals.next()).await.unwrap().unwrap() {
            delays.push(lost.delay);
        }
    }
    delays
}

#[tokio::test]
async fn jitter_only_lengthens_a_wait() {
    let server = ScriptedServer::start([]).await;
    let patience = quick().with_initial(ms(4)).with_jitter(true);
    let mut source = builder(server.url("/"))
        .reconnection(patience)
        .build()
        .unwrap();
    let mut signals = source.signals();
    let mut delays = Vec::new();
    for _ in 0..8 {
        if let Signal::Reconnecting(lost) = soon(signals.next()).await.unwrap().unwrap() {
            delays.push(lost.delay);
        }
    }
    assert!(delays.iter().all(|delay| (ms(4)..=ms(8)).contains(delay)));
    delays.dedup();
    assert!(delays.len() > 1, "all the same: {delays:?}");
}

#[tokio::test]
async fn no_attempt_comes_before_its_time() {
    let server = ScriptedServer::start([]).await;
    let mut source = source(server.url("/"));
    let pulled = tokio::time::timeout(ms(200), source.next()).await;
    assert!(pulled.is_err(), "nothing came");
    let attempts = server.connections();
    assert!((3..=21).contains(&attempts), "{attempts} in 200 ms");
}

#[tokio::test]
async fn retry_is_obeyed_at_once_and_clamped() {
    let scripts = [
        // No blank line: it counts all the same.
        whole("retry: 30\n"),
        whole("retry: 0\ndata: a\n\n"),
        whole("retry: +5\nretry: 1e3\nretry: 5 \n\n"),
        stream("data: b\n\n").hang(),
    ];
    let server = ScriptedServer::start(scripts).await;
    let mut source = source(server.url("/"));
    let mut delays = Vec::new();
    let mut signals = source.signals();
    while delays.len() < 3 {
        if let Signal::Reconnecting(lost) = soon(signals.next()).await.unwrap().unwrap() {
            delays.push(lost.delay);
        }
    }
    assert_eq!(delays, [ms(30), ms(1), ms(1)]);
}

#[tokio::test]
async fn a_retry_beyond_all_clocks_waits_and_does_not_panic() {
    let server = ScriptedServer::start([whole("retry: 99999999999999999999999\n\n")]).await;
    let mut source = source(server.url("/"));
    next_loss(&mut source).await;
    let pulled = tokio::time::timeout(ms(50), source.next()).await;
    assert!(pulled.is_err(), "it waits");
    assert_eq!(server.connections(), 1);
    source.reconnect_now();
    next_loss(&mut source).await;
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_wait_of_any_length_does_not_panic() {
    for initial in [
        Duration::MAX,
        Duration::MAX / 2,
        Duration::from_secs(1 << 62),
    ] {
        let server = ScriptedServer::start([]).await;
        let patience = quick().with_initial(initial);
        let builder = builder(server.url("/")).reconnection(patience);
        let mut source = builder.idle_timeout(Some(initial)).build().unwrap();
        next_loss(&mut source).await;
        let pulled = tokio::time::timeout(ms(5), source.next()).await;
        assert!(pulled.is_err(), "it waits");
    }
}

#[tokio::test]
async fn a_wait_can_be_cut_short() {
    let scripts = [whole("data: a\n\n"), stream("data: b\n\n").hang()];
    let server = ScriptedServer::start(scripts).await;
    let patience = quick().with_initial(Duration::from_secs(3600));
    let mut source = builder(server.url("/"))
        .reconnection(patience)
        .build()
        .unwrap();
    // Said at a time when nothing waits, it means nothing.
    source.reconnect_now();
    assert_eq!(next_data(&mut source).await, "a");
    source.reconnect_now();
    let pulled = tokio::time::timeout(ms(30), source.next()).await;
    assert!(pulled.is_err(), "it waits");
    let handle = source.handle().clone();
    let (data, ()) = tokio::join!(next_data(&mut source), async {
        tokio::time::sleep(ms(10)).await;
        handle.reconnect_now();
    });
    assert_eq!(data, "b");
}
