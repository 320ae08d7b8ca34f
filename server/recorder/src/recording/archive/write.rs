//! Making an archive of a recording.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use age::Encryptor;
use broker::port::{Mark, Screen};
use domain::hex;
use sha2::{Digest as _, Sha256};

use super::index::{Entry, Index};
use super::{Keys, LEVEL, MARK, Skippable};
use crate::disk::Disk;
use crate::emulator::Emulator;
use crate::recording::blocks::Blocks;
use crate::recording::stretch::WORK;
use crate::recording::transcript::Text;
use crate::recording::{Reader, VerifyError};

/// The file of a recording in its final form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archived {
    /// Its length in bytes.
    pub bytes: u64,
    /// SHA-256 of all of it, lower-case hexadecimal: what `sha256sum` says.
    pub digest: String,
}

/// Why there is no archive.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ArchiveError {
    /// The recording is not whole: it stays as it is.
    #[error("the recording is not whole")]
    Flawed(#[from] VerifyError),
    /// It cannot be written.
    #[error("it cannot be written")]
    Io(#[from] io::Error),
}

/// Reads a sealed recording, frame by frame, and writes it in its final form. It survives a power
/// cut on return.
pub(crate) fn archive(
    recording: &Path,
    file: &File,
    disk: &dyn Disk,
    keys: &Keys,
) -> Result<Archived, ArchiveError> {
    let mut reader = Reader::open(recording, keys)?;
    let encryptor = Encryptor::with_recipients(keys.recipients()).map_err(io::Error::other)?;
    let file = Out { file, disk, digest: Sha256::new(), bytes: 0 };
    let mut pack = Pack { into: encryptor.wrap_output(file)?, position: 0, blocks: Vec::new() };

    let (columns, rows) = reader.header().size;
    let (mut emulator, mut text) = (Emulator::new(columns, rows, WORK), Text::default());
    let (mut frames, mut screen) = (reader.beginning().to_vec(), emulator.screen(0));
    let mut blocks = Blocks::new(frames.len());
    while let Some(entry) = reader.next()? {
        let mark = blocks.mark();
        if blocks.add(&entry.head) {
            pack.block(mark, &screen, &frames)?;
            frames.clear();
            screen = emulator.screen(entry.head.offset);
            emulator.allow(WORK);
        }
        entry.head.encode(entry.payload, &mut frames);
        text.at(entry.head.time_us);
        text.follow(&mut emulator, entry.head.kind, entry.payload);
    }
    reader.sealed()?;
    pack.block(blocks.mark(), &screen, &frames)?;
    let text = serde_json::to_vec(&text.finish(emulator.terminal())).map_err(io::Error::from)?;
    let transcript = pack.skippable(Skippable::Transcript, &zstd::bulk::compress(&text, LEVEL)?)?;
    let chain = reader.chain();
    let index = Index {
        header: reader.header().clone(),
        length_us: chain.time_us(),
        bytes: chain.offset(),
        transcript,
        blocks: std::mem::take(&mut pack.blocks),
    };
    Ok(pack.finish(&index)?)
}

/// The plaintext of an archive that is written.
struct Pack<W> {
    into: W,
    position: u64,
    blocks: Vec<Entry>,
}

impl<W: Write> Pack<W> {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.position += bytes.len() as u64;
        self.into.write_all(bytes)
    }

    /// Writes a skippable frame; says where it begins, and its length.
    fn skippable(&mut self, kind: Skippable, payload: &[u8]) -> io::Result<(u64, u64)> {
        let begin = self.position;
        let length = u32::try_from(payload.len()).map_err(io::Error::other)?;
        self.put(&kind.head(length))?;
        self.put(payload)?;
        Ok((begin, self.position - begin))
    }

    fn block(&mut self, mark: Mark, screen: &Screen, frames: &[u8]) -> io::Result<()> {
        let drawing = zstd::bulk::compress(&screen.drawing, LEVEL)?;
        let (position, length) = self.skippable(Skippable::Screen, &drawing)?;
        let frames = zstd::bulk::compress(frames, LEVEL)?;
        self.put(&frames)?;
        self.blocks.push(Entry {
            mark,
            size: screen.size,
            position,
            screen: u32::try_from(length).map_err(io::Error::other)?,
            frames: u32::try_from(frames.len()).map_err(io::Error::other)?,
        });
        Ok(())
    }
}

impl Pack<age::stream::StreamWriter<Out<'_>>> {
    fn finish(mut self, index: &Index) -> io::Result<Archived> {
        let (position, _) = self.skippable(Skippable::Index, &index.encode()?)?;
        let end = [MARK.as_slice(), &position.to_be_bytes()].concat();
        self.skippable(Skippable::End, &end)?;
        let Out { file, disk, digest, bytes } = self.into.finish()?;
        disk.sync(file)?;
        Ok(Archived { bytes, digest: hex(&digest.finalize()) })
    }
}

/// Counts and digests what goes to the disk.
struct Out<'a> {
    file: &'a File,
    disk: &'a dyn Disk,
    digest: Sha256,
    bytes: u64,
}

impl Write for Out<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.disk.write(self.file, bytes)?;
        self.digest.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
