//! Three servers that keep the stream three times: one of them may die, the leader too.
//!
//! Next: `server.rs`.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;
use tokio::time::{Instant, sleep};
use wellspring_broker::Engine;
use wellspring_engine_contract::Tail;
use wellspring_nats::{NatsEngine, NatsOptions};

use crate::server::{Server, free_port};
use crate::witness::{Publishers, assert_all_there, until};

/// How long the servers may take to choose a leader.
const PATIENCE: Duration = Duration::from_secs(60);

fn start() -> Option<Vec<Server>> {
    let routes = [(); 3].map(|()| free_port());
    let urls = routes.map(|route| format!("\"nats://127.0.0.1:{route}\""));
    let urls = urls.join(", ");
    let mut servers = Vec::new();
    for (name, route) in routes.iter().enumerate() {
        let further = format!(
            "server_name: s{name}\n\
             cluster {{ name: c, listen: \"127.0.0.1:{route}\", routes: [{urls}] }}"
        );
        servers.push(Server::prepare(free_port(), &further)?);
    }
    servers.iter_mut().for_each(Server::begin);
    Some(servers)
}

fn address(servers: &[Server]) -> String {
    let hosts = servers
        .iter()
        .map(|server| format!("127.0.0.1:{}", server.port));
    format!("nats://{}?replicas=3", hosts.collect::<Vec<_>>().join(","))
}

async fn connect(servers: &[Server]) -> Arc<NatsEngine> {
    let begun = Instant::now();
    loop {
        let options: NatsOptions = address(servers).parse().unwrap();
        match options.connect().await {
            Ok(engine) => return Arc::new(engine),
            Err(error) => assert!(begun.elapsed() < PATIENCE, "{error}"),
        }
        sleep(Duration::from_millis(300)).await;
    }
}

/// Which server leads the stream.
async fn leader(client: &async_nats::Client) -> Option<usize> {
    let subject = "$JS.API.STREAM.INFO.wellspring";
    let answer = client.request(subject, Bytes::new()).await.ok()?;
    let info: Value = serde_json::from_slice(&answer.payload).ok()?;
    let name = info["cluster"]["leader"].as_str()?;
    name.strip_prefix('s')?.parse().ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leader_that_is_killed_loses_nothing() {
    let Some(mut servers) = start() else {
        return;
    };
    let (one, two) = (connect(&servers).await, connect(&servers).await);
    let mut tail = Tail::new(&(Arc::clone(&two) as Arc<dyn Engine>), 0);
    let publishers = Publishers::begin(&one, "a", 4);
    for _ in 0..2 {
        sleep(Duration::from_secs(1)).await;
        let urls: Vec<String> = servers.iter().map(Server::url).collect();
        let client = async_nats::connect(urls).await.unwrap();
        let begun = Instant::now();
        let killed = loop {
            if let Some(leader) = leader(&client).await {
                break leader;
            }
            assert!(begun.elapsed() < PATIENCE, "nobody leads");
            sleep(Duration::from_millis(200)).await;
        };
        servers[killed].kill();
        sleep(Duration::from_secs(3)).await;
        servers[killed].begin();
        sleep(Duration::from_secs(2)).await;
    }
    let ledger = publishers.finish().await;
    let last = ledger.last().unwrap().0;
    assert_all_there(&ledger, &until(&mut tail, last).await);
}
