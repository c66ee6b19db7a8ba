//! What `hub` says first. In: where it is, and with `--dev` a token. Out: where everything is, and commands to
//! begin with.
//!
//! Next: back to `../hub.rs`.

use std::fmt::Write as _;
use std::io;

use url::Url;

use crate::args;
use crate::output::Output;
use crate::paint::Paint;

#[derive(Debug)]
pub(super) struct Introduction {
    url: Url,
    /// For who tries it out; it is of no use once the hub has ended.
    token: Option<String>,
    can_read: bool,
}

impl Introduction {
    pub(super) fn new(args: &args::Hub, url: &Url, token: Option<String>) -> Self {
        Self {
            url: url.clone(),
            token,
            can_read: args.anonymous || args.dev,
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
