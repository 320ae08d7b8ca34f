//! Reading a recording from its file, frame by frame, each checked against the chain.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;

use broker::port::RecordingHeader;

use super::{Keys, PREFACE, VerifyError, archive};
use crate::frame::{Chain, Flaw, Frames, Head, ReadError};

/// One frame that was checked.
pub(crate) struct Entry<'a> {
    pub(crate) head: Head,
    pub(crate) payload: &'a [u8],
}

/// A recording that is being read; little of it is in memory.
pub(crate) struct Reader {
    header: RecordingHeader,
    chain: Chain,
    beginning: Vec<u8>,
    archived: bool,
    frames: Frames<Box<dyn Read + Send>>,
}

impl Reader {
    /// Opens a recording of any form and reads its header.
    pub(crate) fn open(path: &Path, keys: &Keys) -> Result<Self, VerifyError> {
        Self::through(File::open(path).map_err(VerifyError::Io)?, keys)
    }

    /// Reads the file of a recording of any form through something.
    pub(crate) fn through(
        file: impl Read + Send + 'static,
        keys: &Keys,
    ) -> Result<Self, VerifyError> {
        let mut source = BufReader::with_capacity(64 * 1024, file);
        if source.fill_buf().map_err(VerifyError::Io)?.starts_with(archive::BEGINNING) {
            Self::of(Box::new(archive::frames(source, keys)?), true)
        } else {
            Self::of(Box::new(source), false)
        }
    }

    /// Reads a recording as it was written.
    fn of(mut source: Box<dyn Read + Send>, archived: bool) -> Result<Self, VerifyError> {
        let mut preface = [0; PREFACE.len()];
        match source.read_exact(&mut preface) {
            Ok(()) if preface == PREFACE => {}
            Ok(()) if preface[..5] == PREFACE[..5] => return Err(VerifyError::UnknownForm),
            Ok(()) => return Err(VerifyError::NotARecording),
            Err(cause) if cause.kind() == std::io::ErrorKind::UnexpectedEof => {
                return Err(VerifyError::NotARecording);
            }
            Err(cause) => return Err(VerifyError::at(0, 0, cause.into())),
        }
        let mut frames = Frames::new(source, PREFACE.len() as u64);
        let unreadable = |cause| VerifyError::at(0, PREFACE.len() as u64, cause);
        let Some((head, payload)) = frames.next().map_err(unreadable)? else {
            return Err(unreadable(Flaw::CutOff.into()));
        };
        let mut chain = Chain::new(head.session);
        chain.follow(&head, payload).map_err(|flaw| unreadable(flaw.into()))?;
        let header: RecordingHeader =
            serde_json::from_slice(payload).map_err(|_| unreadable(Flaw::Senseless.into()))?;
        if header.session != head.session {
            return Err(unreadable(Flaw::Foreign.into()));
        }
        let mut beginning = PREFACE.to_vec();
        head.encode(payload, &mut beginning);
        Ok(Self { header, chain, beginning, archived, frames })
    }

    /// What the recording is of.
    pub(crate) fn header(&self) -> &RecordingHeader {
        &self.header
    }

    /// The preface and the header's frame, as they were written.
    pub(crate) fn beginning(&self) -> &[u8] {
        &self.beginning
    }

    /// Whether it lies there in its final form.
    pub(crate) fn is_archived(&self) -> bool {
        self.archived
    }

    /// The chain up to the last frame that was read.
    pub(crate) fn chain(&self) -> &Chain {
        &self.chain
    }

    /// Whether the last frame that was read is the seal.
    pub(crate) fn sealed(&self) -> Result<(), VerifyError> {
        let last = self.chain.number().saturating_sub(1);
        if self.chain.sealed() { Ok(()) } else { Err(VerifyError::Unsealed { last }) }
    }

    /// Where the next frame begins in the recording as it was written.
    pub(crate) fn position(&self) -> u64 {
        self.frames.position()
    }

    /// Says that the frame that was read last makes no sense.
    pub(crate) fn senseless(&self) -> VerifyError {
        let number = self.chain.number().saturating_sub(1);
        VerifyError::Flawed { number, position: self.frames.position(), flaw: Flaw::Senseless }
    }

    /// The next frame; none at the end of the file.
    pub(crate) fn next(&mut self) -> Result<Option<Entry<'_>>, VerifyError> {
        let (number, position) = (self.chain.number(), self.frames.position());
        let at = |cause: ReadError| VerifyError::at(number, position, cause);
        match self.frames.next().map_err(at)? {
            None => Ok(None),
            Some((head, payload)) => {
                self.chain.follow(&head, payload).map_err(|flaw| at(flaw.into()))?;
                Ok(Some(Entry { head, payload }))
            }
        }
    }
}
