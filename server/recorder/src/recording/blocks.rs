//! Where playing a recording can begin.

use broker::port::Mark;

use crate::frame::Head;

/// A block holds what happened within this time, in microseconds.
const LENGTH_US: u64 = 10_000_000;
/// The most bytes of frames that a block holds: at least one frame of any length.
pub(crate) const LARGEST_BLOCK: u64 = 256 * 1024;

/// Cuts frames into blocks. It is the same for every form of a recording.
pub(crate) struct Blocks {
    mark: Mark,
    bytes: u64,
}

impl Blocks {
    /// The first block, with so many bytes before its first frame.
    pub(crate) fn new(bytes: usize) -> Self {
        Self { mark: Mark { at_us: 0, offset: 0 }, bytes: bytes as u64 }
    }

    /// Where the block begins that the last frame went to.
    pub(crate) fn mark(&self) -> Mark {
        self.mark
    }

    /// Adds a frame; says whether a new block begins with it. No two blocks have the same time: a
    /// block that would is dated a microsecond later.
    pub(crate) fn add(&mut self, head: &Head) -> bool {
        let late = head.time_us.saturating_sub(self.mark.at_us) >= LENGTH_US;
        let full = self.bytes.saturating_add(head.size()) > LARGEST_BLOCK;
        if late || full {
            let at_us = head.time_us.max(self.mark.at_us.saturating_add(1));
            *self = Self { mark: Mark { at_us, offset: head.offset }, bytes: 0 };
        }
        self.bytes += head.size();
        late || full
    }
}
