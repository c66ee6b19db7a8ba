//! The floor: one thread, one epoll instance, a log, and for each subscriber a place in it. An event is written with
//! one `send`, and so is all that a subscriber has before it. No HTTP but a fixed head, no chunks, no keep-alive.

use super::{Engine, Role, text};
use crate::serve::process::Listeners;
use crate::serve::publisher::Publishing;
use rustix::event::epoll::{self, CreateFlags, Event, EventData, EventFlags};
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;

pub(super) const ENGINE: Engine = Engine {
    name: "epoll",
    runtime: "none, one thread",
    role: Role::Floor,
    publishing: Publishing::Lines,
    serve,
};

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

/// What the events of the epoll instance are about, besides subscribers.
const SUBSCRIBERS: u64 = u64::MAX;
const PUBLISHERS: u64 = u64::MAX - 1;
const PUBLISHER: u64 = u64::MAX - 2;

struct Server {
    epoll: OwnedFd,
    log: Vec<u8>,
    subscribers: Vec<Subscriber>,
    publisher: Option<TcpStream>,
    /// The beginning of a line.
    line: Vec<u8>,
}

struct Subscriber {
    socket: TcpStream,
    /// Where it is in the log, once it has asked.
    place: Option<usize>,
}

fn serve(listeners: Listeners) -> Result<(), String> {
    let mut server = Server {
        epoll: epoll::create(CreateFlags::CLOEXEC).map_err(text)?,
        log: Vec::new(),
        subscribers: Vec::new(),
        publisher: None,
        line: Vec::new(),
    };
    let Listeners {
        subscribers,
        publisher,
    } = listeners;
    for (listener, token) in [(&subscribers, SUBSCRIBERS), (&publisher, PUBLISHERS)] {
        listener.set_nonblocking(true).map_err(text)?;
        server.watch(listener, token, EventFlags::IN)?;
    }
    let mut events: Vec<Event> = Vec::with_capacity(1024);
    loop {
        events.clear();
        let spare = rustix::buffer::spare_capacity(&mut events);
        epoll::wait(&server.epoll, spare, None).map_err(text)?;
        for event in &events {
            match event.data.u64() {
                SUBSCRIBERS => server.accept(&subscribers)?,
                PUBLISHERS => {
                    let (socket, _) = publisher.accept().map_err(text)?;
                    socket.set_nonblocking(true).map_err(text)?;
                    server.watch(&socket, PUBLISHER, EventFlags::IN)?;
                    server.publisher = Some(socket);
                }
                PUBLISHER => server.publish()?,
                index => server.subscribers[index as usize].ready(&server.log),
            }
        }
    }
}

impl Server {
    fn watch(
        &self,
        socket: &impl std::os::fd::AsFd,
        token: u64,
        flags: EventFlags,
    ) -> Result<(), String> {
        epoll::add(&self.epoll, socket, EventData::new_u64(token), flags).map_err(text)
    }

    fn accept(&mut self, listener: &TcpListener) -> Result<(), String> {
        while let Ok((socket, _)) = listener.accept() {
            socket.set_nonblocking(true).map_err(text)?;
            socket.set_nodelay(true).map_err(text)?;
            let flags = EventFlags::IN | EventFlags::OUT | EventFlags::ET;
            self.watch(&socket, self.subscribers.len() as u64, flags)?;
            let place = None;
            self.subscribers.push(Subscriber { socket, place });
        }
        Ok(())
    }

    /// Appends the lines that are there, then writes to everybody.
    fn publish(&mut self) -> Result<(), String> {
        let Some(publisher) = &mut self.publisher else {
            return Ok(());
        };
        let mut buffer = [0; 8192];
        let read = publisher.read(&mut buffer).map_err(text)?;
        if read == 0 {
            self.publisher = None;
        }
        self.line.extend_from_slice(&buffer[..read]);
        while let Some(end) = memchr::memchr(b'\n', &self.line) {
            self.log.extend_from_slice(b"data: ");
            self.log.extend_from_slice(&self.line[..end]);
            self.log.extend_from_slice(b"\n\n");
            self.line.drain(..=end);
        }
        for subscriber in &mut self.subscribers {
            subscriber.send(&self.log);
        }
        Ok(())
    }
}

impl Subscriber {
    fn ready(&mut self, log: &[u8]) {
        if self.place.is_some() {
            self.send(log);
            return;
        }
        let mut request = [0; 1024];
        match self.socket.read(&mut request) {
            Ok(read) if request[..read].ends_with(b"\r\n\r\n") => {
                self.place = Some(log.len());
                let _ = self.socket.write_all(HEAD);
            }
            _ => {}
        }
    }

    /// All that it has before it; the rest when there is room.
    fn send(&mut self, log: &[u8]) {
        let Some(place) = &mut self.place else { return };
        while *place < log.len() {
            match self.socket.write(&log[*place..]) {
                Ok(written) => *place += written,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return,
            }
        }
    }
}
