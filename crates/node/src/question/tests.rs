//! In: questions, answered late or wrongly. Out: what the hook hears.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use super::*;

/// An answer that is there already.
fn now<T>(answer: impl Future<Output = T>) -> Option<T> {
    let mut answer = std::pin::pin!(answer);
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    match answer.as_mut().poll(&mut cx) {
        std::task::Poll::Ready(answer) => Some(answer),
        std::task::Poll::Pending => None,
    }
}

fn ask(questions: &Questions) -> oneshot::Receiver<Decision> {
    let (sender, decision) = oneshot::channel();
    questions.ask(Hook::End(sender), |number| Question {
        number,
        end: None,
        attempt: None,
    });
    decision
}

#[test]
fn a_question_crosses_once_and_is_answered_once() {
    let questions = Questions::default();
    assert!(!questions.take_new());
    let decision = ask(&questions);
    assert!(questions.take_new() && !questions.take_new());
    let number = questions.take().unwrap().number;
    assert!(questions.take().is_none());
    questions.decide(number, Decision::Stop);
    questions.decide(number, Decision::Fail);
    assert_eq!(now(decision), Some(Ok(Decision::Stop)));
}

#[test]
fn an_answer_to_an_earlier_question_is_not_heard() {
    let questions = Questions::default();
    let (first, second) = (ask(&questions), ask(&questions));
    let number = questions.take().unwrap().number;
    questions.decide(number - 1, Decision::Stop);
    assert!(now(first).unwrap().is_err());
    questions.decide(number, Decision::Reconnect);
    assert_eq!(now(second), Some(Ok(Decision::Reconnect)));
}

#[test]
fn headers_cross_byte_by_byte() {
    let list = ["x-mine", "\u{e9}", "x-mine", "2"].map(str::to_owned);
    let headers = headers_of(&list).unwrap();
    let values: Vec<&[u8]> = headers
        .get_all("x-mine")
        .iter()
        .map(HeaderValue::as_bytes)
        .collect();
    assert_eq!(values, [b"\xe9".as_slice(), b"2"]);
    for illegal in [["no good", "x"], ["a", "b\nc"]] {
        let error = headers_of(&illegal.map(str::to_owned)).unwrap_err();
        assert!(error.contains(illegal[0]), "{error}");
    }
}
