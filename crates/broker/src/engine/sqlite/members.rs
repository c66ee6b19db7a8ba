//! Leases and members in the database. In: a transaction. Out: who is there.
//!
//! Next: `trim.rs`.

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::schema::bits;
use crate::engine::{Lease, Member, NodeId, Renewal};

pub(super) fn lease(
    transaction: &Transaction<'_>,
    node: NodeId,
    now: i64,
    until: i64,
) -> rusqlite::Result<Renewal> {
    let number = node.number().cast_signed();
    let sql = "SELECT 1 FROM leases WHERE node = ?1";
    let known = transaction
        .query_row(sql, [number], |_| Ok(()))
        .optional()?;
    let sql = "INSERT INTO leases VALUES (?1, ?2) ON CONFLICT DO UPDATE SET until = ?2";
    transaction.execute(sql, [number, until])?;
    let sql = "SELECT node FROM leases WHERE until <= ?1 AND node <> ?2";
    let mut expired = transaction.prepare_cached(sql)?;
    let expired = expired.query_map([now, number], |row| bits(row, 0).map(NodeId::new))?;
    let lease = if known.is_some() {
        Lease::Renewed
    } else {
        Lease::New
    };
    Ok(Renewal::new(lease, expired.collect::<Result<_, _>>()?))
}

pub(super) fn release(transaction: &Transaction<'_>, node: NodeId) -> rusqlite::Result<()> {
    let sql = "DELETE FROM leases WHERE node = ?1";
    transaction
        .execute(sql, [node.number().cast_signed()])
        .map(drop)
}

pub(super) fn put(
    transaction: &Transaction<'_>,
    node: NodeId,
    member: &str,
    bytes: &[u8],
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO members VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET bytes = ?3";
    let node = node.number().cast_signed();
    let mut put = transaction.prepare_cached(sql)?;
    put.execute(params![node, member, bytes]).map(drop)
}

pub(super) fn remove(
    transaction: &Transaction<'_>,
    node: NodeId,
    member: &str,
) -> rusqlite::Result<()> {
    let sql = "DELETE FROM members WHERE node = ?1 AND name = ?2";
    let node = node.number().cast_signed();
    let mut remove = transaction.prepare_cached(sql)?;
    remove.execute(params![node, member]).map(drop)
}

pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<Member>> {
    let sql = "SELECT node, name, bytes FROM members ORDER BY node, name";
    let mut members = connection.prepare_cached(sql)?;
    let member = |row: &Row<'_>| {
        let bytes: Vec<u8> = row.get(2)?;
        let node = NodeId::new(bits(row, 0)?);
        Ok(Member::new(node, row.get(1)?, Bytes::from(bytes)))
    };
    members.query_map([], member)?.collect()
}
