//! What `serve` says first. In: where it listens, and who may read. Out: where everything is, and a warning
//! when others than this machine's users can read.
//!
//! Next: back to `serve.rs`.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::net::{IpAddr, SocketAddr};

use url::form_urlencoded;

use crate::args::{self, ListenHost, Token};
use crate::note::note;
use crate::output::Output;
use crate::paint::Paint;
use crate::web::Listeners;

use super::site::STREAM;

#[derive(Debug)]
pub(super) struct Introduction {
    origin: String,
    /// Other origins of the same server.
    also: Vec<String>,
    /// What readers need.
    token: Option<Token>,
    /// Without a token, and not on loopback.
    is_public: bool,
}

impl Introduction {
    pub(super) fn new(args: &args::Serve, scheme: &str, listeners: &Listeners) -> Self {
        let port = listeners.port();
        let unspecified = match args.host {
            ListenHost::Ip(ip) if ip.is_unspecified() => Some(ip),
            _ => None,
        };
        let also = unspecified
            .map(addresses_of_this_machine)
            .unwrap_or_default();
        let of = |ip: IpAddr| format!("{scheme}://{}", SocketAddr::new(ip, port));
        Self {
            origin: match args.host {
                ListenHost::Ip(ip) if !ip.is_unspecified() => of(ip),
                ListenHost::Ip(_) => format!("{scheme}://localhost:{port}"),
                ListenHost::Name(ref name) => format!("{scheme}://{name}:{port}"),
            },
            also: also.into_iter().map(of).collect(),
            token: args.token.clone(),
            is_public: args.token.is_none() && !listeners.are_on_loopback(),
        }
    }

    /// The token, for the page's own URL: behind `#`, because browsers keep that to themselves, so that it
    /// gets into the log of no server and no proxy. An output that is not a terminal may be a log as well,
    /// so it is left out there, and the page asks for it.
    fn fragment(&self, is_terminal: bool) -> String {
        match &self.token {
            Some(token) if is_terminal => {
                let mut pairs = form_urlencoded::Serializer::for_suffix("#".to_owned(), 1);
                pairs.append_pair("token", token.as_str()).finish()
            }
            _ => String::new(),
        }
    }

    pub(super) async fn print(self) {
        let paint = Paint::on(&io::stdout());
        let (strong, aside) = (paint.strong(), paint.aside());
        let ends = match io::stdin().is_terminal() {
            true => "Every line you type is an event. Ctrl-D ends the input, Ctrl-C the program.",
            false => "Ctrl-C ends it.",
        };
        let origin = &self.origin;
        let token = self.fragment(io::stdout().is_terminal());
        let mut also = String::new();
        for origin in &self.also {
            // Writing to memory cannot fail, here and below.
            let _ = writeln!(also, "Also at     {origin}/");
        }
        let mut output = Output::new();
        let _ = writeln!(
            output.buffer,
            "The page    {strong}{origin}/{token}{strong:#}\n\
             The stream  {origin}{STREAM}\n\
             {also}{aside}{ends}{aside:#}"
        );
        // The program goes on when standard output is closed.
        let _ = output.flush().await;
        if self.is_public {
            note(
                "wellspring: every machine on the network can read this stream; --token T requires a \
                 token of readers",
            );
        }
    }
}

/// The addresses that a socket on the unspecified address has, those of loopback excepted. Without them
/// everything works as well, so an error means none.
fn addresses_of_this_machine(unspecified: IpAddr) -> Vec<IpAddr> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    let ips = interfaces.iter().map(if_addrs::Interface::ip);
    let mut ips: Vec<_> = ips.filter(|ip| is_reached(*ip, unspecified)).collect();
    ips.sort_unstable();
    ips.dedup();
    ips
}

/// A socket on `::` takes IPv4 too where the system maps it; addresses of a link say nothing without its name.
fn is_reached(ip: IpAddr, unspecified: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let is_taken = unspecified.is_ipv4() || cfg!(unix);
            is_taken && !ip.is_loopback() && !ip.is_link_local()
        }
        IpAddr::V6(ip) => unspecified.is_ipv6() && !ip.is_loopback() && !ip.is_unicast_link_local(),
    }
}
