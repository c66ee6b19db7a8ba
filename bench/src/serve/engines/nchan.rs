//! nginx with nchan, Debian's packages `nginx` and `libnginx-mod-nchan`: one worker, the history as long as the
//! longest flight. Events are published over HTTP, which is its only way; that is one request for as many deliveries as
//! there are subscribers.

use super::{Engine, Role, text};
use crate::serve::process::Listeners;
use crate::serve::publisher::Publishing;
use rustix::process::{Signal, set_parent_process_death_signal};
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

pub(super) const ENGINE: Engine = Engine {
    name: "nchan",
    runtime: "nginx, one worker",
    role: Role::Peer,
    publishing: Publishing::Requests,
    serve,
};

const MODULE: &str = "/usr/lib/nginx/modules/ngx_nchan_module.so";
const PROGRAM: &str = "/usr/sbin/nginx";

/// Becomes nginx: the process keeps its number and its core.
fn serve(listeners: Listeners) -> Result<(), String> {
    if !Path::new(MODULE).exists() {
        return Err(format!("{MODULE} is not there: `cargo xtask tools`"));
    }
    let address = listeners.subscribers.local_addr().map_err(text)?;
    drop(listeners);
    let folder = std::env::temp_dir().join(format!("wellspring-bench-{}", address.port()));
    fs::create_dir_all(&folder).map_err(text)?;
    let settings = folder.join("nginx.conf");
    let here = folder.display();
    let written = format!(
        "load_module {MODULE};
worker_processes 1;
worker_rlimit_nofile 20000;
daemon off;
pid {here}/nginx.pid;
error_log {here}/error.log error;
events {{ worker_connections 19000; }}
http {{
  access_log off;
  client_body_temp_path {here}/body;
  proxy_temp_path {here}/proxy;
  fastcgi_temp_path {here}/fastcgi;
  uwsgi_temp_path {here}/uwsgi;
  scgi_temp_path {here}/scgi;
  keepalive_requests 1000000000;
  keepalive_timeout 1h;
  tcp_nodelay on;
  nchan_shared_memory_size 64M;
  server {{
    listen {address} backlog=4096;
    location = /publish {{
      nchan_publisher;
      nchan_channel_id events;
      nchan_message_buffer_length 64;
      nchan_message_timeout 1m;
    }}
    location = /events {{
      nchan_subscriber eventsource;
      nchan_channel_id events;
      nchan_subscriber_first_message newest;
    }}
  }}
}}
"
    );
    fs::write(&settings, written).map_err(text)?;
    // It has no use for its standard input, so it would outlive a benchmark that is killed.
    set_parent_process_death_signal(Some(Signal::TERM)).map_err(text)?;
    let mut nginx = Command::new(PROGRAM);
    nginx.arg("-e").arg(folder.join("error.log"));
    Err(text(nginx.arg("-c").arg(settings).exec()))
}
