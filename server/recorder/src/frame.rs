//! The unit of the journal and of recordings.
//!
//! Integers are big-endian.
//!
//! | bytes | what |
//! |---|---|
//! | 0 to 3 | `SPF1`: the mark and the version |
//! | 4 | kind: 1 header, 2 output, 3 size, 4 exit, 5 seal, 6 error |
//! | 5 to 7 | zero |
//! | 8 to 23 | session |
//! | 24 to 31 | number of the frame in its session, from 0 |
//! | 32 to 39 | offset: bytes of output and error before this frame |
//! | 40 to 47 | time since the session began, in microseconds |
//! | 48 to 51 | length of the payload, at most 65,536 |
//! | 52 to 83 | link: blake3 of the link before (zeros at first), bytes 0 to 51, and the payload |
//! | 84 to 87 | CRC-32 of bytes 0 to 83 and the payload |
//! | 88 … | payload |

mod chain;
mod frames;

pub(crate) use chain::Chain;
pub(crate) use frames::{Frames, ReadError};

use domain::SessionId;

/// The most bytes a payload has.
pub(crate) const LARGEST: usize = 64 * 1024;
/// The length of a frame without its payload.
pub(crate) const HEAD: usize = 88;

/// What each frame begins with.
pub(crate) const MARK: &[u8; 4] = b"SPF1";
const LINKED: usize = 52;
const SUMMED: usize = 84;

/// A step of a session's chain.
pub(crate) type Link = [u8; 32];

/// What a frame holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A `RecordingHeader` as JSON; always first.
    Header,
    /// Bytes that were shown.
    Output,
    /// Bytes of the standard error of a session without a terminal.
    Error,
    /// `COLUMNSxROWS`.
    Size,
    /// The shell's exit code in decimal.
    Exit,
    /// One letter, see `Closing`; always last.
    Seal,
}

/// What is wrong with a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// The bytes at its place are no frame of a known version.
    #[error("is not a frame")]
    NotAFrame,
    /// The file ends inside it.
    #[error("is cut off")]
    CutOff,
    /// Its checksum is wrong.
    #[error("was changed")]
    Changed,
    /// Another frame of the session stands in its place: one was taken out, put in, or moved.
    #[error("is not there: frame {found} stands in its place")]
    OutOfPlace {
        /// The number of the frame that was found.
        found: u64,
    },
    /// Its checksum is right and its link is not: it, or one before it, was forged.
    #[error("does not follow from the frames before it")]
    Unlinked,
    /// It belongs to another session.
    #[error("belongs to another session")]
    Foreign,
    /// What it is in cannot be deciphered or unpacked from there on.
    #[error("cannot be deciphered: the file was changed or cut off")]
    Undecipherable,
    /// What it says is not what its kind says.
    #[error("makes no sense")]
    Senseless,
    /// Its kind may not stand there: a header that is not first, anything behind a seal.
    #[error("may not stand there")]
    Misplaced,
}

/// Everything about a frame but its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) kind: Kind,
    pub(crate) session: SessionId,
    pub(crate) number: u64,
    pub(crate) offset: u64,
    pub(crate) time_us: u64,
    pub(crate) length: u32,
    pub(crate) link: Link,
}

impl Head {
    /// Bytes of output once this frame is counted.
    pub(crate) fn end(&self) -> u64 {
        let shown = if self.kind.is_shown() { u64::from(self.length) } else { 0 };
        self.offset.saturating_add(shown)
    }

    /// Bytes the whole frame takes.
    pub(crate) fn size(&self) -> u64 {
        HEAD as u64 + u64::from(self.length)
    }

    /// The link this frame must carry after another.
    fn link_after(&self, before: &Link, payload: &[u8]) -> Link {
        let mut hasher = blake3::Hasher::new();
        hasher.update(before).update(&self.bytes()[..LINKED]).update(payload);
        *hasher.finalize().as_bytes()
    }

    /// Writes the frame.
    pub(crate) fn encode(&self, payload: &[u8], into: &mut Vec<u8>) {
        let mut bytes = self.bytes();
        let sum = checksum(&bytes[..SUMMED], payload);
        bytes[SUMMED..].copy_from_slice(&sum.to_be_bytes());
        into.extend_from_slice(&bytes);
        into.extend_from_slice(payload);
    }

    fn bytes(&self) -> [u8; HEAD] {
        let mut bytes = [0; HEAD];
        bytes[..4].copy_from_slice(MARK);
        bytes[4] = self.kind.number();
        bytes[8..24].copy_from_slice(self.session.0.as_bytes());
        bytes[24..32].copy_from_slice(&self.number.to_be_bytes());
        bytes[32..40].copy_from_slice(&self.offset.to_be_bytes());
        bytes[40..48].copy_from_slice(&self.time_us.to_be_bytes());
        bytes[48..52].copy_from_slice(&self.length.to_be_bytes());
        bytes[52..84].copy_from_slice(&self.link);
        bytes
    }

    /// Reads a head; the payload is checked by [`intact`].
    pub(crate) fn decode(bytes: &[u8; HEAD]) -> Result<Self, Flaw> {
        let kind = Kind::numbered(bytes[4]).ok_or(Flaw::NotAFrame)?;
        let head = Self {
            kind,
            session: SessionId(uuid::Uuid::from_bytes(field(bytes, 8))),
            number: u64::from_be_bytes(field(bytes, 24)),
            offset: u64::from_be_bytes(field(bytes, 32)),
            time_us: u64::from_be_bytes(field(bytes, 40)),
            length: u32::from_be_bytes(field(bytes, 48)),
            link: field(bytes, 52),
        };
        let canonical = head.bytes()[..SUMMED] == bytes[..SUMMED];
        if canonical && head.length as usize <= LARGEST { Ok(head) } else { Err(Flaw::NotAFrame) }
    }
}

/// Whether the checksum of a frame is right.
fn intact(head: &[u8; HEAD], payload: &[u8]) -> bool {
    checksum(&head[..SUMMED], payload) == u32::from_be_bytes(field(head, SUMMED))
}

fn checksum(head: &[u8], payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(head);
    hasher.update(payload);
    hasher.finalize()
}

fn field<const N: usize>(bytes: &[u8; HEAD], from: usize) -> [u8; N] {
    let mut field = [0; N];
    field.copy_from_slice(&bytes[from..from + N]);
    field
}

impl Kind {
    /// Whether its payload counts as output.
    pub(crate) fn is_shown(self) -> bool {
        matches!(self, Self::Output | Self::Error)
    }

    fn number(self) -> u8 {
        match self {
            Self::Header => 1,
            Self::Output => 2,
            Self::Size => 3,
            Self::Exit => 4,
            Self::Seal => 5,
            Self::Error => 6,
        }
    }

    fn numbered(number: u8) -> Option<Self> {
        [Self::Header, Self::Output, Self::Error, Self::Size, Self::Exit, Self::Seal]
            .into_iter()
            .find(|kind| kind.number() == number)
    }
}

#[cfg(test)]
mod tests;
