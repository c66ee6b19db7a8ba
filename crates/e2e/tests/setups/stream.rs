//! What the server behind sends. In: a name out of `setups.toml`. Out: a server.
//!
//! Next: `verdict.rs`.

use std::time::Duration;

use wellspring_testkit::server::{Request, Script, ScriptedServer};

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\
                    Cache-Control: no-cache, no-transform\r\n";

/// More than a proxy keeps back before it compresses.
const LONG: usize = 600;

pub(crate) async fn server(name: &str) -> ScriptedServer {
    let name = name.to_owned();
    ScriptedServer::start_answering(move |request| answer(request, &name)).await
}

fn answer(request: &Request, name: &str) -> Script {
    let is_chunked = !matches!(name, "unframed" | "asking");
    let more = match name {
        "asking" => "X-Accel-Buffering: no\r\n",
        _ if is_chunked => "Transfer-Encoding: chunked\r\n",
        _ => "",
    };
    let send = |script: Script, text: &str| match is_chunked {
        true => script.send_chunk(text),
        false => script.send(text),
    };
    let mut script = Script::new().send(format!("{HEAD}{more}\r\n"));
    if request.line().starts_with("HEAD") {
        return script;
    }
    script = match name {
        "opening" => send(script, &format!(":{}\nretry: 2000\n\n", " ".repeat(LONG))),
        _ => send(script, "retry: 2000\n\n"),
    };
    script = script.pause(Duration::from_millis(50));
    let last = request.header("last-event-id").unwrap_or_default();
    let last: u64 = String::from_utf8(last).unwrap().parse().unwrap_or(0);
    let count = match name {
        "quiet" => 1,
        "lost" => 5,
        "ticking" | "opening" | "unframed" | "asking" => 80,
        other => panic!("no server is called {other}"),
    };
    for number in last + 1..=last + count {
        script = send(script, &format!("id: {number}\ndata: {number}\n\n"));
        script = script.pause(Duration::from_millis(200));
    }
    match name {
        "lost" => script.reset(),
        _ => script.hang(),
    }
}
