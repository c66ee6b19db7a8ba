use super::*;

const GOOD: &str = "# Server\r\nredis_version:7.0.15\r\nrun_id:aa\r\n# Memory\r\nmaxmemory_policy:noeviction\r\n\
    # Persistence\r\naof_enabled:1\r\n# Replication\r\nrole:master\r\nmaster_replid:bb\r\n# Cluster\r\ncluster_enabled:0\r\n";

fn refusal(from: &str, to: &str) -> String {
    let changed = GOOD.replace(from, to);
    assert_ne!(changed, GOOD);
    let refused = Info::new(changed).refuse("Redis at a:1");
    refused.unwrap_err().to_string()
}

#[test]
fn what_would_lose_data_is_refused_with_what_to_do() {
    assert_eq!(Info::new(GOOD.to_owned()).refuse("here"), Ok(()));
    for volatile in ["volatile-lru", "volatile-ttl"] {
        let text = GOOD.replace("noeviction", volatile);
        assert_eq!(Info::new(text).refuse("here"), Ok(()), "ours have no TTL");
    }
    assert_eq!(
        refusal("noeviction", "allkeys-lru"),
        "Redis at a:1 has maxmemory-policy allkeys-lru, which may drop the whole history at any time: set it to noeviction"
    );
    for (from, to, says) in [
        (
            "7.0.15",
            "6.2.7",
            "is Redis 6.2.7: Redis 7.0 or later is needed",
        ),
        (
            "cluster_enabled:0",
            "cluster_enabled:1",
            "is part of a Redis Cluster",
        ),
        (
            "role:master",
            "role:slave\r\nmaster_host:b\r\nmaster_port:2",
            "is a replica of b:2: name the primary",
        ),
    ] {
        let refused = refusal(from, to);
        assert!(refused.contains(says), "{refused}");
    }
    assert!(Info::new(String::new()).refuse("here").is_err());
}

#[test]
fn a_restart_and_a_promotion_make_another_server() {
    let of = |text: &str| Info::new(text.to_owned()).incarnation();
    let first = of(GOOD);
    assert_eq!(first, "aa:bb");
    assert_ne!(of(&GOOD.replace("run_id:aa", "run_id:cc")), first);
    assert_ne!(of(&GOOD.replace("replid:bb", "replid:cc")), first);
}

#[test]
fn no_persistence_is_a_warning() {
    let without = GOOD.replace("aof_enabled:1", "aof_enabled:0");
    let warning = |text: &str, save| Info::new(text.to_owned()).warning("here", save);
    assert_eq!(warning(GOOD, Some("")), None);
    assert!(
        warning(&without, Some(""))
            .unwrap()
            .contains("keeps nothing on disk")
    );
    for save in [Some("3600 1"), None] {
        assert!(warning(&without, save).unwrap().contains("last snapshot"));
    }
}
