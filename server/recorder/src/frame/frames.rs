//! Reading frames one after the other.

use std::io::{self, Read};

use super::{Flaw, HEAD, Head, intact};

/// Why the next frame is not read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    /// The bytes are not a frame.
    #[error(transparent)]
    Flaw(#[from] Flaw),
    /// The file cannot be read.
    #[error("the file cannot be read")]
    Io(#[from] io::Error),
}

/// Frames of a file from some position on; one payload is in memory at a time.
pub(crate) struct Frames<R> {
    source: R,
    position: u64,
    payload: Vec<u8>,
}

impl<R: Read> Frames<R> {
    /// Begins at the source's position, which is the given one in its file.
    pub(crate) fn new(source: R, position: u64) -> Self {
        Self { source, position, payload: Vec::new() }
    }

    /// Where the next frame begins in the file.
    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    /// The next frame whose checksum is right; none at the end of the file.
    pub(crate) fn next(&mut self) -> Result<Option<(Head, &[u8])>, ReadError> {
        let mut bytes = [0; HEAD];
        match fill(&mut self.source, &mut bytes)? {
            0 => return Ok(None),
            HEAD => {}
            _ => return Err(Flaw::CutOff.into()),
        }
        let head = Head::decode(&bytes)?;
        self.payload.resize(head.length as usize, 0);
        if fill(&mut self.source, &mut self.payload)? < self.payload.len() {
            return Err(Flaw::CutOff.into());
        }
        if !intact(&bytes, &self.payload) {
            return Err(Flaw::Changed.into());
        }
        self.position += head.size();
        Ok(Some((head, &self.payload)))
    }
}

/// Reads until the buffer is full or the source ends; says how much it was.
fn fill(source: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match source.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
