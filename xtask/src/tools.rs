//! The programs that tests need beside Rust. In: this machine. Out: the same machine with them on
//! it, where we are root and `apt-get` is there; otherwise their names and how to get them.
//!
//! Next: `crates/testkit/src/tools.rs`, where a test asks for one of them.

use crate::command::{is_ci, program, succeeds};
use crate::problem::Problem;
use crate::step::Verdict;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

struct Tool {
    name: &'static str,
    /// Where it may be: a name is looked for in the program folders, a path is taken as it is.
    places: &'static [&'static str],
    /// Debian's package.
    package: &'static str,
    /// What needs it.
    needed_by: &'static str,
}

const TOOLS: &[Tool] = &[
    Tool {
        name: "node",
        places: &["node"],
        package: "nodejs",
        needed_by: "browser tests, the package for Node, and `tail` against a Node server (Node 20 or later)",
    },
    Tool {
        name: "npm",
        places: &["npm"],
        package: "npm",
        needed_by: "browser tests, and the package for Node",
    },
    Tool {
        name: "python3",
        places: &["python3"],
        package: "python3-venv",
        needed_by: "clients and servers in Python (3.10 or later, with venv and pip)",
    },
    Tool {
        name: "php",
        places: &["php"],
        package: "php-cli",
        needed_by: "`tail` against a PHP page",
    },
    Tool {
        name: "symfony",
        places: &["/usr/share/php/Symfony/Component/Mercure/autoload.php"],
        package: "php-symfony-mercure",
        needed_by: "Symfony publishing to the hub",
    },
    Tool {
        name: "nginx",
        places: &["nginx"],
        package: "nginx",
        needed_by: "`tail` against nchan, and tests behind a proxy",
    },
    Tool {
        name: "haproxy",
        places: &["haproxy"],
        package: "haproxy",
        needed_by: "tests behind a proxy",
    },
    Tool {
        name: "caddy",
        places: &["caddy"],
        package: "caddy",
        needed_by: "tests behind a proxy",
    },
    Tool {
        name: "nchan",
        places: &[
            "/usr/lib/nginx/modules/ngx_nchan_module.so",
            "/usr/share/nginx/modules/ngx_nchan_module.so",
        ],
        package: "libnginx-mod-nchan",
        needed_by: "`tail` against nchan (the nginx module of that name)",
    },
    Tool {
        name: "nats-server",
        places: &["nats-server"],
        package: "nats-server",
        needed_by: "the history of a hub in NATS",
    },
    Tool {
        name: "varnish",
        places: &["varnishd"],
        package: "varnish",
        needed_by: "tests behind a proxy",
    },
    Tool {
        name: "lighttpd",
        places: &["lighttpd"],
        package: "lighttpd",
        needed_by: "tests behind a proxy",
    },
    Tool {
        name: "apache",
        places: &["apache2"],
        package: "apache2",
        needed_by: "tests behind a proxy",
    },
    Tool {
        name: "redis",
        places: &["redis-server"],
        package: "redis-server",
        needed_by: "the hub's history in Redis, on several nodes",
    },
    Tool {
        name: "valgrind",
        places: &["valgrind"],
        package: "valgrind",
        needed_by: "the gates on instruction counts",
    },
    Tool {
        name: "chromium",
        places: &["chromium", "chromium-browser", "google-chrome"],
        package: "chromium",
        needed_by: "browser tests",
    },
    Tool {
        name: "firefox",
        places: &["firefox-esr", "firefox"],
        package: "firefox-esr",
        needed_by: "browser tests",
    },
];

/// What only the wide set of proxies needs: `cargo xtask soak wild`.
const WIDE: &[Tool] = &[
    wide("squid", "squid"),
    wide("nghttpx", "nghttp2-proxy"),
    wide("pushpin", "pushpin"),
    wide("tinyproxy", "tinyproxy-bin"),
    wide("h2o", "h2o"),
    wide("privoxy", "privoxy"),
];

const fn wide(name: &'static str, package: &'static str) -> Tool {
    Tool {
        name,
        places: &[],
        package,
        needed_by: "the wide set of proxies",
    }
}

