//! Every proxy, asked everything. In: the table of products. Out: a row for each product, version, setting and version of
//! HTTP in front.
//!
//! Next: `products.rs`, `probes.rs`, `resume.rs`.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::origin::Origin;
use super::product::{Kind, Product, Setting};
use super::products::PRODUCTS;
use super::progress::{Progress, all};
use super::reader::{Front, Way};
use super::{probes, resume};

/// So many at a time are asked what takes seconds; what takes minutes, all at once.
const AT_A_TIME: usize = 6;

/// One row to be.
#[derive(Clone, Copy, Debug)]
struct Case {
    product: &'static Product,
    setting: Setting,
    front: Front,
}

/// The rows of those that are installed and wanted, and the names of those that are not installed.
pub(crate) async fn rows(progress: &Progress) -> (Vec<Value>, Vec<String>) {
    let wanted = PRODUCTS
        .iter()
        .filter(|product| progress.wants(product.name));
    let (there, missing): (Vec<_>, Vec<_>) =
        wanted.partition(|product| product.version().is_some());
    let cases = there.into_iter().flat_map(|product| cases(product));
    let turns = Arc::new(Semaphore::new(AT_A_TIME));
    let running = cases.map(|case| tokio::spawn(row(case, Arc::clone(&turns), progress.clone())));
    let rows = all(running.collect()).await;
    (
        rows,
        missing
            .iter()
            .map(|product| product.name.to_owned())
            .collect(),
    )
}

fn cases(product: &'static &'static Product) -> impl Iterator<Item = Case> {
    product.settings.iter().flat_map(|setting| {
        product.fronts.iter().map(|front| Case {
            product,
            setting: *setting,
            front: *front,
        })
    })
}

async fn row(case: Case, turns: Arc<Semaphore>, progress: Progress) -> Value {
    let Case {
        product,
        setting,
        front,
    } = case;
    let mut row = json!({
        "product": product.name,
        "version": product.version(),
        "front": front.name(),
        "lines": setting.lines,
        "kind": match setting.kind {
            Kind::Plain => "plain",
            Kind::Gzip => "gzip",
            Kind::Cache => "cache",
        },
    });
    let origin = Origin::start().await;
    let port = origin.address.port();
    let turn = turns.acquire().await.unwrap();
    let start = move || product.start(front, setting.lines, port);
    let Some(proxy) = tokio::task::spawn_blocking(start).await.unwrap() else {
        return row;
    };
    let way = proxy.way;
    let found = match setting.kind {
        Kind::Gzip => json!({ "coding": probes::coding(way).await }),
        Kind::Cache => json!({ "second_reader": probes::second_reader(way, &origin).await }),
        Kind::Plain => {
            let mut found = quick(way, &origin).await;
            if front == Front::Http1 && !product.forwards {
                found["restart"] = resume::over_restarts(product, setting.lines).await.into();
            }
            drop(turn);
            let (silence, leaving) =
                tokio::join!(probes::silence(way), probes::leaving(way, &origin));
            found["silence"] = silence;
            found["leaving_s"] = leaving;
            found
        }
    };
    row["found"] = found;
    progress.done(&format!(
        "{} {}, {} {}",
        product.name,
        front.name(),
        row["kind"],
        setting.lines
    ));
    row
}

/// What takes seconds.
async fn quick(way: Way, origin: &Origin) -> Value {
    json!({
        "first_event_ms": probes::first_event(way).await,
        "comments": probes::comments(way).await,
        "cut_by_fin": probes::cut(way, "/fin").await,
        "cut_by_reset": probes::cut(way, "/reset").await,
        "second_reader": probes::second_reader(way, origin).await,
        "headers": probes::headers(way, origin).await,
        "statuses": probes::statuses(way).await,
    })
}
