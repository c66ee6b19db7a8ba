//! nginx with nchan, as publisher and as subscriber.

use crate::tail::{Tail, tail, text};
use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use wellspring_e2e::children::{Process, free_port, wait_for_listener};

const MODULES: [&str; 2] = [
    "/usr/lib/nginx/modules/ngx_nchan_module.so",
    "/usr/share/nginx/modules/ngx_nchan_module.so",
];

/// An nginx in a folder of its own.
struct Nginx {
    program: PathBuf,
    folder: PathBuf,
    port: u16,
    process: Option<Process>,
}

impl Nginx {
    fn start() -> Option<Self> {
        let program = wellspring_testkit::tool("nginx")?;
        // The tool of an absolute path is that path, or missing aloud.
        let found = MODULES.iter().find(|module| Path::new(module).exists());
        let module = wellspring_testkit::tool(found.unwrap_or(&MODULES[0]))?;
        let port = free_port().unwrap();
        let folder = std::env::temp_dir().join(format!("wellspring-nchan-{port}"));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("nginx.conf"), configuration(&module, port)).unwrap();
        let mut nginx = Self {
            program,
            folder,
            port,
            process: None,
        };
        let process = Process::start(&mut nginx.command()).unwrap();
        let mut stop = nginx.command();
        stop.args(["-s", "stop"]);
        nginx.process = Some(process.stopped_by(stop));
        wait_for_listener(port).unwrap();
        Some(nginx)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("-p").arg(&self.folder);
        // Not the log that the package was built with, which is root's.
        command.args(["-c", "nginx.conf", "-e", "error.log"]);
        command
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/events", self.port)
    }

    /// Posts a message, of an event type unless that is empty.
    fn publish(&self, event_type: &str, data: &str) {
        let mut socket = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let length = data.len();
        let request = format!(
            "POST /publish HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             X-EventSource-Event: {event_type}\r\nContent-Length: {length}\r\n\r\n{data}"
        );
        let request = request.replace("X-EventSource-Event: \r\n", "");
        socket.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        let taken = ["HTTP/1.1 201", "HTTP/1.1 202"];
        assert!(
            taken.iter().any(|head| answer.starts_with(head)),
            "{answer}"
        );
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        drop(self.process.take());
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Everything in its own folder, and the user that started it, also when that is root.
fn configuration(module: &Path, port: u16) -> String {
    let module = module.display();
    let user = if fs::metadata("/proc/self").is_ok_and(|own| is_root(&own)) {
        "user root;"
    } else {
        ""
    };
    let folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let folders = folders.map(|name| format!("{name}_temp_path {name};\n"));
    let folders = folders.concat();
    format!(
        "load_module {module};
        {user}
        daemon off;
        worker_processes 1;
        error_log error.log warn;
        pid nginx.pid;
        events {{ worker_connections 64; }}
        http {{
            access_log off;
            {folders}
            server {{
                listen 127.0.0.1:{port};
                location = /publish {{
                    nchan_publisher;
                    nchan_channel_id news;
                    nchan_message_buffer_length 100;
                }}
                location = /events {{
                    nchan_subscriber eventsource;
                    nchan_channel_id news;
                    nchan_eventsource_ping_interval 1;
                }}
            }}
        }}"
    )
}

fn is_root(own: &fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::uid(own) == 0
}

/// Type and data of each.
fn parts(events: &[Value]) -> Vec<(&str, &str)> {
    let parts = events.iter();
    parts
        .map(|event| (text(event, "type"), text(event, "data")))
        .collect()
}

#[test]
fn tail_prints_what_is_published_through_nchan_and_resumes() {
    let Some(nginx) = Nginx::start() else {
        return;
    };
    let url = nginx.url();
    nginx.publish("", "first");
    nginx.publish("notice", "two\nlines");
    let replayed = tail(&url, 2, &[]);
    let expected = [("message", "first"), ("notice", "two\nlines")];
    assert_eq!(parts(&replayed), expected);

    // Live: what is published while the subscriber is there.
    let last = text(&replayed[1], "lastEventId");
    let mut live = Tail::start(&url, 2, &["--last-event-id", last]);
    live.wait_for_note("open");
    nginx.publish("", "{\"n\":3}");
    nginx.publish("update", "é 🦀");
    let live = live.events();
    assert_eq!(parts(&live), [("message", "{\"n\":3}"), ("update", "é 🦀")]);

    // Resumed: what was published while it was away, and nothing before.
    nginx.publish("", "missed 1");
    nginx.publish("", "missed 2");
    let last = text(&live[1], "lastEventId");
    let resumed = tail(&url, 2, &["--last-event-id", last]);
    assert_eq!(
        parts(&resumed),
        [("message", "missed 1"), ("message", "missed 2")]
    );
    let mut ids: Vec<&str> = Vec::new();
    let all = [&replayed, &live, &resumed].into_iter().flatten();
    ids.extend(all.map(|event| text(event, "lastEventId")));
    assert!(ids.iter().all(|id| !id.is_empty()), "{ids:?}");
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "{ids:?}");
}
