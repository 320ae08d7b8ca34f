//! What the writing thread and the readers of one session share.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::os::unix::fs::FileExt as _;
use std::sync::{Arc, Mutex};

use broker::port::{RecorderError, Screen, Stream};
use bytes::{Bytes, BytesMut};

use super::index::{Index, Mark};
use super::screen::Screens;
use super::tail::Tail;
use crate::frame::{Frames, Kind, ReadError};
use crate::lock;
use crate::recording::PREFACE;

/// Durable output of one session: the latest in memory, all of it in the file.
pub(crate) struct Track {
    file: Arc<File>,
    shown: Mutex<Shown>,
    screens: Screens,
}

struct Shown {
    tail: Tail,
    index: Index,
}

impl Track {
    /// A track without output, of a terminal that begins with this size.
    pub(crate) fn new(file: File, size: (u16, u16)) -> Self {
        let shown = Shown { tail: Tail::default(), index: Index::new(PREFACE.len() as u64) };
        Self { file: Arc::new(file), shown: Mutex::new(shown), screens: Screens::new(size) }
    }

    /// The recording's file.
    pub(crate) fn file(&self) -> &Arc<File> {
        &self.file
    }

    /// Output became durable; the file does not have it yet.
    pub(crate) fn push<'a>(&self, payloads: impl Iterator<Item = (Kind, &'a [u8])>) {
        let mut shown = lock(&self.shown);
        payloads.for_each(|(kind, payload)| shown.tail.push(stream(kind), payload));
    }

    /// The file has everything; a frame in it begins at `position` after `offset` bytes of output.
    pub(crate) fn written(&self, offset: u64, position: u64) {
        let mut shown = lock(&self.shown);
        shown.index.note(Mark { offset, position });
        shown.tail.trim();
    }

    /// Gives memory back that was not needed of late; only while the file has everything.
    pub(crate) fn rest(&self) {
        lock(&self.shown).tail.rest();
    }

    /// Output of one stream, from memory.
    pub(crate) fn recent(&self, offset: u64, most: usize) -> Option<(Stream, Bytes)> {
        lock(&self.shown).tail.read(offset, most)
    }

    /// Output of one stream, from the file; the caller knows that it is durable. Blocks.
    pub(crate) fn older(&self, offset: u64, most: usize) -> Result<(Stream, Bytes), RecorderError> {
        let mut frames = self.frames(offset);
        let (mut kind, mut output) = (Kind::Output, BytesMut::with_capacity(most));
        while output.len() < most {
            let frame = frames.next().map_err(|cause| match cause {
                ReadError::Io(cause) => cause.into(),
                ReadError::Flaw(flaw) => RecorderError::Unreadable(flaw.to_string()),
            })?;
            let Some((head, payload)) = frame else { break };
            let wanted = offset + output.len() as u64;
            if !head.kind.is_shown() || head.end() <= wanted {
                continue;
            }
            if output.is_empty() {
                kind = head.kind;
            } else if kind != head.kind {
                break;
            }
            let skip = usize::try_from(wanted.saturating_sub(head.offset)).unwrap_or(usize::MAX);
            let rest = payload.get(skip..).unwrap_or_default();
            output.extend_from_slice(&rest[..rest.len().min(most - output.len())]);
        }
        Ok((stream(kind), output.freeze()))
    }

    /// The screen after so much output; the caller knows that it is durable. Blocks.
    pub(crate) fn screen(&self, until: u64) -> Result<Screen, RecorderError> {
        self.screens.draw(until, |offset| self.frames(offset))
    }

    /// The file's frames, from one on that begins at or before an offset.
    fn frames(&self, offset: u64) -> Frames<impl Read> {
        let mark = lock(&self.shown).index.before(offset);
        let position = mark.map_or(PREFACE.len() as u64, |mark| mark.position);
        let at = At { file: &self.file, position };
        Frames::new(BufReader::with_capacity(64 * 1024, at), position)
    }
}

/// The stream of what counts as output.
fn stream(kind: Kind) -> Stream {
    if kind == Kind::Error { Stream::Error } else { Stream::Output }
}

/// Reads a file from a position without moving it for others.
struct At<'a> {
    file: &'a File,
    position: u64,
}

impl Read for At<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read_at(buffer, self.position)?;
        self.position += count as u64;
        Ok(count)
    }
}
