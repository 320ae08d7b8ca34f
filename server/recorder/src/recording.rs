//! The recording of one session: a preface and its frames.
//!
//! The preface has 8 bytes: `SPREC`, the version of what follows (1), two zeros. Around all of it
//! lies, in the final form, an [`archive`]; readers take either.

pub(crate) mod archive;
mod asciicast;
mod blocks;
mod export;
mod outline;
mod payload;
mod reader;
mod shelf;
mod stretch;
mod transcript;
mod verify;

pub(crate) use archive::{ArchiveError, archive};
pub use archive::{Archived, KeyError, Keys};
pub(crate) use asciicast::asciicast;
pub use export::{ExportError, Format, export};
pub use outline::outline;
pub(crate) use reader::Reader;
pub(crate) use shelf::Shelf;
pub use shelf::Stored;
pub(crate) use stretch::{show, stretch};
pub(crate) use transcript::transcript;
pub(crate) use verify::prove;
pub use verify::{Closing, Verified, VerifyError, verify};

/// What a recording begins with.
pub(crate) const PREFACE: [u8; 8] = *b"SPREC\x01\0\0";
