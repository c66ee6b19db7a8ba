use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use super::*;

fn origin() -> Endpoint {
    Endpoint::of(&"http://localhost:1/".parse().unwrap()).unwrap()
}

struct Request {
    place: QueuePosition,
    waiting: Option<Pin<Box<dyn Future<Output = Permit>>>>,
    permit: Option<Permit>,
}

impl Request {
    fn new(queues: &'static Queues, limit: usize) -> Self {
        let place = QueuePosition::default();
        let kept = place.clone();
        let waiting = async move { queues.permit(&origin(), limit, &kept).await };
        let mut request = Self {
            place,
            waiting: Some(Box::pin(waiting)),
            permit: None,
        };
        request.poll();
        request
    }

    /// Whether it has its permit.
    fn poll(&mut self) -> bool {
        if let Some(waiting) = &mut self.waiting
            && let Poll::Ready(permit) = waiting
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()))
        {
            self.permit = Some(permit);
            self.waiting = None;
        }
        self.permit.is_some()
    }
}

fn queues() -> &'static Queues {
    Box::leak(Box::default())
}

fn requests(queues: &'static Queues, count: usize, limit: usize) -> Vec<Request> {
    (0..count).map(|_| Request::new(queues, limit)).collect()
}

fn places(requests: &[Request]) -> Vec<Option<usize>> {
    requests.iter().map(|request| request.place.get()).collect()
}

#[test]
fn first_in_first_out_and_everyone_knows_its_place() {
    let queues = queues();
    let mut requests = requests(queues, 5, 2);
    assert_eq!(places(&requests), [None, None, Some(1), Some(2), Some(3)]);
    drop(requests.remove(0));
    assert_eq!(places(&requests), [None, None, Some(1), Some(2)]);
    assert!(requests[1].poll(), "the third has what the first left");
    assert!(!requests[2].poll());
}

#[test]
fn whoever_gives_up_leaves_no_gap() {
    let queues = queues();
    let mut requests = requests(queues, 5, 1);
    let given_up = requests.remove(2);
    let place = given_up.place.clone();
    drop(given_up);
    assert_eq!(place.get(), None);
    assert_eq!(places(&requests), [None, Some(1), Some(2), Some(3)]);
    // One that was given its permit and never took it.
    drop(requests.remove(0));
    assert_eq!(requests[0].place.get(), None);
    drop(requests.remove(0));
    assert!(requests[0].poll());
    assert_eq!(places(&requests), [None, Some(1)]);
    drop(requests);
    assert!(Request::new(queues, 1).poll(), "nothing is held");
}

#[test]
fn limits_are_those_of_the_one_in_front() {
    let queues = queues();
    let mut requests = requests(queues, 2, 1);
    requests.push(Request::new(queues, 3));
    assert_eq!(places(&requests), [None, Some(1), Some(2)]);
    drop(requests.remove(1));
    assert!(requests[1].poll(), "two are held, of three");
    assert!(!Request::new(queues, 0).poll(), "zero counts as one");
}

#[test]
fn origins_do_not_wait_for_one_another() {
    let queues = queues();
    let _held = Request::new(queues, 1);
    let other = Endpoint::of(&"http://localhost:2/".parse().unwrap()).unwrap();
    let place = QueuePosition::default();
    let mut permit = Box::pin(queues.permit(&other, 1, &place));
    let polled = permit
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_ready());
}

/// Between its turn and the permit, one gives up.
#[test]
fn a_permit_for_nobody_goes_to_the_next() {
    let queue = Arc::new(Queue::default());
    let place = QueuePosition::default();
    let enter = || {
        let (permit, granted) = oneshot::channel();
        (queue.enter(1, &place, permit), granted)
    };
    let (_gone, granted) = enter();
    drop(granted);
    let (_next, mut granted) = enter();
    queue.settle();
    assert!(granted.try_recv().is_ok());
}

/// Permits taken, dropped and given up on several threads at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_permit_is_lost_however_they_are_given_up() {
    let queues = queues();
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..2000_u64 {
        tasks.spawn(async move {
            let place = QueuePosition::default();
            let origin = origin();
            let permit = queues.permit(&origin, 3, &place);
            let patience = std::time::Duration::from_micros(number % 700);
            if let Ok(_permit) = tokio::time::timeout(patience, permit).await {
                tokio::task::yield_now().await;
            }
            assert_eq!(place.get(), None);
        });
    }
    tasks.join_all().await;
    let mut requests = requests(queues, 4, 3);
    assert_eq!(places(&requests), [None, None, None, Some(1)]);
    drop(requests.remove(0));
    assert!(requests[2].poll());
}
