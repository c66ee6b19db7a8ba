//! Servers of three origins. In: a row of the table of fetches that browsers are asked about too. Out:
//! its URL, and what each hop heard.
//!
//! Next: `cors.rs`.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// Listens while it is there.
pub(crate) struct Origins {
    addresses: [SocketAddr; 3],
    _tasks: JoinSet<()>,
    heard: Arc<Mutex<Vec<String>>>,
    answers: Arc<Mutex<Vec<String>>>,
}

impl Origins {
    pub(crate) async fn start() -> Self {
        let heard = Arc::<Mutex<Vec<String>>>::default();
        let answers = Arc::<Mutex<Vec<String>>>::default();
        let mut tasks = JoinSet::new();
        let mut addresses = Vec::new();
        for _ in 0..3 {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            addresses.push(listener.local_addr().unwrap());
            let (heard, answers) = (Arc::clone(&heard), Arc::clone(&answers));
            tasks.spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(answer(stream, Arc::clone(&heard), Arc::clone(&answers)));
                }
            });
        }
        Self {
            addresses: addresses.try_into().unwrap(),
            _tasks: tasks,
            heard,
            answers,
        }
    }

    /// The origin that the table calls so.
    pub(crate) fn origin(&self, name: &str) -> String {
        let (host, index) = match name {
            "page" => ("127.0.0.1", 0),
            "other" => ("127.0.0.1", 1),
            "far" => ("localhost", 2),
            other => panic!("no origin is called {other}"),
        };
        format!("http://{host}:{}", self.addresses[index].port())
    }

    /// Gets ready for the row and returns the URL of its first hop.
    pub(crate) fn prepare(&self, row: &Value) -> String {
        let hops = row["hops"].as_array().unwrap();
        let answers = (0..hops.len()).map(|index| self.answer_of(hops, index));
        *self.answers.lock().unwrap() = answers.collect();
        self.heard.lock().unwrap().clear();
        self.url(hops, 0)
    }

    /// The values of a header in the requests of each hop that was reached; `-` where there is none.
    pub(crate) fn heard(&self, name: &str) -> Vec<String> {
        let heard = self.heard.lock().unwrap();
        heard.iter().map(|head| header(head, name)).collect()
    }

    fn url(&self, hops: &[Value], index: usize) -> String {
        let hop = &hops[index];
        let origin = self.origin(hop["at"].as_str().unwrap());
        let origin = if hop["userinfo"] == true {
            origin.replace("://", "://user:pass@")
        } else {
            origin
        };
        format!("{origin}/{index}")
    }

    fn answer_of(&self, hops: &[Value], index: usize) -> String {
        let mut answer = if index + 1 == hops.len() {
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n".to_owned()
        } else {
            let location = self.url(hops, index + 1);
            format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n")
        };
        let page = self.origin("page");
        for header in hops[index]["headers"].as_array().unwrap() {
            let value = header[1].as_str().unwrap();
            let value = value.replace("$page", &page);
            let value = value.replace("$PAGE", &page.to_uppercase());
            answer += &format!("{}: {value}\r\n", header[0].as_str().unwrap());
        }
        answer + "\r\ndata: a\n\n"
    }
}

async fn answer(
    mut stream: TcpStream,
    heard: Arc<Mutex<Vec<String>>>,
    answers: Arc<Mutex<Vec<String>>>,
) {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else {
            return;
        };
        head.push(char::from(byte));
    }
    let path = head.split(' ').nth(1).unwrap_or_default();
    let index: usize = path.trim_start_matches('/').parse().unwrap();
    heard.lock().unwrap().push(head);
    let answer = answers.lock().unwrap()[index].clone();
    // A client that has seen enough hangs up.
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.read_u8().await;
}

fn header(head: &str, name: &str) -> String {
    let line = head.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found
            .eq_ignore_ascii_case(name)
            .then(|| value.trim().to_owned())
    });
    line.unwrap_or_else(|| "-".to_owned())
}
