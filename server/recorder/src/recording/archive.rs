//! The final form of a recording: compressed, encrypted, and with an index to play it from.
//!
//! It is an age file (<https://age-encryption.org/v1>). Its plaintext is a sequence of frames of
//! Zstandard (RFC 8878), so that standard tools give back the recording as it was written, byte
//! for byte:
//!
//! ```text
//! age -d -i KEY SESSION.rec | zstd -d
//! ```
//!
//! | in the plaintext | what |
//! |---|---|
//! | for each block, skippable | its screen: what is on the terminal before its first frame |
//! | | the block: frames of 10 s or 256 KiB, the preface before the first |
//! | skippable | the transcript |
//! | skippable | the index |
//! | skippable, 24 bytes | `SPINDEX1`, and where the index begins, 64 bits, big-endian |
//!
//! What is skippable is convenience and never evidence: it is made from the frames when the
//! recording is archived, `verify` does not look at it, and what cannot be read of it is made
//! again from the frames. Payloads of skippable frames are compressed themselves. A player reads
//! the end, the index, and one block with its screen.

mod index;
mod keys;
mod read;
mod write;

pub use keys::{KeyError, Keys};
pub(crate) use read::{Archive, frames};
pub use write::Archived;
pub(crate) use write::{ArchiveError, archive};

/// What an age file begins with.
pub(crate) const BEGINNING: &[u8] = b"age-encryption.org/v1\n";
/// How much is compressed for how much time: the default of the `zstd` tool.
const LEVEL: i32 = 3;

/// Skippable frames, by the last digit of their magic number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Skippable {
    Screen = 0,
    Transcript = 1,
    Index = 2,
    End = 3,
}

/// The magic number of the first kind of skippable frame (RFC 8878, 3.1.2).
const SKIPPABLE: u32 = 0x184D_2A50;
/// The head of a skippable frame: magic number and length, little-endian.
const SKIPPABLE_HEAD: usize = 8;
/// What the last frame begins with, after its head.
const MARK: &[u8; 8] = b"SPINDEX1";
/// The length of the last frame.
const END: usize = SKIPPABLE_HEAD + MARK.len() + 8;

impl Skippable {
    fn head(self, length: u32) -> [u8; SKIPPABLE_HEAD] {
        let magic = SKIPPABLE + self as u32;
        let mut head = [0; SKIPPABLE_HEAD];
        head[..4].copy_from_slice(&magic.to_le_bytes());
        head[4..].copy_from_slice(&length.to_le_bytes());
        head
    }
}
