//! Programs that do nothing but pass requests on, some of them with a cache: `HAProxy`, Varnish, Squid, nghttpx, Pushpin,
//! tinyproxy, Privoxy.
//!
//! Next: back to `proxies.rs`.

use super::super::product::{Place, Product, cache, gzip, plain};
use super::{BOTH, Front, HTTP_1};

pub(super) static HAPROXY: Product = Product {
    name: "HAProxy",
    package: "haproxy",
    program: "haproxy",
    fronts: BOTH,
    forwards: false,
    settings: &[
        plain(""),
        plain("timeout server 1h\n timeout tunnel 1h"),
        gzip("compression algo gzip\n compression type text/event-stream"),
        cache("http-request cache-use wild\n http-response cache-store wild"),
    ],
    file: "haproxy.cfg",
    text: |place| {
        let (port, upstream, lines) = (place.port, place.upstream, place.lines);
        let http2 = if place.front == Front::Http2 {
            " proto h2"
        } else {
            ""
        };
        format!(
            // The times are those of Debian's own file.
            "cache wild\n total-max-size 4\n max-age 60\n\
             defaults\n mode http\n timeout connect 5s\n timeout client 50s\n timeout server 50s\n\
             frontend front\n bind 127.0.0.1:{port}{http2}\n default_backend back\n\
             backend back\n {lines}\n server one 127.0.0.1:{upstream}\n"
        )
    },
    arguments: |_| strings(&["-db", "-f", "haproxy.cfg"]),
};

pub(super) static VARNISH: Product = Product {
    name: "Varnish",
    package: "varnish",
    program: "varnishd",
    fronts: BOTH,
    forwards: false,
    settings: &[
        plain(""),
        plain("sub vcl_recv { if (req.http.Accept ~ \"text/event-stream\") { return (pass); } }"),
        gzip("sub vcl_backend_response { set beresp.do_gzip = true; }"),
        cache(
            "sub vcl_backend_response { unset beresp.http.Cache-Control; set beresp.ttl = 60s; }",
        ),
    ],
    file: "default.vcl",
    text: |place| {
        let (upstream, lines) = (place.upstream, place.lines);
        format!(
            "vcl 4.1;\nbackend default {{ .host = \"127.0.0.1\"; .port = \"{upstream}\"; }}\n{lines}\n"
        )
    },
    arguments: |place| {
        let folder = place.folder.display();
        let (work, file) = (format!("{folder}/work"), format!("{folder}/default.vcl"));
        let listen = format!("127.0.0.1:{}", place.port);
        let mut words = strings(&["-F", "-j", "none", "-s", "malloc,8m"]);
        words.extend(strings(&[
            "-p",
            "feature=+http2",
            "-a",
            &listen,
            "-n",
            &work,
            "-f",
            &file,
        ]));
        words
    },
};

pub(super) static SQUID: Product = Product {
    name: "Squid",
    package: "squid",
    program: "squid",
    fronts: HTTP_1,
    forwards: false,
    settings: &[plain("")],
    file: "squid.conf",
    text: |place| {
        let (port, upstream) = (place.port, place.upstream);
        let folder = place.folder.display();
        format!(
            "http_port 127.0.0.1:{port} accel defaultsite=localhost\n\
             cache_peer 127.0.0.1 parent {upstream} 0 no-query originserver name=one\n\
             http_access allow all\ncache_mem 8 MB\npid_filename {folder}/pid\naccess_log none\n\
             cache_log {folder}/cache.log\nvisible_hostname localhost\npinger_enable off\n\
             netdb_filename none\nshutdown_lifetime 1 seconds\n"
        )
    },
    arguments: |place| {
        let file = place.folder.join("squid.conf").display().to_string();
        strings(&["-N", "-f", &file])
    },
};

pub(super) static NGHTTPX: Product = Product {
    name: "nghttpx",
    package: "nghttp2-proxy",
    program: "nghttpx",
    fronts: BOTH,
    forwards: false,
    settings: &[plain(""), plain("backend-read-timeout=1h")],
    file: "nghttpx.conf",
    text: |place| {
        let (port, upstream, lines) = (place.port, place.upstream, place.lines);
        format!(
            "frontend=127.0.0.1,{port};no-tls\nbackend=127.0.0.1,{upstream}\nsingle-process=yes\n{lines}\n"
        )
    },
    arguments: |place| {
        vec![format!(
            "--conf={}",
            place.folder.join("nghttpx.conf").display()
        )]
    },
};

