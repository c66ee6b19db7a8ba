use super::*;

fn poll(pace: &mut Pace) -> bool {
    let mut cx = Context::from_waker(std::task::Waker::noop());
    pace.poll_proceed(&mut cx).is_ready()
}

/// Outside of a runtime there is no budget.
#[test]
fn a_turn_has_an_end_and_another_follows() {
    let mut pace = Pace::default();
    for _ in 0..3 {
        for _ in 0..8 {
            assert!(poll(&mut pace));
            pace.spend_bytes(TURN / 8);
        }
        assert!(!poll(&mut pace));
    }
    pace.spend_items(usize::MAX);
    assert!(!poll(&mut pace));
}

#[test]
fn a_wait_ends_a_turn() {
    let mut pace = Pace::default();
    for _ in 0..100 {
        pace.spend_bytes(TURN - 1);
        assert!(poll(&mut pace));
        pace.rest();
    }
}

/// The budget of a task is spent by all of its loops together.
#[tokio::test]
async fn many_loops_in_a_task_share_its_budget() {
    let mut paces: Vec<_> = (0..1000).map(|_| Pace::default()).collect();
    let proceeded = std::future::poll_fn(|cx| {
        let counts = paces.iter_mut().map(|pace| {
            pace.spend_bytes(UNIT);
            usize::from(pace.poll_proceed(cx).is_ready())
        });
        Poll::Ready(counts.sum::<usize>())
    });
    assert!(proceeded.await < 200);
}
