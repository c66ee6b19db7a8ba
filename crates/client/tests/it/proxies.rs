//! Proxies that do what a test says. In: connections. Out: what they were asked for, and tunnels.
//!
//! Next: `proxy.rs`.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use wellspring::EventSource;
use wellspring_testkit::server::ScriptedServer;

use crate::support::{builder, stream};

/// A name that no resolver knows.
pub(crate) const NEWS: &str = "http://news.invalid/stream?x=1";

pub(crate) async fn server() -> ScriptedServer {
    ScriptedServer::start_repeating(stream("data: a\n\n").hang()).await
}

/// A source that goes through the proxy with this URL.
pub(crate) fn through(url: &str, proxy: &str) -> EventSource {
    let proxy = wellspring::transport::Proxy::new(proxy).unwrap();
    builder(url).proxy(proxy).build().unwrap()
}

/// A URL with a secret.
pub(crate) fn at(scheme: &str, address: SocketAddr) -> String {
    format!("{scheme}://me:s%40cret@{address}")
}

/// Whoever is asked for, all tunnels lead here.
#[derive(Clone)]
struct Play {
    target: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    /// For SOCKS5: user and password that are wanted.
    wanted: Option<(&'static str, &'static str)>,
    /// How a tunnel is refused: the status line of HTTP, the reply of SOCKS5.
    refusal: Option<&'static str>,
}

pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    play: Play,
}

impl Proxy {
    /// HTTP, or HTTPS with an acceptor.
    pub(crate) async fn http(
        target: SocketAddr,
        tls: Option<TlsAcceptor>,
        refusal: Option<&'static str>,
    ) -> Self {
        let play = Play::new(target, None, refusal);
        let (listener, proxy) = Self::bind(play.clone()).await;
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (play, tls) = (play.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        Some(tls) => play.http(tls.accept(socket).await?).await,
                        None => play.http(socket).await,
                    }
                });
            }
        });
        proxy
    }

    pub(crate) async fn socks(
        target: SocketAddr,
        wanted: Option<(&'static str, &'static str)>,
        refusal: Option<&'static str>,
    ) -> Self {
        let play = Play::new(target, wanted, refusal);
        let (listener, proxy) = Self::bind(play.clone()).await;
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let play = play.clone();
                tokio::spawn(async move { play.socks(socket).await });
            }
        });
        proxy
    }

    async fn bind(play: Play) -> (TcpListener, Self) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        (listener, Self { address, play })
    }

    /// What it was asked for, in order: request heads, or `user:password host:port`.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.play.asked.lock().unwrap().clone()
    }
}

impl Play {
    fn new(
        target: SocketAddr,
        wanted: Option<(&'static str, &'static str)>,
        refusal: Option<&'static str>,
    ) -> Self {
        let asked = Arc::default();
        Self {
            target,
            asked,
            wanted,
            refusal,
        }
    }

    fn note(&self, text: String) {
        self.asked.lock().unwrap().push(text);
    }

    async fn http(&self, mut client: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(client.read_u8().await?);
        }
        let text = String::from_utf8_lossy(&head).into_owned();
        self.note(text.clone());
        if let Some(status) = self.refusal {
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
            return client.write_all(answer.as_bytes()).await;
        }
        let mut server = TcpStream::connect(self.target).await?;
        if text.starts_with("CONNECT ") {
            // One that thinks aloud.
            let interim =
                b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n";
            client.write_all(interim).await?;
            let answer = b"HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n";
            client.write_all(answer).await?;
        } else {
            server.write_all(&head).await?;
        }
        tokio::io::copy_bidirectional(&mut client, &mut server).await?;
        Ok(())
    }

    async fn socks(&self, mut client: TcpStream) -> io::Result<()> {
        let [_, count] = read::<2>(&mut client).await?;
        let mut methods = vec![0; usize::from(count)];
        client.read_exact(&mut methods).await?;
        let method = match self.wanted {
            None => 0,
            Some(_) if methods.contains(&2) => 2,
            Some(_) => 0xFF,
        };
        client.write_all(&[5, method]).await?;
        let mut who = String::new();
        if let Some((user, password)) = self.wanted.filter(|_| method == 2) {
            client.read_u8().await?;
            let given = (short(&mut client).await?, short(&mut client).await?);
            who = format!("{}:{} ", given.0, given.1);
            let refused = u8::from(given != (user.to_owned(), password.to_owned()));
            client.write_all(&[1, refused]).await?;
        }
        let [_, _, _, kind] = read::<4>(&mut client).await?;
        let host = match kind {
            1 => std::net::Ipv4Addr::from(read::<4>(&mut client).await?).to_string(),
            4 => std::net::Ipv6Addr::from(read::<16>(&mut client).await?).to_string(),
            _ => short(&mut client).await?,
        };
        let port = client.read_u16().await?;
        self.note(format!("{who}{host}:{port}"));
        let reply: u8 = self.refusal.map_or(0, |reply| reply.parse().unwrap());
        // Bound to a name, which is of no interest.
        let answer = [&[5, reply, 0, 3, 4][..], b"here", &[0, 0]].concat();
        client.write_all(&answer).await?;
        let mut server = TcpStream::connect(self.target).await?;
        tokio::io::copy_bidirectional(&mut client, &mut server).await?;
        Ok(())
    }
}

async fn read<const N: usize>(client: &mut TcpStream) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    client.read_exact(&mut bytes).await?;
    Ok(bytes)
}

async fn short(client: &mut TcpStream) -> io::Result<String> {
    let mut bytes = vec![0; usize::from(client.read_u8().await?)];
    client.read_exact(&mut bytes).await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