pub(super) static PUSHPIN: Product = Product {
    name: "Pushpin",
    package: "pushpin",
    // It takes zurl beside it, which asks the server.
    program: "sh",
    fronts: HTTP_1,
    forwards: false,
    settings: &[plain("")],
    file: "pushpin.conf",
    text: pushpin,
    arguments: |_| {
        strings(&[
            "-c",
            "zurl --config=zurl.conf & exec pushpin --config=pushpin.conf",
        ])
    },
};

fn pushpin(place: Place<'_>) -> String {
    let (port, upstream) = (place.port, place.upstream);
    let folder = place.folder.display();
    let zurl = format!("ipc://{folder}/zurl");
    let more = [
        ("routes", format!("* 127.0.0.1:{upstream}\n")),
        (
            "zurl.conf",
            format!(
                "[General]\nin_spec={zurl}-in\nin_stream_spec={zurl}-in-stream\nout_spec={zurl}-out\n\
                 in_req_spec={zurl}-req\nallow=*\ndefpolicy=allow\n"
            ),
        ),
    ];
    for (name, text) in more {
        std::fs::write(place.folder.join(name), text).unwrap();
    }
    format!(
        "[global]\ninclude={{libdir}}/internal.conf\nrundir={folder}\nipc_prefix=wild-\nport_offset=0\n\
         [runner]\nservices=condure,pushpin-proxy,pushpin-handler\nhttp_port=127.0.0.1:{port}\n\
         logdir={folder}\nlog_level=2\nclient_buffer_size=8192\nclient_maxconn=100\n\
         [proxy]\nroutesfile=routes\nupdates_check=off\nzurl_out_specs={zurl}-in\n\
         zurl_out_stream_specs={zurl}-in-stream\nzurl_in_specs={zurl}-out\n\
         [handler]\npush_in_spec=ipc://{folder}/push-in\npush_in_sub_specs=ipc://{folder}/push-sub\n\
         push_in_http_port=0\nstats_spec=ipc://{folder}/stats\ncommand_spec=ipc://{folder}/command\n\
         message_rate=2500\nmessage_hwm=25000\n"
    )
}

pub(super) static TINYPROXY: Product = Product {
    name: "tinyproxy",
    package: "tinyproxy-bin",
    program: "tinyproxy",
    fronts: HTTP_1,
    forwards: false,
    settings: &[plain("")],
    file: "tinyproxy.conf",
    text: |place| {
        let (port, upstream) = (place.port, place.upstream);
        format!(
            "Port {port}\nListen 127.0.0.1\nTimeout 600\nMaxClients 100\nLogFile \"{}/log\"\n\
             ReverseOnly Yes\nReversePath \"/\" \"http://127.0.0.1:{upstream}/\"\n",
            place.folder.display()
        )
    },
    arguments: |_| strings(&["-d", "-c", "tinyproxy.conf"]),
};

pub(super) static PRIVOXY: Product = Product {
    name: "Privoxy",
    package: "privoxy",
    program: "privoxy",
    fronts: HTTP_1,
    forwards: true,
    settings: &[plain("")],
    file: "privoxy.conf",
    text: |place| {
        let files = ["match-all.action", "default.action", "user.action"]
            .map(|file| format!("actionsfile {file}\n"));
        format!(
            // The rest is Debian's own file.
            "confdir /etc/privoxy\nlogdir {}\n{}filterfile default.filter\nfilterfile user.filter\n\
             logfile log\nlisten-address 127.0.0.1:{}\nkeep-alive-timeout 5\nsocket-timeout 300\n",
            place.folder.display(),
            files.concat(),
            place.port
        )
    },
    arguments: |place| {
        let file = place.folder.join("privoxy.conf").display().to_string();
        strings(&["--no-daemon", &file])
    },
};

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
