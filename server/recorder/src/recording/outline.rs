//! What a recording holds.

use std::path::Path;

use broker::port::Outline;

use super::archive::Archive;
use super::blocks::Blocks;
use super::{Keys, Reader, VerifyError};

/// Reads the index of a recording, or all of it where it has none. It proves nothing.
///
/// # Errors
/// The file is no recording, or cannot be read.
pub fn outline(path: &Path, keys: &Keys) -> Result<Outline, VerifyError> {
    if let Some(archive) = Archive::open(path, keys)? {
        return Ok(archive.outline());
    }
    let mut reader = Reader::open(path, keys)?;
    let mut blocks = Blocks::new(reader.beginning().len());
    let mut marks = vec![blocks.mark()];
    while let Some(entry) = reader.next()? {
        if blocks.add(&entry.head) {
            marks.push(blocks.mark());
        }
    }
    let (header, chain) = (reader.header().clone(), reader.chain());
    Ok(Outline { header, length_us: chain.time_us(), bytes: chain.offset(), marks })
}
