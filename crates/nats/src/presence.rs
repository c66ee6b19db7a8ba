//! Leases and members, in a stream of their own: one message for each. In: nodes and names. Out: who is
//! there.
//!
//! The time is the server's: that at which it stored a node's lease is compared with that of the others'.
//!
//! Next: `scan.rs`.

use std::time::Duration;

use async_nats::HeaderMap;
use bytes::{BufMut, Bytes, BytesMut};
use serde_json::json;
use wellspring_broker::{EngineError, Lease, Member, Members, NodeId, Renewal};

use crate::api::{self, ApiError, DEADLINE, PublishAck, StoredMessage};
use crate::config;
use crate::error::unavailable;
use crate::names;
use crate::scan::scan;
use crate::shared::Shared;
use crate::time;

/// How often a lease is tried to be renewed while others write it too.
const ATTEMPTS: usize = 5;

const EXPECTED_LAST: &str = "Nats-Expected-Last-Subject-Sequence";

impl Shared {
    pub(crate) async fn lease(&self, node: NodeId, ttl: Duration) -> Result<Renewal, EngineError> {
        self.ensure_presence().await?;
        let subject = self.names.lease(node);
        let ttl = u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX);
        for _ in 0..ATTEMPTS {
            let before = self.newest(&subject).await?;
            let expected = before.as_ref().map_or(0, |before| before.position);
            let payload = Bytes::copy_from_slice(&ttl.to_be_bytes());
            match self.put(&subject, payload, Some(expected)).await {
                Ok(_) => {}
                Err(error) if error.is_wrong_last() => continue,
                Err(error) => return Err(self.presence_error(error)),
            }
            let lease = match before {
                Some(_) => Lease::Renewed,
                None => Lease::New,
            };
            return Ok(Renewal::new(lease, self.expired(node).await?));
        }
        Err(unavailable("the lease is written by somebody else"))
    }

    /// The other nodes whose lease is older than it may be.
    async fn expired(&self, node: NodeId) -> Result<Vec<NodeId>, EngineError> {
        let mut leases = Vec::new();
        let mut position = 1;
        loop {
            let which = json!({ "seq": position, "next_by_subj": self.names.leases() });
            let next = api::get(&self.requests, &self.names.presence, &which).await?;
            let Some(next) = next else { break };
            position = next.position + 1;
            leases.push(next);
        }
        let of = |lease: &StoredMessage| names::node(&lease.subject);
        let ours = leases.iter().find(|lease| of(lease) == Some(node));
        let Some(now) = ours.and_then(|lease| time::parse(&lease.time)) else {
            return Ok(Vec::new());
        };
        let others = leases.iter().filter(|lease| of(lease) != Some(node));
        let expired = others.filter(|lease| deadline(lease).is_some_and(|end| end < now));
        Ok(expired.filter_map(of).collect())
    }

    pub(crate) async fn release(&self, node: NodeId) -> Result<(), EngineError> {
        self.remove(&self.names.lease(node)).await
    }

    pub(crate) async fn member_put(
        &self,
        node: NodeId,
        name: &str,
        bytes: &Bytes,
    ) -> Result<(), EngineError> {
        self.ensure_presence().await?;
        let subject = self.names.member(node, name);
        let put = self.put(&subject, encode(node, name, bytes), None).await;
        put.map(drop).map_err(|error| self.presence_error(error))
    }

    pub(crate) async fn member_remove(&self, node: NodeId, name: &str) -> Result<(), EngineError> {
        self.remove(&self.names.member(node, name)).await
    }

    pub(crate) async fn members(&self) -> Result<Members, EngineError> {
        self.ensure_presence().await?;
        let start = json!({ "deliver_policy": "all", "filter_subject": self.names.members() });
        let messages = scan(&self.requests, &self.names.presence, start, u64::MAX).await?;
        let members = messages
            .iter()
            .filter_map(|message| decode(&message.payload));
        let mut members: Vec<Member> = members.collect();
        members.sort_by(|one, other| (one.node, &one.name).cmp(&(other.node, &other.name)));
        let head = self.look(DEADLINE).await?.head();
        Ok(Members::new(members, head))
    }

    async fn newest(&self, subject: &str) -> Result<Option<StoredMessage>, EngineError> {
        let which = json!({ "last_by_subj": subject });
        let newest = api::get(&self.requests, &self.names.presence, &which).await;
        newest.map_err(|error| self.presence_error(error))
    }

    async fn put(
        &self,
        subject: &str,
        payload: Bytes,
        expected: Option<u64>,
    ) -> Result<PublishAck, ApiError> {
        let mut headers = HeaderMap::new();
        if let Some(expected) = expected {
            headers.insert(EXPECTED_LAST, expected.to_string());
        }
        let put = self
            .requests
            .ask_with(subject.to_owned(), headers, payload, DEADLINE);
        api::parse(&put.await?)
    }

    async fn remove(&self, subject: &str) -> Result<(), EngineError> {
        self.ensure_presence().await?;
        let removed = api::purge_subject(&self.requests, &self.names.presence, subject).await;
        removed.map_err(|error| self.presence_error(error))
    }

    /// Makes the stream, if this node has not seen it yet.
    async fn ensure_presence(&self) -> Result<(), EngineError> {
        if self.has_presence() {
            return Ok(());
        }
        let replicas = config::replicas(&self.view().config);
        let config = config::presence(&self.names, replicas);
        match api::create_stream(&self.requests, &self.names.presence, &config).await {
            Ok(()) => {}
            Err(error) if error.is_name_taken() => {}
            Err(error) => return Err(error.into()),
        }
        self.set_presence(true);
        Ok(())
    }

    /// If the stream is gone, the next call makes it anew.
    fn presence_error(&self, error: ApiError) -> EngineError {
        self.set_presence(false);
        error.into()
    }
}

/// When a lease ends.
fn deadline(lease: &StoredMessage) -> Option<Duration> {
    let begun = time::parse(&lease.time)?;
    let ttl = u64::from_be_bytes(*lease.payload.first_chunk()?);
    begun.checked_add(Duration::from_millis(ttl))
}

fn encode(node: NodeId, name: &str, bytes: &Bytes) -> Bytes {
    let mut out = BytesMut::with_capacity(12 + name.len() + bytes.len());
    out.put_u64(node.number());
    out.put_u32(u32::try_from(name.len()).unwrap_or(u32::MAX));
    out.put_slice(name.as_bytes());
    out.put_slice(bytes);
    out.freeze()
}

/// Nothing if the bytes are foreign.
fn decode(payload: &Bytes) -> Option<Member> {
    let (node, rest) = payload.split_first_chunk::<8>()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (name, bytes) = rest.split_at_checked(length)?;
    let name = std::str::from_utf8(name).ok()?.to_owned();
    let node = NodeId::new(u64::from_be_bytes(*node));
    Some(Member::new(node, name, payload.slice_ref(bytes)))
}
