//! Reading an archive: all of it in order, or one place in it.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use age::stream::StreamReader;
use age::{DecryptError, Decryptor};
use broker::port::{Outline, Screen, Stretch, Transcript};

use super::index::{Entry, Index, unpack};
use super::{BEGINNING, END, Keys, MARK, SKIPPABLE_HEAD, Skippable};
use crate::frame::{Flaw, Frames};
use crate::recording::blocks::LARGEST_BLOCK;
use crate::recording::stretch::event;
use crate::recording::{PREFACE, VerifyError};

/// The base-2 logarithm of the longest distance that a block may reach back: blocks have 256 KiB.
const WINDOW: u32 = 19;
/// The most bytes of a transcript, as JSON.
const LONGEST_TRANSCRIPT: usize = 64 * 1024 * 1024;
/// The most bytes of a drawing.
const LONGEST_DRAWING: usize = 2 * 1024 * 1024;

/// The recording in an archive, as it was written.
pub(crate) fn frames<R: BufRead + Send>(
    source: R,
    keys: &Keys,
) -> Result<impl Read + Send + use<R>, VerifyError> {
    let mut frames = zstd::Decoder::new(plaintext(source, keys)?).map_err(VerifyError::Io)?;
    frames.window_log_max(WINDOW).map_err(VerifyError::Io)?;
    Ok(frames)
}

fn plaintext<R: BufRead>(source: R, keys: &Keys) -> Result<StreamReader<R>, VerifyError> {
    let opened = Decryptor::new_buffered(source).and_then(|age| age.decrypt(keys.identities()));
    opened.map_err(|cause| match cause {
        DecryptError::NoMatchingKeys => VerifyError::Locked,
        DecryptError::Io(cause) if cause.raw_os_error().is_some() => VerifyError::Io(cause),
        _ => undecipherable(),
    })
}

/// An archive, to be played from any place.
pub(crate) struct Archive<R> {
    plaintext: StreamReader<R>,
    index: Index,
}

impl Archive<BufReader<File>> {
    /// Opens a recording; none where it is no archive, or has no index that can be read.
    pub(crate) fn open(path: &Path, keys: &Keys) -> Result<Option<Self>, VerifyError> {
        let file = File::open(path).map_err(VerifyError::Io)?;
        Self::of(BufReader::new(file), keys)
    }
}

impl<R: BufRead + Seek> Archive<R> {
    /// Reads the end and the index.
    pub(crate) fn of(mut source: R, keys: &Keys) -> Result<Option<Self>, VerifyError> {
        if !source.fill_buf().map_err(VerifyError::Io)?.starts_with(BEGINNING) {
            return Ok(None);
        }
        let mut plaintext = plaintext(source, keys)?;
        match index(&mut plaintext) {
            Ok(index) => Ok(index.map(|index| Self { plaintext, index })),
            Err(cause) if cause.raw_os_error().is_some() => Err(VerifyError::Io(cause)),
            Err(_) => Ok(None),
        }
    }

    pub(crate) fn outline(&self) -> Outline {
        self.index.outline()
    }

    /// What was shown, as text; none where it cannot be read.
    pub(crate) fn transcript(&mut self) -> Option<Transcript> {
        let (position, length) = self.index.transcript;
        let bytes = at(&mut self.plaintext, position, usize::try_from(length).ok()?).ok()?;
        let transcript = unpack(bytes.get(SKIPPABLE_HEAD..)?, LONGEST_TRANSCRIPT)?;
        serde_json::from_slice(&transcript).ok()
    }

    /// The stretch in which an instant lies.
    pub(crate) fn stretch(&mut self, at_us: u64) -> Result<Stretch, VerifyError> {
        let after = self.index.blocks.partition_point(|block| block.mark.at_us <= at_us);
        let number = after.saturating_sub(1);
        let next = self.index.blocks.get(number + 1).map(|next| next.mark.at_us);
        let block = *self.index.blocks.get(number).ok_or_else(undecipherable)?;
        let (drawing, frames) = self.read(&block)?;
        let begin = if number == 0 { PREFACE.len() } else { 0 };
        let mut frames = Frames::new(frames.get(begin..).unwrap_or_default(), 0);
        let mut events = Vec::new();
        let flawed = |cause| VerifyError::at(0, block.position, cause);
        while let Some((head, payload)) = frames.next().map_err(flawed)? {
            if head.session != self.index.header.session {
                return Err(flawed(Flaw::Foreign.into()));
            }
            events.extend(event(&head, payload));
        }
        let screen =
            Screen { offset: block.mark.offset, size: block.size, drawing: drawing.into() };
        Ok(Stretch { from: block.mark, screen, events, next })
    }

    /// A block's drawing, blank where it cannot be read, and its frames.
    fn read(&mut self, block: &Entry) -> Result<(Vec<u8>, Vec<u8>), VerifyError> {
        let (screen, length) = (block.screen as usize, (block.screen + block.frames) as usize);
        let bytes = at(&mut self.plaintext, block.position, length).map_err(|cause| {
            if cause.raw_os_error().is_some() { VerifyError::Io(cause) } else { undecipherable() }
        })?;
        let drawing = bytes.get(SKIPPABLE_HEAD..screen);
        let drawing = drawing.and_then(|drawing| unpack(drawing, LONGEST_DRAWING));
        let most = usize::try_from(LARGEST_BLOCK).unwrap_or(usize::MAX);
        let frames = bytes.get(screen..).and_then(|frames| unpack(frames, most));
        Ok((drawing.unwrap_or_default(), frames.ok_or_else(undecipherable)?))
    }
}

/// Finds the index from the end; none where it makes no sense.
fn index<R: Read + Seek>(plaintext: &mut StreamReader<R>) -> io::Result<Option<Index>> {
    let back = i64::try_from(END).map_err(io::Error::other)?;
    let end = plaintext.seek(SeekFrom::End(-back))?;
    let mut last = [0; END];
    plaintext.read_exact(&mut last)?;
    let length = u32::try_from(END - SKIPPABLE_HEAD).map_err(io::Error::other)?;
    let expected = [Skippable::End.head(length).as_slice(), MARK].concat();
    let position = last.strip_prefix(expected.as_slice());
    let Some(position) = position.and_then(|position| position.try_into().ok()) else {
        return Ok(None);
    };
    let position = u64::from_be_bytes(position);
    let length = end.checked_sub(position).and_then(|length| u32::try_from(length).ok());
    let Some(length) = length else { return Ok(None) };
    let bytes = at(plaintext, position, length as usize)?;
    let payload = length
        .checked_sub(8)
        .and_then(|payload| bytes.strip_prefix(Skippable::Index.head(payload).as_slice()));
    Ok(payload.and_then(|payload| Index::decode(payload, position)))
}

/// So many bytes from a position on, which an index says are there.
fn at<R: Read + Seek>(
    plaintext: &mut StreamReader<R>,
    position: u64,
    length: usize,
) -> io::Result<Vec<u8>> {
    plaintext.seek(SeekFrom::Start(position))?;
    let mut bytes = vec![0; length];
    plaintext.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// The file was changed, or cut, where nothing is known of frames.
fn undecipherable() -> VerifyError {
    VerifyError::Flawed { number: 0, position: 0, flaw: Flaw::Undecipherable }
}
