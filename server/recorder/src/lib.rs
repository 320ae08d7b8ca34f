//! Keeps what was shown, before it is shown, so that it can be proven.
//!
//! Everything is a frame: the header of a recording, output, a size, the seal. The
//! frames of one session form a chain: each carries the blake3 link of the one before it.
//!
//! A frame is written twice. First to the **journal**, one append-only file for all sessions of
//! the process: one thread takes what waits, writes it and syncs once for all of it (group
//! commit); only then is it durable, and only then can it be read. Then to the session's own
//! **recording**, which is not synced at that time: it serves readers, and what a crash takes from
//! it is put back from the journal by [`Journal`]'s recovery. A segment of the journal is deleted
//! as soon as the recordings it feeds are synced. So to seal a recording nothing is copied: it is
//! synced and renamed. Afterwards it is archived: compressed, encrypted, with an index to play it
//! from ([`Journal::archive`]).
//!
//! ```text
//! FOLDER/journal/00000000000000000001.journal    frames of all sessions, in the order of writing
//! FOLDER/recordings/SESSION.part                 frames of one session that runs
//! FOLDER/recordings/SESSION.rec                  the same, sealed, then archived: what `verify` reads
//! FOLDER/recordings/SESSION.archive              an archive that is made
//! FOLDER/recordings/SESSION.keep                 says that the recording is not to be removed
//! *.damaged                                      what a recovery could not read, as it was found
//! ```
//!
//! A new kind of frame gets a number in `frame`, a stream in `broker::port::Stream`, and a line in
//! `recording::asciicast`. Another final form is told by its first bytes in `recording::reader`,
//! and is made in `recording::archive`.
//!
//! Deliberately absent: buffering that is acknowledged, and going on after a failed write.

mod disk;
mod emulator;
mod frame;
mod journal;
mod recording;
mod tape;
#[cfg(test)]
mod tests;
mod text;

pub use disk::{Disk, LocalDisk};
pub use frame::Flaw;
pub use journal::{Journal, Level, OpenError, Settings};
pub use recording::{
    Archived, Closing, ExportError, Format, KeyError, Keys, Stored, Verified, VerifyError, export,
    outline, verify,
};

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks; what a panicked thread left behind is still whole, since each change is one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
