//! The recording of one session: a preface and its frames.
//!
//! The preface has 8 bytes: `SPREC`, the version (1), the encoding (0: frames as they are), zero.

mod asciicast;
mod blocks;
mod outline;
mod payload;
mod reader;
mod shelf;
mod stretch;
mod transcript;
mod verify;

pub(crate) use asciicast::asciicast;
pub(crate) use outline::outline;
pub(crate) use reader::Reader;
pub(crate) use shelf::Shelf;
pub(crate) use stretch::{show, stretch};
pub(crate) use transcript::transcript;
pub use verify::{Closing, Verified, VerifyError, verify};

/// What a recording begins with.
pub(crate) const PREFACE: [u8; 8] = *b"SPREC\x01\0\0";
