//! The recording of one session: a preface and its frames.
//!
//! The preface has 8 bytes: `SPREC`, the version (1), the encoding (0: frames as they are), zero.

mod asciicast;
mod reader;
mod shelf;
mod verify;

pub(crate) use asciicast::asciicast;
pub(crate) use reader::Reader;
pub(crate) use shelf::Shelf;
pub use verify::{Closing, Verified, VerifyError, verify};

/// What a recording begins with.
pub(crate) const PREFACE: [u8; 8] = *b"SPREC\x01\0\0";
