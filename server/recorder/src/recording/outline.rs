//! What a recording holds.

use std::path::Path;

use broker::port::Outline;

use super::blocks::Blocks;
use super::{PREFACE, Reader, VerifyError};

/// Reads the whole file.
pub(crate) fn outline(path: &Path) -> Result<Outline, VerifyError> {
    let mut reader = Reader::open(path)?;
    let mut blocks = Blocks::new(PREFACE.len());
    let mut marks = vec![blocks.mark()];
    while let Some(entry) = reader.next()? {
        if blocks.add(&entry.head) {
            marks.push(blocks.mark());
        }
    }
    let (header, chain) = (reader.header().clone(), reader.chain());
    Ok(Outline { header, length_us: chain.time_us(), bytes: chain.offset(), marks })
}
