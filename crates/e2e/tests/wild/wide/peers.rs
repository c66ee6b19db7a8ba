//! Servers and clients that others wrote. In: nothing. Out: tables of them, and a command for each.
//!
//! Next: `servers.rs`, `clients.rs`; the scripts in `python/`, `node/` and `php/`.

use std::path::Path;
use std::process::Command;

use wellspring_testkit::tool;

use crate::installed::{node, pinned, python};

/// What runs a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runtime {
    Python,
    Node,
    /// A program of Debian.
    Php,
    /// Our own program, to compare with.
    Ours,
}

/// One server or client.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    /// In the list of packages.
    package: &'static str,
    pub(crate) runtime: Runtime,
    /// Where a server has its stream.
    pub(crate) path: &'static str,
}

const fn peer(name: &'static str, runtime: Runtime) -> Peer {
    named(name, name, runtime)
}

const fn named(name: &'static str, package: &'static str, runtime: Runtime) -> Peer {
    Peer {
        name,
        package,
        runtime,
        path: "/",
    }
}

/// In the order of the table.
pub(crate) const SERVERS: &[Peer] = &[
    peer("sse-starlette", Runtime::Python),
    peer("fastapi", Runtime::Python),
    peer("litestar", Runtime::Python),
    peer("quart", Runtime::Python),
    peer("sanic", Runtime::Python),
    peer("tornado", Runtime::Python),
    peer("aiohttp-sse", Runtime::Python),
    Peer {
        name: "django-eventstream",
        package: "django-eventstream",
        runtime: Runtime::Python,
        path: "/events/",
    },
    peer("better-sse", Runtime::Node),
    peer("express-sse", Runtime::Node),
    peer("hono", Runtime::Node),
    peer("h3", Runtime::Node),
    peer("@fastify/sse", Runtime::Node),
    named("nestjs", "@nestjs/common", Runtime::Node),
    peer("graphql-sse", Runtime::Node),
    peer("php", Runtime::Php),
];

/// In the order of the table.
pub(crate) const CLIENTS: &[Peer] = &[
    peer("wellspring tail", Runtime::Ours),
    named("eventsource2", "eventsource2", Runtime::Node),
    named("eventsource4", "eventsource4", Runtime::Node),
    named("eventsource5", "eventsource5", Runtime::Node),
    peer("undici", Runtime::Node),
    peer("eventsource-client", Runtime::Node),
    peer("launchdarkly-eventsource", Runtime::Node),
    named(
        "fetch-event-source",
        "@microsoft/fetch-event-source",
        Runtime::Node,
    ),
    peer("httpx-sse", Runtime::Python),
    peer("sseclient", Runtime::Python),
    peer("sseclient-py", Runtime::Python),
    peer("requests-sse", Runtime::Python),
    peer("aiohttp-sse-client", Runtime::Python),
    peer("launchdarkly-eventsource", Runtime::Python),
];

impl Peer {
    /// The name for people: an npm alias has its version in it.
    pub(crate) fn title(&self) -> &'static str {
        match self.name.starts_with("eventsource") && !self.name.contains('-') {
            true => "eventsource",
            false => self.name,
        }
    }

    pub(crate) fn version(&self) -> Option<String> {
        match self.runtime {
            Runtime::Python => pinned("wide/python/requirements.txt", self.package)
                .or_else(|| pinned("python/requirements.txt", self.package)),
            Runtime::Node => pinned("wide/node/package.json", self.package),
            Runtime::Php => said(Command::new(tool("php")?).args(["-r", "echo PHP_VERSION;"])),
            Runtime::Ours => Some(env!("CARGO_PKG_VERSION").to_owned()),
        }
    }

    /// What it runs on.
    pub(crate) fn runs_on(&self) -> Option<String> {
        match self.runtime {
            Runtime::Python => said(Command::new(tool("python3")?).arg("--version")),
            Runtime::Node => said(Command::new(tool("node")?).arg("--version"))
                .map(|version| format!("Node {version}")),
            Runtime::Php | Runtime::Ours => None,
        }
    }

    /// Serves on this port; a folder is there for what is to outlive a restart.
    pub(crate) fn serve(&self, port: u16, folder: &Path) -> Option<Command> {
        let mut command = match self.runtime {
            // It is in the small set too.
            Runtime::Python if self.name == "django-eventstream" => {
                let mut command = python("django_eventstream_server.py")?;
                command.arg(port.to_string()).arg(folder);
                return Some(command);
            }
            Runtime::Python => python("wide/servers.py")?,
            Runtime::Node => node("wide/servers.mjs")?,
            Runtime::Php => {
                let mut command = Command::new(tool("php")?);
                let script = concat!(
                    env!("CARGO_MANIFEST_DIR"),
                    "/tests/wild/wide/php/numbers.php"
                );
                command.env("PHP_CLI_SERVER_WORKERS", "8");
                command.args(["-n", "-S", &format!("127.0.0.1:{port}"), script]);
                return Some(command);
            }
            Runtime::Ours => return None,
        };
        command.args([self.name, &port.to_string()]);
        Some(command)
    }

    /// Reads this URL.
    pub(crate) fn read(&self, url: &str) -> Option<Command> {
        let mut command = match self.runtime {
            // Its module has the name of sseclient-py's: it is read from the small set.
            Runtime::Python if self.name == "sseclient" => {
                let mut command = python("sseclient_client.py")?;
                command.arg(url);
                return Some(command);
            }
            Runtime::Python => python("wide/clients.py")?,
            Runtime::Node => node("wide/clients.mjs")?,
            Runtime::Ours => {
                let mut command = Command::new(wellspring_e2e::program::wellspring().unwrap());
                command.args(["tail", "--json", url]);
                return Some(command);
            }
            Runtime::Php => return None,
        };
        command.args([self.name, url]);
        Some(command)
    }
}

fn said(command: &mut Command) -> Option<String> {
    let output = command.output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    Some(text.trim().trim_start_matches('v').to_owned())
}
