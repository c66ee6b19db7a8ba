use super::*;

#[test]
fn the_share_of_private_events_is_met_in_every_topic() {
    for share in [0, 1, 30, 50, 100] {
        let privacy = Privacy { share };
        for topic in 0..20 {
            let private = (1..=10_000).filter(|number| privacy.is_private(topic, *number));
            let found = u32::try_from(private.count()).unwrap();
            let expected = share * 100;
            assert!(found.abs_diff(expected) <= 100, "{share} %: {found}");
        }
    }
}

#[test]
fn an_event_is_owed_or_secret_by_topic_and_number() {
    let right = |asked, granted| Right { asked, granted };
    let topics = [
        right(true, true),
        right(true, false),
        right(false, true),
        right(false, false),
    ];
    for (share, expected) in [(0, "o.o....."), (100, "o..s...s")] {
        let rights = Rights {
            topics: topics.into(),
            privacy: Privacy { share },
        };
        let shown: String = (0..4)
            .flat_map(|topic| {
                let owed = rights.is_owed(topic, 1);
                let secret = rights.is_secret(topic, 1);
                [if owed { 'o' } else { '.' }, if secret { 's' } else { '.' }]
            })
            .collect();
        assert_eq!(shown, expected);
    }
}

#[test]
fn a_topic_that_is_not_there_is_not_asked_for() {
    let rights = Rights {
        topics: [].into(),
        privacy: Privacy { share: 100 },
    };
    assert!(!rights.is_owed(3, 1));
    assert!(rights.is_secret(3, 1));
}
