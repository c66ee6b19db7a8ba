//! Web servers that pass requests on: nginx, Apache, lighttpd, Caddy, h2o.
//!
//! Next: `proxy.rs`.

use super::super::product::{Product, cache, gzip, plain};
use super::{BOTH, Front};

pub(super) static NGINX: Product = Product {
    name: "nginx",
    package: "nginx",
    program: "nginx",
    fronts: BOTH,
    forwards: false,
    settings: &[
        plain(""),
        plain("proxy_ignore_headers X-Accel-Buffering;"),
        plain("proxy_http_version 1.1; proxy_buffering off; proxy_read_timeout 1h;"),
        gzip("gzip on; gzip_types text/event-stream;"),
        cache("proxy_cache wild; proxy_cache_valid 1m;"),
    ],
    file: "nginx.conf",
    text: |place| {
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
        let temporary = temporary.map(|name| format!("{name}_temp_path {name};\n"));
        let (port, upstream, lines) = (place.port, place.upstream, place.lines);
        let http2 = if place.front == Front::Http2 {
            " http2"
        } else {
            ""
        };
        format!(
            "daemon off;
            # One process, so that a kill leaves no worker behind.
            master_process off;
            error_log stderr crit;
            pid nginx.pid;
            events {{ worker_connections 64; }}
            http {{
                access_log off;
                {}
                proxy_cache_path cache keys_zone=wild:1m;
                server {{
                    listen 127.0.0.1:{port}{http2};
                    location / {{ proxy_pass http://127.0.0.1:{upstream}; {lines} }}
                }}
            }}",
            temporary.concat()
        )
    },
    arguments: |place| {
        let folder = place.folder.display().to_string();
        strings(&["-p", &folder, "-c", "nginx.conf", "-e", "stderr"])
    },
};

pub(super) static APACHE: Product = Product {
    name: "Apache",
    package: "apache2",
    program: "apache2",
    fronts: BOTH,
    forwards: false,
    settings: &[
        plain(""),
        gzip("AddOutputFilterByType DEFLATE text/event-stream"),
        cache("CacheRoot cache\nCacheEnable disk /"),
    ],
    file: "apache.conf",
    text: |place| {
        let names = [
            "mpm_event",
            "authz_core",
            "proxy",
            "proxy_http",
            "filter",
            "deflate",
            "http2",
            "cache",
            "cache_disk",
        ];
        let modules = names.map(|name| {
            format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n")
        });
        let (port, upstream, lines) = (place.port, place.upstream, place.lines);
        format!(
            // The time is that of Debian's own file.
            "ServerRoot {}\nPidFile pid\nErrorLog error.log\nListen 127.0.0.1:{port}\n\
             ServerName localhost\nTimeout 300\n{}Protocols h2c http/1.1\n{lines}\n\
             ProxyPass / http://127.0.0.1:{upstream}/\n",
            place.folder.display(),
            modules.concat()
        )
    },
    arguments: |place| {
        let file = place.folder.join("apache.conf").display().to_string();
        strings(&["-X", "-f", &file])
    },
};

pub(super) static LIGHTTPD: Product = Product {
    name: "lighttpd",
    package: "lighttpd",
    program: "lighttpd",
    fronts: BOTH,
    forwards: false,
    settings: &[
        plain(""),
        plain("server.stream-response-body = 1"),
        gzip(
            "server.stream-response-body = 1\nserver.modules += (\"mod_deflate\")\n\
             deflate.mimetypes = (\"text/event-stream\")\ndeflate.allowed-encodings = (\"gzip\")",
        ),
    ],
    file: "lighttpd.conf",
    text: |place| {
        let (port, upstream, lines) = (place.port, place.upstream, place.lines);
        let folder = place.folder.display();
        format!(
            "server.modules = (\"mod_proxy\")\nserver.document-root = \"{folder}\"\n\
             server.upload-dirs = (\"{folder}\")\nserver.errorlog = \"{folder}/error.log\"\n\
             server.bind = \"127.0.0.1\"\nserver.port = {port}\n\
             proxy.server = (\"\" => ((\"host\" => \"127.0.0.1\", \"port\" => {upstream})))\n{lines}\n"
        )
    },
    arguments: |place| {
        let file = place.folder.join("lighttpd.conf").display().to_string();
        strings(&["-D", "-f", &file])
    },
};

pub(super) static CADDY: Product = Product {
    name: "Caddy",
    package: "caddy",
    program: "caddy",
    fronts: BOTH,
    forwards: false,
    settings: &[plain(""), gzip("encode gzip")],
    file: "Caddyfile",
    text: |place| {
        let (port, upstream, lines) = (place.port, place.upstream, place.lines);
        format!(
            "{{\n admin off\n auto_https off\n servers {{\n  protocols h1 h2c\n }}\n}}\n\
             http://:{port} {{\n bind 127.0.0.1\n {lines}\n reverse_proxy 127.0.0.1:{upstream}\n}}\n"
        )
    },
    arguments: |place| {
        let file = place.folder.join("Caddyfile").display().to_string();
        strings(&["run", "--adapter", "caddyfile", "--config", &file])
    },
};

pub(super) static H2O: Product = Product {
    name: "h2o",
    package: "h2o",
    program: "h2o",
    fronts: BOTH,
    forwards: false,
    settings: &[
        plain(""),
        plain("proxy.timeout.io: 3600000"),
        gzip("compress: [gzip]"),
    ],
    file: "h2o.conf",
    text: |place| {
        let (port, upstream, lines) = (place.port, place.upstream, place.lines);
        format!(
            "listen:\n  host: 127.0.0.1\n  port: {port}\n{lines}\nhosts:\n  \"*\":\n    paths:\n      \"/\":\n        \
             proxy.reverse.url: \"http://127.0.0.1:{upstream}/\"\n"
        )
    },
    arguments: |_| strings(&["-c", "h2o.conf"]),
};

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
