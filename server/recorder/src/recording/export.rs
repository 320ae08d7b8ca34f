//! Exports, for people and for other programs. The recording itself is the evidence.

use std::io::{self, Write};
use std::path::Path;

use super::asciicast::Asciicast;
use super::{Keys, Reader, VerifyError, transcript};

/// What an export is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// asciicast v3, which players read. It cannot hold bytes that are not UTF-8.
    Asciicast,
    /// The bytes that were shown, and nothing else.
    Raw,
    /// What was shown, as lines of text.
    Text,
}

/// Why an export is not whole.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The recording cannot be read, or is not as it was written. What came before is exported.
    #[error("the recording cannot be read to its end")]
    Unreadable(#[from] VerifyError),
    /// The export cannot be written.
    #[error("the export cannot be written")]
    Unwritten(#[from] io::Error),
    /// The text has not every line; those that it has are exported.
    #[error("about {0} lines that were shown are not in the text: the other formats have them")]
    Shortened(u64),
}

/// Exports a sealed recording; every frame is checked on the way.
///
/// # Errors
/// The recording is not whole, cannot be deciphered, or the export cannot be written.
pub fn export(
    path: &Path,
    keys: &Keys,
    format: Format,
    into: &mut dyn Write,
) -> Result<(), ExportError> {
    let mut reader = Reader::open(path, keys)?;
    match format {
        Format::Asciicast => {
            for line in Asciicast::new(reader) {
                into.write_all(&line?)?;
            }
        }
        Format::Raw => {
            while let Some(entry) = reader.next()? {
                if entry.head.kind.is_shown() {
                    into.write_all(entry.payload)?;
                }
            }
            reader.sealed()?;
        }
        Format::Text => {
            let transcript = transcript::transcribe(&mut reader)?;
            for line in transcript.lines {
                writeln!(into, "{}", line.text)?;
            }
            reader.sealed()?;
            if transcript.missing > 0 {
                into.flush()?;
                return Err(ExportError::Shortened(transcript.missing));
            }
        }
    }
    Ok(into.flush()?)
}
