//! The order of one session's frames.

use domain::SessionId;

use super::{Flaw, Head, Kind, Link};

/// Where the chain of a session stands. It is the same for who writes and who checks.
#[derive(Debug, Clone)]
pub(crate) struct Chain {
    session: SessionId,
    number: u64,
    offset: u64,
    time_us: u64,
    link: Link,
    sealed: bool,
}

impl Chain {
    /// A chain without a frame.
    pub(crate) fn new(session: SessionId) -> Self {
        Self { session, number: 0, offset: 0, time_us: 0, link: [0; 32], sealed: false }
    }

    /// The number of the next frame.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Bytes of output so far.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Time of the last frame, in microseconds since the session began.
    pub(crate) fn time_us(&self) -> u64 {
        self.time_us
    }

    /// The link of the last frame.
    pub(crate) fn link(&self) -> &Link {
        &self.link
    }

    /// Whether the last frame was the seal.
    pub(crate) fn sealed(&self) -> bool {
        self.sealed
    }

    /// Adds a frame; its payload has at most [`super::LARGEST`] bytes. Time never runs backwards.
    pub(crate) fn write(&mut self, kind: Kind, time_us: u64, payload: &[u8], into: &mut Vec<u8>) {
        let mut head = Head {
            kind,
            session: self.session,
            number: self.number,
            offset: self.offset,
            time_us: time_us.max(self.time_us),
            length: u32::try_from(payload.len()).unwrap_or(u32::MAX),
            link: [0; 32],
        };
        head.link = head.link_after(&self.link, payload);
        head.encode(payload, into);
        self.advance(&head);
    }

    /// Takes the next frame, if it is the next.
    pub(crate) fn follow(&mut self, head: &Head, payload: &[u8]) -> Result<(), Flaw> {
        if head.session != self.session {
            return Err(Flaw::Foreign);
        }
        if head.number != self.number {
            return Err(Flaw::OutOfPlace { found: head.number });
        }
        if head.link != head.link_after(&self.link, payload) {
            return Err(Flaw::Unlinked);
        }
        let first = self.number == 0;
        let wrong_offset =
            head.offset != self.offset || head.offset.checked_add(u64::from(head.length)).is_none();
        if self.sealed || first != (head.kind == Kind::Header) || wrong_offset {
            return Err(Flaw::Misplaced);
        }
        self.advance(head);
        Ok(())
    }

    fn advance(&mut self, head: &Head) {
        self.number += 1;
        self.offset = head.end();
        self.time_us = head.time_us;
        self.link = head.link;
        self.sealed = head.kind == Kind::Seal;
    }
}
