//! What `hub` says first. In: where it is, and with `--dev` a token. Out: where everything is, and commands to
//! begin with.
//!
//! Next: back to `../hub.rs`.

use std::fmt::Write as _;
use std::io;

use url::Url;
use wellspring_hub::HUB_PATH;

use crate::args;
use crate::output::Output;
use crate::paint::Paint;

#[derive(Debug)]
pub(super) struct Introduction {
    url: Url,
    /// For who tries it out; it is of no use once the hub has ended.
    token: Option<String>,
    can_read: bool,
    page: Option<Url>,
}

impl Introduction {
    pub(super) fn new(args: &args::Hub, url: &Url, token: Option<String>) -> Self {
        Self {
            url: url.clone(),
            token,
            can_read: args.anonymous || args.dev,
            page: (args.page || args.dev).then(|| page(url)),
        }
    }

    pub(super) async fn print(self) {
        let paint = Paint::on(&io::stdout());
        let (strong, aside) = (paint.strong(), paint.aside());
        let url = &self.url;
        let mut output = Output::new();
        let mut text = String::new();
        // Writing to memory cannot fail, here and below.
        let _ = writeln!(text, "The hub     {strong}{url}{strong:#}");
        if let Some(page) = &self.page {
            let _ = writeln!(text, "The page    {strong}{page}{strong:#}");
        }
        if self.can_read {
            let _ = writeln!(text, "Subscribe   wellspring tail '{url}?topic=*'");
        }
        if let Some(token) = &self.token {
            let _ = writeln!(
                text,
                "Publish     curl -H 'Authorization: Bearer {token}' -d topic=news -d data=hello {url}"
            );
        }
        let _ = writeln!(text, "{aside}Ctrl-C ends it.{aside:#}");
        output.buffer.extend_from_slice(text.as_bytes());
        // The program goes on when standard output is closed.
        let _ = output.flush().await;
    }
}

/// The page is at the root of the hub's host, or of the path that a proxy strips.
fn page(hub: &Url) -> Url {
    let path = hub.path().strip_suffix(HUB_PATH).unwrap_or_default();
    let mut page = hub.clone();
    page.set_path(&format!("{path}/"));
    page
}
