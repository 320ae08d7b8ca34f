//! The record of what was shown.

use std::io;

use async_trait::async_trait;
use bytes::Bytes;
use domain::{Sealed, SessionId};
use futures::stream::BoxStream;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

/// What a recording begins with. No secret stands in it (docs/threats.md, invariant 11).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordingHeader {
    /// The session.
    pub session: SessionId,
    /// When it began.
    pub began_at: Timestamp,
    /// The terminal's size at the beginning: columns and rows.
    pub size: (u16, u16),
    /// What it is of, for readers: `ana in main/payments/web-1/web`.
    pub title: String,
}

/// Which stream of a session a payload belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// What was shown.
    Output,
    /// What a session without a terminal wrote to its standard error. It counts into the same
    /// offsets as the output.
    Error,
    /// A change of the terminal's size: `COLUMNSxROWS` in ASCII.
    Size,
    /// The shell ended by itself: its exit code in ASCII, 0 to 255.
    Exit,
}

/// Output of a session, from some offset on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// Offset of the first byte, from the session's first output.
    pub offset: u64,
    /// The output or the error stream: the bytes end where the other one begins.
    pub stream: Stream,
    /// The bytes; never more than were asked for.
    pub bytes: Bytes,
}

/// What a viewer can begin with instead of with the first byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screen {
    /// Offset of the output that follows it, in bytes from the session's first output.
    pub offset: u64,
    /// Columns and rows.
    pub size: (u16, u16),
    /// Terminal sequences that draw it on an emulator of that size that was reset. They may end
    /// inside a character or a sequence: the output that follows completes it.
    pub drawing: Bytes,
}

/// A place in a recording where playing can begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Microseconds since the session began.
    pub at_us: u64,
    /// Bytes of output before it.
    pub offset: u64,
}

/// What is known of a recording without reading all of it. It is convenience, never evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// What the recording is of.
    pub header: RecordingHeader,
    /// Time of its last event, in microseconds since the session began.
    pub length_us: u64,
    /// Bytes of output.
    pub bytes: u64,
    /// Where playing can begin, in order; the first is the beginning.
    pub marks: Vec<Mark>,
}

/// A recording from one mark to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// Where it begins.
    pub from: Mark,
    /// The screen there.
    pub screen: Screen,
    /// What happened, each with its microseconds since the session began.
    pub events: Vec<(u64, Stream, Bytes)>,
    /// Time of the next mark, in microseconds since the session began; none at the end.
    pub next: Option<u64>,
}

/// A line of text that was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// When it was first shown, in microseconds since the session began.
    pub at_us: u64,
    /// The text, without terminal sequences.
    pub text: String,
}

/// What a recording shows, as lines of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transcript {
    /// The lines, in the order in which they were finished.
    pub lines: Vec<Line>,
    /// About how many lines were shown beside them; 0 where all are there.
    pub missing: u64,
}

/// The recorder does not work, or the recording is unreadable.
#[derive(Debug, Clone, thiserror::Error)]
pub enum RecorderError {
    /// Nothing more is written by this process: every session must end (T-08).
    #[error("the journal cannot be written")]
    Broken,
    /// There is no such recording.
    #[error("there is no such recording")]
    NotFound,
    /// It is encrypted for a key that the portal does not have.
    #[error("the recording is encrypted for another key")]
    Locked,
    /// It is there and cannot be read.
    #[error("the recording cannot be read: {0}")]
    Unreadable(String),
}

impl From<io::Error> for RecorderError {
    fn from(cause: io::Error) -> Self {
        Self::Unreadable(cause.to_string())
    }
}

/// The disk is nearly full: what runs goes on, save what fills it, and nothing new should begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the disk for recordings is nearly full: {} MiB are free, and {} MiB must be before a session \
     starts",
    free >> 20,
    needed >> 20
)]
pub struct Shortage {
    /// Bytes that are free.
    pub free: u64,
    /// Bytes that must be.
    pub needed: u64,
}

/// Keeps recordings.
#[async_trait]
pub trait Recorder: Send + Sync {
    /// Begins a recording; its header is durable on return.
    async fn begin(
        &self,
        header: &RecordingHeader,
    ) -> Result<std::sync::Arc<dyn Tape>, RecorderError>;

    /// Seals what an earlier process left open, and says what that was.
    async fn recover(&self) -> Result<Vec<(SessionId, Sealed)>, RecorderError>;

    /// A sealed recording as asciicast v3, one line at a time.
    async fn asciicast(
        &self,
        session: SessionId,
    ) -> Result<BoxStream<'static, Result<Bytes, RecorderError>>, RecorderError>;

    /// What a sealed recording holds, without reading all of it.
    async fn outline(&self, session: SessionId) -> Result<Outline, RecorderError>;

    /// The stretch of a sealed recording in which an instant lies, given in microseconds since
    /// the session began. What lies before the first mark or behind the end is in the first or the
    /// last stretch.
    async fn stretch(&self, session: SessionId, at_us: u64) -> Result<Stretch, RecorderError>;

    /// What a sealed recording shows, as lines of text.
    async fn transcript(&self, session: SessionId) -> Result<Transcript, RecorderError>;

    /// Reads a sealed recording whole, and says what its chain proves it to be; where it lies there
    /// in its final form, which holds more than the chain, SHA-256 of the file too, lower-case
    /// hexadecimal.
    async fn prove(&self, session: SessionId) -> Result<(Sealed, Option<String>), RecorderError>;

    /// What the chain of a sealed recording proves it to be.
    async fn verify(&self, session: SessionId) -> Result<Sealed, RecorderError> {
        self.prove(session).await.map(|(sealed, _)| sealed)
    }

    /// Whether the journal can be written.
    fn works(&self) -> bool;

    /// Whether there is too little room for anything new.
    fn shortage(&self) -> Option<Shortage>;
}

/// A recording in the making.
#[async_trait]
pub trait Tape: Send + Sync {
    /// Hands over a payload; waits while too much is on its way. It is durable once
    /// [`Tape::durable`] has passed the end it returns.
    async fn append(&self, stream: Stream, bytes: Bytes) -> Result<u64, RecorderError>;

    /// The offset up to which output is durable. The sender is dropped when the journal breaks, and
    /// when this session fills a disk that is nearly full: nothing more of it is recorded then.
    fn durable(&self) -> watch::Receiver<u64>;

    /// Reads durable output from an offset, at most `most` bytes; empty at the end.
    async fn read(&self, offset: u64, most: usize) -> Result<Chunk, RecorderError>;

    /// The latest screen with at least `back` bytes of durable output behind it; none where all
    /// the output is not more than that.
    async fn screen(&self, back: u64) -> Result<Option<Screen>, RecorderError>;

    /// Ends the recording: everything is durable, the digest final.
    async fn seal(&self) -> Result<Sealed, RecorderError>;
}
