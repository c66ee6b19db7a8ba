//! Configurations that matter to `check`. In: where the server is, and the lines to try. Out: a proxy
//! before it; nothing where the program is not on this machine.
//!
//! Next: back to `../check.rs`.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use wellspring_testkit::tool;

use crate::proxies::Proxy;

/// The lines stand in the location that passes everything on.
pub(super) fn nginx(server: SocketAddr, lines: &str) -> Option<Proxy> {
    let inside = format!("location / {{ proxy_pass http://{server}; {lines} }}");
    Proxy::nginx(&inside)
}

/// The lines stand in the site, before everything is passed on.
pub(super) fn caddy(server: SocketAddr, lines: &str) -> Option<Proxy> {
    let program = tool("caddy")?;
    let configuration = |port, _: &Path| {
        format!(
            "{{\n admin off\n auto_https off\n}}\n\
             http://:{port} {{\n bind 127.0.0.1\n {lines}\n reverse_proxy {server}\n}}\n"
        )
    };
    Some(Proxy::start("Caddyfile", configuration, |folder| {
        let mut command = Command::new(&program);
        command.args(["run", "--adapter", "caddyfile", "--config"]);
        command.arg(folder.join("Caddyfile"));
        for variable in ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"] {
            command.env(variable, folder);
        }
        command
    }))
}

/// The lines stand at the end of the configuration.
pub(super) fn lighttpd(server: SocketAddr, lines: &str) -> Option<Proxy> {
    let program = tool("lighttpd")?;
    let configuration = |port, folder: &Path| {
        let (folder, host, at) = (folder.display(), server.ip(), server.port());
        format!(
            "server.modules = (\"mod_proxy\")\n\
             server.document-root = \"{folder}\"\n\
             server.upload-dirs = (\"{folder}\")\n\
             server.errorlog = \"{folder}/error.log\"\n\
             server.bind = \"127.0.0.1\"\nserver.port = {port}\n\
             proxy.server = (\"\" => ((\"host\" => \"{host}\", \"port\" => {at})))\n{lines}\n"
        )
    };
    Some(Proxy::start("lighttpd.conf", configuration, |folder| {
        let mut command = Command::new(&program);
        command
            .arg("-D")
            .arg("-f")
            .arg(folder.join("lighttpd.conf"));
        command
    }))
}

/// The one stands in the backend, the other behind it.
pub(super) fn varnish(server: SocketAddr, backend: &str, lines: &str) -> Option<Proxy> {
    let program = tool("varnishd")?;
    // Its port is no part of its configuration.
    let listen = std::cell::Cell::new(0);
    let configuration = |port, _: &Path| {
        listen.set(port);
        let (host, at) = (server.ip(), server.port());
        format!(
            "vcl 4.1;\n\
             backend default {{ .host = \"{host}\"; .port = \"{at}\"; {backend} }}\n{lines}\n"
        )
    };
    Some(Proxy::start("default.vcl", configuration, |folder| {
        let mut command = Command::new(&program);
        command.args(["-F", "-j", "none", "-s", "malloc,8m", "-a"]);
        command.arg(format!("127.0.0.1:{}", listen.get()));
        command.arg("-n").arg(folder.join("work"));
        command.arg("-f").arg(folder.join("default.vcl"));
        command
    }))
}

/// Cuts off what is silent for so many seconds.
pub(super) fn haproxy(server: SocketAddr, seconds: u32) -> Option<Proxy> {
    let program = tool("haproxy")?;
    let configuration = |port, _: &Path| {
        format!(
            "defaults\n mode http\n timeout connect 5s\n timeout client {seconds}s\n \
             timeout server {seconds}s\n\
             frontend front\n bind 127.0.0.1:{port}\n default_backend back\n\
             backend back\n server one {server}\n"
        )
    };
    Some(Proxy::start("haproxy.cfg", configuration, |folder| {
        let mut command = Command::new(&program);
        command.arg("-db").arg("-f").arg(folder.join("haproxy.cfg"));
        command
    }))
}

/// Compresses event streams.
pub(super) fn apache(server: SocketAddr) -> Option<Proxy> {
    const MODULES: &str = "/usr/lib/apache2/modules";
    let program = tool("apache2")?;
    let configuration = |port, folder: &Path| {
        let names = [
            "mpm_event",
            "authz_core",
            "proxy",
            "proxy_http",
            "filter",
            "deflate",
        ];
        let modules =
            names.map(|name| format!("LoadModule {name}_module {MODULES}/mod_{name}.so\n"));
        let (modules, folder) = (modules.concat(), folder.display());
        format!(
            "ServerRoot {folder}\nPidFile {folder}/pid\nErrorLog {folder}/error.log\n\
             Listen 127.0.0.1:{port}\nServerName localhost\n{modules}\
             AddOutputFilterByType DEFLATE text/event-stream\nProxyPass / http://{server}/\n"
        )
    };
    Some(Proxy::start("apache.conf", configuration, |folder| {
        let mut command = Command::new(&program);
        command.arg("-X").arg("-f").arg(folder.join("apache.conf"));
        command
    }))
}
