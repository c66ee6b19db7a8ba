//! Who is there. In: leases and members. Out: the same, of all nodes.
//!
//! A member is a field of one hash: its node in 16 digits, then its name.
//!
//! Next: `scripts/lease.lua`.

use std::time::Duration;

use bytes::Bytes;
use redis::{Cmd, Pipeline, Value};
use wellspring_broker::{EngineError, Lease, Member, Members, NodeId, Renewal};

use crate::error::{foreign_answer, of_word};
use crate::keys::Keys;
use crate::link::Link;
use crate::reply;

const NODE_DIGITS: usize = 16;

fn node(text: &str) -> Result<NodeId, EngineError> {
    let number = u64::from_str_radix(text, 16);
    number.map(NodeId::new).map_err(|_| foreign_answer())
}

fn field(node: NodeId, name: &str) -> String {
    format!("{node}{name}")
}

pub(crate) async fn lease(
    link: &Link,
    node_id: NodeId,
    ttl: Duration,
) -> Result<Renewal, EngineError> {
    let (name, ttl) = (node_id.to_string(), ttl.as_millis().to_string());
    let arguments = [name.as_bytes(), ttl.as_bytes()];
    let (word, values) = link
        .script_once(|scripts| &scripts.lease, &arguments)
        .await?;
    let lease = match word.as_str() {
        "new" => Lease::New,
        "renewed" => Lease::Renewed,
        word => return Err(of_word(word)),
    };
    let expired = values.map(|value| node(&reply::text(Some(value))?));
    let mut expired: Vec<NodeId> = expired.collect::<Result<_, _>>()?;
    expired.sort_unstable();
    Ok(Renewal::new(lease, expired))
}

async fn one(link: &Link, command: Cmd) -> Result<(), EngineError> {
    let mut pipeline = Pipeline::new();
    pipeline.add_command(command);
    link.send(&pipeline).await.map(drop)
}

pub(crate) async fn release(link: &Link, keys: &Keys, node: NodeId) -> Result<(), EngineError> {
    let mut command = redis::cmd("HDEL");
    command.arg(keys.leases()).arg(node.to_string());
    one(link, command).await
}

pub(crate) async fn put(
    link: &Link,
    keys: &Keys,
    node: NodeId,
    member: &str,
    bytes: &Bytes,
) -> Result<(), EngineError> {
    let mut command = redis::cmd("HSET");
    command.arg(keys.members()).arg(field(node, member));
    command.arg(bytes.as_ref());
    one(link, command).await
}

pub(crate) async fn remove(
    link: &Link,
    keys: &Keys,
    node: NodeId,
    member: &str,
) -> Result<(), EngineError> {
    let mut command = redis::cmd("HDEL");
    command.arg(keys.members()).arg(field(node, member));
    one(link, command).await
}

pub(crate) async fn members(link: &Link, keys: &Keys) -> Result<Members, EngineError> {
    let mut pipeline = Pipeline::new();
    pipeline.atomic();
    pipeline.cmd("HGET").arg(keys.meta()).arg("head");
    pipeline.cmd("HGETALL").arg(keys.members());
    let Value::Array(answers) = link.send(&pipeline).await? else {
        return Err(foreign_answer());
    };
    let mut answers = answers.into_iter();
    let head = match answers.next() {
        Some(Value::Nil) => 0,
        head => reply::number(head)?,
    };
    let mut fields = match answers.next() {
        Some(Value::Array(fields)) => fields.into_iter(),
        _ => return Err(foreign_answer()),
    };
    let mut members = Vec::with_capacity(fields.len() / 2);
    while let (Some(field), Some(bytes)) = (fields.next(), fields.next()) {
        let field = reply::text(Some(field))?;
        let (of, name) = field
            .split_at_checked(NODE_DIGITS)
            .ok_or_else(foreign_answer)?;
        let bytes = Bytes::from(reply::bytes(Some(bytes))?);
        members.push(Member::new(node(of)?, name.to_owned(), bytes));
    }
    members.sort_unstable_by(|a, b| (a.node, &a.name).cmp(&(b.node, &b.name)));
    Ok(Members::new(members, head))
}
