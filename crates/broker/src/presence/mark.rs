//! The byte before what is kept of a member: whether it is there, or about to be announced as gone.
//!
//! A member is marked before its departure is published, and removed after it. So a list of members that is
//! read behind the departure never has it, and a node that dies in between leaves it to be found.
//!
//! Next: `announcer.rs`.

use bytes::{BufMut, Bytes, BytesMut};

use crate::engine::Member;

const THERE: u8 = 1;
const LEAVING: u8 = 2;

pub(super) fn there(bytes: &[u8]) -> Bytes {
    marked(THERE, bytes)
}

pub(super) fn leaving(bytes: &[u8]) -> Bytes {
    marked(LEAVING, bytes)
}

fn marked(mark: u8, bytes: &[u8]) -> Bytes {
    let mut all = BytesMut::with_capacity(1 + bytes.len());
    all.put_u8(mark);
    all.put_slice(bytes);
    all.freeze()
}

/// The member as its node gave it, without the mark. Nothing for one of a form that this version does not
/// know.
pub(super) fn unmarked(mut member: Member) -> Option<Member> {
    let is_known = matches!(member.bytes.first(), Some(&(THERE | LEAVING)));
    is_known.then(|| {
        member.bytes = member.bytes.slice(1..);
        member
    })
}

pub(super) fn is_there(member: &Member) -> bool {
    member.bytes.first() == Some(&THERE)
}