/// Installs what the wide set of proxies needs, where that is possible; the soak says what it did not find.
pub(crate) fn install_wide() {
    let tools = TOOLS.iter().chain(WIDE);
    let missing: Vec<&Tool> = tools.filter(|tool| tool.find().is_none()).collect();
    install(&missing);
}

/// `cargo xtask tools`.
pub(crate) fn run() -> Result<bool, Problem> {
    match verdict() {
        Verdict::Passed => Ok(true),
        Verdict::Failed(why) | Verdict::Skipped(why) => Err(Problem::Failed(why)),
    }
}

/// Installs what is missing, where that is possible, and names what still is.
pub(crate) fn verdict() -> Verdict {
    install(&missing());
    for tool in TOOLS {
        match tool.find() {
            Some(path) => println!("{:9} {}", tool.name, path.display()),
            None => println!(
                "{:9} MISSING; Debian's package {}; for {}",
                tool.name, tool.package, tool.needed_by
            ),
        }
    }
    let missing: Vec<&str> = missing().iter().map(|tool| tool.name).collect();
    match (missing.is_empty(), is_ci()) {
        (true, _) => Verdict::Passed,
        (false, true) => Verdict::Failed(format!("missing: {}", missing.join(", "))),
        (false, false) => Verdict::Skipped(format!("missing: {}", missing.join(", "))),
    }
}

/// Where the tool of this name is.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let mut tools = TOOLS.iter();
    tools.find(|tool| tool.name == name).and_then(Tool::find)
}

fn missing() -> Vec<&'static Tool> {
    let tools = TOOLS.iter();
    tools.filter(|tool| tool.find().is_none()).collect()
}

impl Tool {
    fn find(&self) -> Option<PathBuf> {
        let name = std::slice::from_ref(&self.name);
        let places = if self.places.is_empty() {
            name
        } else {
            self.places
        };
        places.iter().find_map(|place| find_program(place))
    }
}

fn find_program(place: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let usual = ["/usr/sbin", "/usr/local/sbin", "/sbin"].map(PathBuf::from);
    // Joining an absolute path replaces the folder.
    let candidates = env::split_paths(&path).chain(usual);
    let mut candidates = candidates.map(|folder| folder.join(place));
    candidates.find(|candidate| candidate.is_file())
}

fn install(missing: &[&Tool]) {
    if missing.is_empty() {
        return;
    }
    let packages: Vec<&str> = missing.iter().map(|tool| tool.package).collect();
    if !is_root() || find_program("apt-get").is_none() {
        println!(
            "Not installing {}: that takes root and apt-get.",
            packages.join(", ")
        );
        return;
    }
    let _no_services = NoServices::begin();
    // An old list of packages may still do; what does not is named by the caller.
    let _ = succeeds(apt_get().arg("update"));
    for tool in missing {
        // A package may have brought another one's program, or be at odds with it.
        if tool.find().is_some() {
            continue;
        }
        println!("Installing {}", tool.package);
        let arguments = ["install", "-y", "--no-install-recommends", tool.package];
        if let Err(why) = succeeds(apt_get().args(arguments)) {
            println!("{why}");
        }
    }
}

fn apt_get() -> std::process::Command {
    let mut command = program("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").arg("-q");
    command
}

/// Whether files of root's are ours to write.
fn is_root() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let uid = status.lines().find_map(|line| line.strip_prefix("Uid:"));
    uid.and_then(|ids| ids.split_whitespace().nth(1)) == Some("0")
}

/// While it lives, Debian starts no service that it installs: nginx is to be there, not to run.
struct NoServices {
    ours: bool,
}

const POLICY: &str = "/usr/sbin/policy-rc.d";

impl NoServices {
    fn begin() -> Self {
        use std::os::unix::fs::PermissionsExt;
        let ours = !Path::new(POLICY).exists()
            && fs::write(POLICY, "#!/bin/sh\nexit 101\n").is_ok()
            && fs::set_permissions(POLICY, fs::Permissions::from_mode(0o755)).is_ok();
        Self { ours }
    }
}

impl Drop for NoServices {
    fn drop(&mut self) {
        if self.ours {
            let _ = fs::remove_file(POLICY);
        }
    }
}

#[cfg(test)]
mod tests;
