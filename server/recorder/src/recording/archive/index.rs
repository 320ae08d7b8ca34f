//! Where the blocks of an archive are.
//!
//! Integers are big-endian. The index has the recording's length in microseconds, its bytes of
//! output, where the transcript begins and how long it is, 64 bits each; the number of blocks, 32
//! bits; for each block 36 bytes; then the recording's header as JSON. It is compressed.

use broker::port::{Mark, Outline, RecordingHeader};

/// The most bytes of an index: blocks of a year.
const LARGEST: usize = 64 * 1024 * 1024;
/// The most bytes of a frame that an index points to.
const LARGEST_FRAME: u32 = 64 * 1024 * 1024;
const ENTRY: usize = 36;

/// What is known of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Index {
    pub(super) header: RecordingHeader,
    pub(super) length_us: u64,
    pub(super) bytes: u64,
    /// Position and length of the transcript's frame.
    pub(super) transcript: (u64, u64),
    pub(super) blocks: Vec<Entry>,
}

/// One block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) mark: Mark,
    /// Columns and rows of its screen.
    pub(super) size: (u16, u16),
    /// Where the screen's frame begins in the plaintext; the block's follows.
    pub(super) position: u64,
    /// Length of the screen's frame.
    pub(super) screen: u32,
    /// Length of the block's frame.
    pub(super) frames: u32,
}

impl Index {
    /// What a player needs first.
    pub(super) fn outline(&self) -> Outline {
        Outline {
            header: self.header.clone(),
            length_us: self.length_us,
            bytes: self.bytes,
            marks: self.blocks.iter().map(|block| block.mark).collect(),
        }
    }

    pub(super) fn encode(&self) -> std::io::Result<Vec<u8>> {
        let header = serde_json::to_vec(&self.header)?;
        let mut bytes = Vec::with_capacity(36 + self.blocks.len() * ENTRY + header.len());
        for number in [self.length_us, self.bytes, self.transcript.0, self.transcript.1] {
            bytes.extend_from_slice(&number.to_be_bytes());
        }
        let count = u32::try_from(self.blocks.len()).map_err(std::io::Error::other)?;
        bytes.extend_from_slice(&count.to_be_bytes());
        for block in &self.blocks {
            bytes.extend_from_slice(&block.mark.at_us.to_be_bytes());
            bytes.extend_from_slice(&block.mark.offset.to_be_bytes());
            bytes.extend_from_slice(&block.position.to_be_bytes());
            bytes.extend_from_slice(&block.screen.to_be_bytes());
            bytes.extend_from_slice(&block.frames.to_be_bytes());
            bytes.extend_from_slice(&block.size.0.to_be_bytes());
            bytes.extend_from_slice(&block.size.1.to_be_bytes());
        }
        bytes.extend_from_slice(&header);
        zstd::bulk::compress(&bytes, super::LEVEL)
    }

    /// Reads an index that ends at a position in the plaintext; none where it makes no sense.
    pub(super) fn decode(compressed: &[u8], end: u64) -> Option<Self> {
        let bytes = unpack(compressed, LARGEST)?;
        let mut fields = Fields(&bytes);
        let (length_us, shown) = (fields.long()?, fields.long()?);
        let transcript = (fields.long()?, fields.long()?);
        let count = fields.int()?;
        let mut blocks = Vec::new();
        for _ in 0..count {
            let mark = Mark { at_us: fields.long()?, offset: fields.long()? };
            let (position, screen, frames) = (fields.long()?, fields.int()?, fields.int()?);
            let size = (fields.short()?, fields.short()?);
            blocks.push(Entry { mark, size, position, screen, frames });
        }
        let header = serde_json::from_slice(fields.0).ok()?;
        let index = Self { header, length_us, bytes: shown, transcript, blocks };
        index.is_sound(end).then_some(index)
    }

    /// Whether everything it points to is before its own place, small enough, and in order.
    fn is_sound(&self, end: u64) -> bool {
        let within = |position: u64, length: u64| {
            length <= LARGEST_FRAME.into()
                && position.checked_add(length).is_some_and(|behind| behind <= end)
        };
        let first = self.blocks.first().is_some_and(|first| first.mark.at_us == 0);
        let ordered = self.blocks.windows(2).all(|pair| pair[0].mark.at_us < pair[1].mark.at_us);
        let inside = self.blocks.iter().all(|block| {
            let length = u64::from(block.screen) + u64::from(block.frames);
            within(block.position, length)
        });
        first && ordered && inside && within(self.transcript.0, self.transcript.1)
    }
}

/// Decompresses what is not longer than a limit.
pub(super) fn unpack(compressed: &[u8], most: usize) -> Option<Vec<u8>> {
    // What was compressed at once says how long it is: nothing is reserved for what lies.
    let length = zstd::zstd_safe::get_frame_content_size(compressed).ok()??;
    let length = usize::try_from(length).ok().filter(|length| *length <= most)?;
    zstd::bulk::decompress(compressed, length).ok()
}

/// Integers, one after the other.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn long(&mut self) -> Option<u64> {
        self.take().map(u64::from_be_bytes)
    }

    fn int(&mut self) -> Option<u32> {
        self.take().map(u32::from_be_bytes)
    }

    fn short(&mut self) -> Option<u16> {
        self.take().map(u16::from_be_bytes)
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (field, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*field)
    }
}
