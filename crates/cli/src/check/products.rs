//! What proxies do to event streams, as data. In: nothing. Out: a table of products: how each is
//! recognized in the head of a response, what it does, and which line of its configuration mends it.
//!
//! Each fact was measured with the version beside it, in a configuration near the default one; other
//! versions may differ. Next: `between.rs` looks things up.

/// Server software that may stand between an event stream and its readers.
#[derive(Debug)]
pub(super) struct Product {
    pub(super) name: &'static str,
    /// The version that the facts were measured with.
    pub(super) version: &'static str,
    /// Any of these in a head means that it was there; none for what leaves no trace.
    pub(super) marks: &'static [Mark],
    /// How it can hold back what a server sends.
    pub(super) holds: Option<Setting>,
    /// How its compression can hold back what a server sends.
    pub(super) compresses: Option<Setting>,
    /// After so many seconds of silence it cuts a stream off.
    pub(super) silence: Option<Silence>,
    /// How it can answer from a cache.
    pub(super) caches: Option<Setting>,
    /// When it turns a lost server into an end in good order.
    pub(super) hides_loss: Option<&'static str>,
}

/// A word in the value of a header; an empty one means any value.
#[derive(Debug)]
pub(super) struct Mark {
    pub(super) header: &'static str,
    pub(super) word: &'static str,
}

#[derive(Debug)]
pub(super) struct Setting {
    /// What it does, and when.
    pub(super) does: &'static str,
    /// What mends it.
    pub(super) mend: &'static str,
}

/// How a product cuts off what is silent.
#[derive(Debug)]
pub(super) struct Silence {
    /// Its default.
    pub(super) seconds: u64,
    /// Readers may see a good end, not an error.
    pub(super) is_clean: bool,
    /// What mends it.
    pub(super) mend: &'static str,
}

const fn mark(header: &'static str, word: &'static str) -> Mark {
    Mark { header, word }
}

/// Readers see an error.
const fn cut(seconds: u64, mend: &'static str) -> Silence {
    Silence {
        seconds,
        is_clean: false,
        mend,
    }
}

/// Readers see a good end over some versions of HTTP, or without framing.
const fn cut_cleanly(seconds: u64, mend: &'static str) -> Silence {
    Silence {
        seconds,
        is_clean: true,
        mend,
    }
}

const fn setting(does: &'static str, mend: &'static str) -> Setting {
    Setting { does, mend }
}

/// A product of which nothing is known yet.
const fn product(name: &'static str, version: &'static str, marks: &'static [Mark]) -> Product {
    Product {
        name,
        version,
        marks,
        holds: None,
        compresses: None,
        silence: None,
        caches: None,
        hides_loss: None,
    }
}

pub(super) const PRODUCTS: &[Product] = &[
    Product {
        holds: Some(setting(
            "collects a response that ends with its connection, as HTTP/1.0 ones do, and one that \
             proxy_cache may keep",
            "proxy_buffering off; or X-Accel-Buffering: no from the server",
        )),
        compresses: Some(setting(
            "with text/event-stream in gzip_types keeps even the head, unless the server sends \
             X-Accel-Buffering: no; it ignores no-transform",
            "gzip off; for the stream's location",
        )),
        silence: Some(cut(60, "proxy_read_timeout 1h;")),
        caches: Some(setting(
            "with proxy_cache and without Cache-Control keeps a stream that has ended, for all",
            "proxy_cache off; for the stream's location",
        )),
        ..product(
            "nginx",
            "1.22.1",
            &[mark("server", "nginx"), mark("server", "openresty")],
        )
    },
    Product {
        // As Debian configures it.
        silence: Some(cut_cleanly(50, "timeout server 1h and timeout client 1h")),
        hides_loss: Some("over HTTP/2"),
        ..product("HAProxy", "2.6.12", &[])
    },
    Product {
        compresses: Some(setting(
            "with do_gzip keeps all that the server sends; it ignores no-transform",
            "set beresp.do_gzip = false; in vcl_backend_response",
        )),
        holds: Some(setting(
            "with do_gzip keeps all that the server sends",
            "set beresp.do_gzip = false; in vcl_backend_response",
        )),
        silence: Some(cut(
            62,
            ".between_bytes_timeout = 1h; in the backend's definition",
        )),
        caches: Some(setting(
            "without Cache-Control lets a second reader join the first one's recording",
            "if (req.http.Accept ~ \"text/event-stream\") { return (pass); } in vcl_recv",
        )),
        ..product(
            "Varnish",
            "7.1.1",
            &[mark("x-varnish", ""), mark("via", "varnish")],
        )
    },
    Product {
        silence: Some(cut(300, "ProxyTimeout 3600")),
        ..product("Apache", "2.4.71", &[mark("server", "apache")])
    },
    Product {
        holds: Some(setting(
            "collects the whole response before it sends anything, by default",
            "server.stream-response-body = 1",
        )),
        ..product("lighttpd", "1.4.69", &[mark("server", "lighttpd")])
    },
    Product {
        compresses: Some(setting(
            "stalls a compressed stream whose first write has 512 bytes or more; it ignores \
             no-transform",
            "@page not header Accept text/event-stream* and encode @page gzip",
        )),
        hides_loss: Some("always"),
        ..product(
            "Caddy",
            "2.6.2",
            &[mark("server", "caddy"), mark("via", "caddy")],
        )
    },
    Product {
        silence: Some(cut_cleanly(60, "backend-read-timeout=1h")),
        ..product(
            "nghttpx",
            "1.52.0",
            &[mark("server", "nghttpx"), mark("via", "nghttpx")],
        )
    },
    Product {
        silence: Some(cut(30, "proxy.timeout.io: 3600000")),
        hides_loss: Some("when the server closes its connection"),
        ..product("h2o", "2.2.5", &[mark("server", "h2o")])
    },
    Product {
        hides_loss: Some("always"),
        ..product("Pushpin", "1.36.0", &[])
    },
    Product {
        holds: Some(setting(
            "collects the whole response to filter it, by default",
            "{ -filter -deanimate-gifs } with the stream's host below it, in user.action",
        )),
        ..product("Privoxy", "3.0.34", &[])
    },
];

#[cfg(test)]
mod tests;
