//! In: nothing. Out: for each proxy, in the order of the page, the lines to set and why.
//!
//! Next: back to `proxies.rs`.

/// By the product's name in the record.
pub(super) const ADVICE: &[(&str, &str)] = &[
    (
        "nginx",
        "What a server cannot say with `X-Accel-Buffering: no`, the configuration can. The time is for servers that are \
         silent for longer than 60 s:\n\n\
         ```nginx\nproxy_http_version 1.1;\nproxy_buffering off;\nproxy_read_timeout 1h;\ngzip off;\n```",
    ),
    (
        "HAProxy",
        "The time is that of Debian's own file. In the backend:\n\n```haproxy\ntimeout server 1h\n```\n\n\
         Over HTTP/2 a server that died looks like a clean end: a reader that has to know needs a last event to wait for.",
    ),
    (
        "Varnish",
        "A server that sends `Cache-Control: no-cache` is safe from being shared. For one that does not, and for silence of \
         more than a minute (`.between_bytes_timeout` of the backend):\n\n\
         ```vcl\nsub vcl_recv { if (req.http.Accept ~ \"text/event-stream\") { return (pass); } }\n```\n\n\
         `do_gzip` holds events back: leave it off for event streams.",
    ),
    (
        "Apache",
        "Its own time is 60 s, in Debian's file 300 s. For more silence:\n\n```apache\nProxyTimeout 3600\n```\n\n\
         `mod_deflate` flushes each event; it compresses although the server says `no-transform`.",
    ),
    (
        "lighttpd",
        "As it comes, it collects the whole response first. One line:\n\n```lighttpd\nserver.stream-response-body = 1\n```",
    ),
    (
        "Caddy",
        "It passes streams on by itself. Only where `encode` is on, leave event streams out:\n\n\
         ```caddyfile\n@page not header Accept text/event-stream*\nencode @page gzip\n```\n\n\
         A server that died looks like a clean end: a reader that has to know needs a last event to wait for.",
    ),
    (
        "Squid",
        "As a reverse proxy it keeps `Authorization` to itself unless the peer's line says otherwise:\n\n\
         ```squid\ncache_peer server parent 80 0 no-query originserver login=PASSTHRU\n```",
    ),
    (
        "nghttpx",
        "For servers that are silent for longer than a minute:\n\n```ini\nbackend-read-timeout=1h\n```",
    ),
    (
        "Pushpin",
        "There is nothing to set. A server that died looks like a clean end: a reader that has to know needs a last event to \
         wait for.",
    ),
    (
        "tinyproxy",
        "There is nothing to set; its `Timeout` is 600 s in Debian's file.",
    ),
    (
        "h2o",
        "For servers that are silent for longer than 30 s, in milliseconds:\n\n```yaml\nproxy.timeout.io: 3600000\n```",
    ),
    (
        "Privoxy",
        "With the filters that Debian's file switches on it collects what it may have to change. It is a proxy of the reader: \
         the server has no say in it, and can only keep its answers short.",
    ),
];
