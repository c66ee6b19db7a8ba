//! What is refused at the start, with the server as it is, and what is said.

use wellspring_broker::{Engine, EngineErrorKind};
use wellspring_engine_contract::{record, stored};
use wellspring_redis::{RedisEngine, RedisOptions};

use crate::server::Server;
use crate::server_or_return;

async fn refusal(url: &str) -> String {
    RedisEngine::open(url).await.unwrap_err().to_string()
}

#[tokio::test]
async fn servers_that_would_lose_data_are_refused() {
    let server = server_or_return!("--maxmemory-policy", "allkeys-lru");
    let says = refusal(&server.url()).await;
    assert!(says.contains("maxmemory-policy allkeys-lru"), "{says}");
    let replica = server_or_return!("--replicaof", "127.0.0.1 1");
    let says = refusal(&replica.url()).await;
    assert!(
        says.contains("is a replica of 127.0.0.1:1: name the primary"),
        "{says}"
    );
    let cluster = server_or_return!("--cluster-enabled", "yes");
    let says = refusal(&cluster.url()).await;
    assert!(says.contains("is part of a Redis Cluster"), "{says}");
}

#[tokio::test]
async fn keys_of_something_else_are_left_alone() {
    let server = server_or_return!();
    let set = async |words: &[&str]| server.run::<redis::Value>(words).await.unwrap();
    set(&["SET", "{wellspring}:meta", "mine"]).await;
    let error = RedisEngine::open(&server.url()).await.unwrap_err();
    assert_eq!(error.kind(), EngineErrorKind::Configuration);
    let says = error.to_string();
    assert!(
        says.contains("the key {wellspring}:meta is a string of something else"),
        "{says}"
    );
    assert!(says.contains("choose another prefix"), "{says}");
    // Another prefix is another history.
    RedisEngine::open(&format!("{}?prefix=other", server.url()))
        .await
        .unwrap();
    set(&["DEL", "{wellspring}:meta"]).await;
    set(&["XADD", "{wellspring}:stream", "*", "a", "b"]).await;
    let error = RedisEngine::open(&server.url()).await.unwrap_err();
    assert_eq!(error.kind(), EngineErrorKind::Corrupt);
    assert!(
        error.to_string().contains("entries that no hub wrote"),
        "{error}"
    );
    assert_eq!(
        server
            .run::<u64>(&["XLEN", "{wellspring}:stream"])
            .await
            .unwrap(),
        1
    );
}

#[tokio::test]
async fn a_stream_that_others_write_to_takes_no_more() {
    let server = server_or_return!();
    let engine = server.engine().await;
    stored(&engine, record("a")).await;
    let _: String = server
        .run(&["XADD", "{wellspring}:stream", "*", "a", "b"])
        .await
        .unwrap();
    let epoch = engine.bounds().await.unwrap().lineage.current();
    let outcome = engine.append(epoch, vec![record("b")]).await;
    assert!(
        format!("{outcome:?}").contains("something else may have written to it"),
        "{outcome:?}"
    );
    let says = refusal(&server.url()).await;
    assert!(says.contains("entries that no hub wrote"), "{says}");
}

#[tokio::test]
async fn a_newer_version_is_refused() {
    let server = server_or_return!();
    let _: u64 = server
        .run(&["HSET", "{wellspring}:meta", "version", "2"])
        .await
        .unwrap();
    let error = RedisEngine::open(&server.url()).await.unwrap_err();
    assert_eq!(error.kind(), EngineErrorKind::NewerVersion);
    assert!(
        error.to_string().contains("format 2, known here is 1"),
        "{error}"
    );
}

#[tokio::test]
async fn users_databases_and_passwords_count() {
    let server = server_or_return!();
    let acl = [
        "ACL",
        "SETUSER",
        "hub",
        "on",
        ">se@cret",
        "~{news}:*",
        "+@all",
        "-@dangerous",
        "+info",
    ];
    let _: String = server.run(&acl).await.unwrap();
    let url = |user: &str| format!("redis://{user}@127.0.0.1:{}/3?prefix=news", server.port());
    let engine = RedisOptions::parse(&url("hub:se%40cret")).unwrap();
    let engine = engine.open().await.unwrap();
    stored(&engine, record("a")).await;
    let keys: String = server.run(&["INFO", "keyspace"]).await.unwrap();
    assert!(keys.contains("db3:") && !keys.contains("db0:"), "{keys}");
    let says = refusal(&url("hub:wrong")).await;
    assert!(
        says.contains("password") && !says.contains("wrong@"),
        "{says}"
    );
    let other = url("hub:se%40cret").replace("news", "other");
    let says = refusal(&other).await;
    assert!(says.contains("does not let this user in"), "{says}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let says = refusal("redis://user:hidden@127.0.0.1:1").await;
    assert!(
        says.contains("127.0.0.1:1") && !says.contains("hidden"),
        "{says}"
    );
}

#[tokio::test]
async fn no_persistence_is_a_warning() {
    let server: Server = server_or_return!("--appendonly", "no");
    let engine = server.engine().await;
    let warning = engine.warning().unwrap();
    assert!(warning.contains("keeps nothing on disk"), "{warning}");
    let safe = server_or_return!();
    assert_eq!(safe.engine().await.warning(), None);
}
