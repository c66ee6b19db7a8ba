//! `wellspring check`. In: a URL. Out: what a reviewer would say about the event stream there, as a
//! table or as JSON, and an exit code by it.
//!
//! Next: `watch.rs` sees, `head.rs`, `body.rs`, `cors.rs`, `versions.rs` and `resume.rs` judge,
//! `report.rs` prints.

mod body;
mod compare;
mod cors;
mod finding;
mod head;
mod progress;
mod report;
mod resume;
mod versions;
mod watch;

use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT_ENCODING, HeaderName, HeaderValue, ORIGIN};
use tokio::time::Instant;
use url::Url;
use wellspring::fetch::{FetchError, FetchRequest};
use wellspring::transport::{Transport, TransportOptions};

use crate::args;
use crate::exit::Ending;
use crate::reach;

use finding::{Finding, Severity};
use progress::Progress;
use watch::{Head, Watch};

/// Of the time there is, this part is for the first connection when it is resumed later.
const FIRST_PART: f64 = 0.6;

pub(crate) fn run(args: &args::Check) -> Result<(), Ending> {
    let asking = Asking::new(args)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Ending::no_runtime(&error))?;
    let started = Instant::now();
    let findings = runtime.block_on(async {
        let progress = Progress::start(args.time);
        let findings = examine(&asking, started + args.time).await;
        progress.end();
        findings
    });
    runtime.shutdown_background();
    let took = started.elapsed();
    report::print(args, &reach::shown(&asking.url), took, &findings)?;
    let tolerated = if args.strict {
        Severity::Note
    } else {
        Severity::Warning
    };
    if report::worst(&findings) > tolerated {
        return Err(Ending::found());
    }
    Ok(())
}

/// How the server is asked, each time.
struct Asking {
    url: Url,
    headers: Vec<(HeaderName, HeaderValue)>,
    options: TransportOptions,
    transport: Arc<dyn Transport>,
    /// Of the page as which it is asked once.
    origin: HeaderValue,
}

impl Asking {
    fn new(args: &args::Check) -> Result<Self, Ending> {
        let options = reach::options(&args.reach)?;
        let origin = HeaderValue::try_from(&args.origin);
        Ok(Self {
            url: reach::url(&args.reach, &args.url)?,
            headers: reach::headers(&args.reach)?,
            transport: Arc::new(reach::transport(&args.reach, options.clone())?),
            options,
            origin: origin.map_err(|_| Ending::usage("--origin: not a header's value"))?,
        })
    }

    fn request(&self) -> FetchRequest {
        let mut request = FetchRequest::new(self.url.clone());
        for (name, value) in &self.headers {
            request.headers.append(name, value.clone());
        }
        request
    }

    /// As a page in a browser asks.
    fn request_of_page(&self) -> FetchRequest {
        let mut request = self.request();
        let codings = HeaderValue::from_static("gzip, deflate, br, zstd");
        request.headers.insert(ACCEPT_ENCODING, codings);
        request.headers.insert(ORIGIN, self.origin.clone());
        request
    }

    async fn watch(
        &self,
        request: FetchRequest,
        deadline: Instant,
    ) -> Result<Watch, Option<FetchError>> {
        Watch::begin(Arc::clone(&self.transport), request, deadline).await
    }
}

async fn examine(asking: &Asking, deadline: Instant) -> Vec<Finding> {
    let budget = deadline - Instant::now();
    let (watched, as_page, versions) = tokio::join!(
        watch_first(asking, deadline, budget),
        head_for_page(asking, deadline),
        versions::other(asking, deadline),
    );
    let mut first = match watched {
        Ok(first) => first,
        Err(error) => return vec![head::unreachable(error.as_ref(), budget)],
    };
    let mut findings = head::judge(&first.head);
    if findings
        .iter()
        .all(|found| found.severity < Severity::Error)
    {
        let resumption = resume::try_it(asking, &mut first, deadline).await;
        findings.extend(body::judge(&first.seen));
        findings.push(resumption);
    }
    findings.extend(cors::judge(as_page.as_ref(), &asking.origin));
    findings.extend(versions::judge(&first.head, &versions));
    findings
}

async fn head_for_page(asking: &Asking, deadline: Instant) -> Option<Head> {
    let watch = asking.watch(asking.request_of_page(), deadline).await;
    watch.ok().map(|watch| watch.head)
}

/// The first connection, watched as long as there is something to learn.
async fn watch_first(
    asking: &Asking,
    deadline: Instant,
    budget: Duration,
) -> Result<Watch, Option<FetchError>> {
    let mut first = asking.watch(asking.request(), deadline).await?;
    if !head::is_event_stream(&first.head) {
        return Ok(first);
    }
    let started = Instant::now();
    let brief = started + budget.mul_f64(FIRST_PART / 3.0);
    let with_ids = started + budget.mul_f64(FIRST_PART);
    first
        .watch_until(deadline, |seen, now| {
            let ids = seen.own_ids();
            (ids > 0 && now >= with_ids) || (ids >= 8 && seen.reads >= 3 && now >= brief)
        })
        .await;
    Ok(first)
}
