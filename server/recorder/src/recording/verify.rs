//! Proving a recording from its file alone.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::{Arc, Mutex};

use broker::port::RecordingHeader;
use domain::{Sealed, hex};
use sha2::{Digest as _, Sha256};

use super::{Keys, Reader};
use crate::frame::{Flaw, Kind, ReadError};
use crate::lock;

/// A recording in which every frame is as it was written.
///
/// Somebody who may write the file can make up a whole chain: the digest must also be the one that
/// the audit log has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// What it is of.
    pub header: RecordingHeader,
    /// Its length and digest, to be compared with those in the audit log.
    pub sealed: Sealed,
    /// How it was closed.
    pub closing: Closing,
    /// How many frames it has.
    pub frames: u64,
}

/// How a recording was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closing {
    /// When its session ended.
    Orderly,
    /// After the process that wrote it had gone.
    Interrupted,
}

/// Why a recording proves nothing.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The file cannot be read.
    #[error("the file cannot be read")]
    Io(#[source] io::Error),
    /// It is something else.
    #[error("the file is not a recording")]
    NotARecording,
    /// It is encrypted, and none of the keys opens it.
    #[error("the recording is encrypted for another key")]
    Locked,
    /// A newer version wrote it.
    #[error("the recording has a form that this version does not know")]
    UnknownForm,
    /// A frame is not as it was written.
    #[error("frame {number} at byte {position} {flaw}")]
    Flawed {
        /// The first frame that is wrong, counted from 0.
        number: u64,
        /// Where it stands in the file, in bytes.
        position: u64,
        /// What is wrong with it.
        flaw: Flaw,
    },
    /// The end is missing: it was not sealed, or it was cut.
    #[error("the recording ends after frame {last} without its seal")]
    Unsealed {
        /// The last frame that is there.
        last: u64,
    },
}

/// Checks every frame of a sealed recording.
///
/// # Errors
/// Names the first frame that was changed, taken out, put in or moved.
pub fn verify(path: &Path, keys: &Keys) -> Result<Verified, VerifyError> {
    prove(path, keys, &|| true).map(|(verified, _)| verified)
}

/// Checks every frame, for as long as somebody waits for it; of an archive it says SHA-256 of the
/// file too, lower-case hexadecimal: the frames alone do not prove what lies between them.
pub(crate) fn prove(
    path: &Path,
    keys: &Keys,
    wanted: &dyn Fn() -> bool,
) -> Result<(Verified, Option<String>), VerifyError> {
    let file = File::open(path).map_err(VerifyError::Io)?;
    // It goes on where the reader stops, even behind the last frame.
    let mut rest = file.try_clone().map_err(VerifyError::Io)?;
    let digest = Arc::new(Mutex::new(Some(Sha256::new())));
    let mut reader = Reader::through(Digested { file, digest: Arc::clone(&digest) }, keys)?;
    if !reader.is_archived() {
        lock(&digest).take();
    }
    let mut closing = None;
    while let Some(entry) = reader.next()? {
        if entry.head.kind == Kind::Seal {
            closing = Closing::lettered(entry.payload);
        }
        if !wanted() {
            return Err(VerifyError::Io(io::ErrorKind::Interrupted.into()));
        }
    }
    reader.sealed()?;
    let digest = lock(&digest).take().map(|mut digest| {
        io::copy(&mut rest, &mut digest)?;
        Ok(hex(&digest.finalize()))
    });
    let digest = digest.transpose().map_err(VerifyError::Io)?;
    let (header, chain) = (reader.header().clone(), reader.chain());
    let sealed = Sealed { bytes: chain.offset(), digest: hex(chain.link()) };
    let closing = closing.ok_or(VerifyError::UnknownForm)?;
    Ok((Verified { header, sealed, closing, frames: chain.number() }, digest))
}

/// A file that is digested while it is read, as long as there is a digest.
struct Digested {
    file: File,
    digest: Arc<Mutex<Option<Sha256>>>,
}

impl Read for Digested {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        if let Some(digest) = lock(&self.digest).as_mut() {
            digest.update(&buffer[..count]);
        }
        Ok(count)
    }
}

impl Closing {
    /// The payload of the seal.
    pub(crate) fn letter(self) -> &'static [u8; 1] {
        match self {
            Self::Orderly => b"o",
            Self::Interrupted => b"i",
        }
    }

    fn lettered(payload: &[u8]) -> Option<Self> {
        [Self::Orderly, Self::Interrupted]
            .into_iter()
            .find(|closing| closing.letter().as_slice() == payload)
    }
}

impl VerifyError {
    /// Says at which frame reading stopped.
    pub(crate) fn at(number: u64, position: u64, cause: ReadError) -> Self {
        match cause {
            ReadError::Io(cause) if cause.raw_os_error().is_some() => Self::Io(cause),
            // What is said by no system comes from deciphering and unpacking.
            ReadError::Io(_) => Self::Flawed { number, position, flaw: Flaw::Undecipherable },
            ReadError::Flaw(flaw) => Self::Flawed { number, position, flaw },
        }
    }
}
