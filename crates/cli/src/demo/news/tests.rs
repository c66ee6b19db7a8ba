use super::*;

#[test]
fn an_item_is_made_from_its_number_alone() {
    for number in [0, 1, 2, 5, 16, 1_790_000_000, u64::MAX] {
        let block = item::block(number);
        assert_eq!(block, item::block(number));
        assert_eq!(block.event_id().unwrap().as_str(), number.to_string());
    }
}

#[test]
fn ten_items_are_of_every_kind() {
    let texts = (100..110).map(|number| String::from_utf8(item::block(number).encode()).unwrap());
    let texts: Vec<String> = texts.collect();
    let of = |kind: &str| texts.iter().filter(|text| text.contains(kind)).count();
    assert_eq!(of("event: update\n"), 2);
    assert_eq!(of("event: notice\n"), 1);
    assert_eq!(of("event: "), 3);
    assert!(
        String::from_utf8(item::block(160).encode())
            .unwrap()
            .starts_with(": ")
    );
}

#[test]
fn the_history_is_there_at_once_and_ends_with_what_is_due() {
    let before = since_1970().as_millis() / 60_000;
    let news = News::begin(Duration::from_secs(60));
    let after = since_1970().as_millis() / 60_000;
    let newest = u128::from(news.newest.load(Ordering::Relaxed));
    assert!((before..=after).contains(&newest));
    assert_eq!(news.channel.stats().history_events, 1000);
    assert!(news.time_to_next() <= Duration::from_secs(60));
}

#[test]
fn a_restart_finds_where_a_subscriber_was() {
    let interval = Duration::from_secs(3600);
    let asked = News::begin(interval).newest.load(Ordering::Relaxed) - 3;
    let request = Request::get("/").header("last-event-id", asked.to_string());
    let response = News::begin(interval).subscribe(&request.body(()).unwrap());
    assert_eq!(response.headers()["wellspring-resume"], "found");
}

#[test]
fn an_id_that_cannot_be_one_is_refused() {
    let request = Request::get("/?lastEventId=a%0Ab").body(()).unwrap();
    let response = News::begin(Duration::from_secs(1)).subscribe(&request);
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
}
