//! How far a viewer is, and how far it may go.

use domain::wire::WINDOW;

/// The most output in one message, in bytes.
const LARGEST: u64 = 64 * 1024;

/// A viewer's place in the output. What it has not acknowledged is never more than the window, so
/// a viewer that stands still costs that much and no more (S-06).
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    next: u64,
    acknowledged: u64,
}

impl Place {
    /// Begins at an offset.
    pub(super) fn at(offset: u64) -> Self {
        Self { next: offset, acknowledged: offset }
    }

    /// The offset to be shown next.
    pub(super) fn next(self) -> u64 {
        self.next
    }

    /// Whether everything up to an offset was shown.
    pub(super) fn is_at(self, end: u64) -> bool {
        self.next >= end
    }

    /// How much may be shown at once, of output that ends at an offset.
    pub(super) fn most(self, end: u64) -> usize {
        let credit = WINDOW.saturating_sub(self.next - self.acknowledged);
        let most = end.saturating_sub(self.next).min(credit).min(LARGEST);
        usize::try_from(most).unwrap_or(usize::MAX)
    }

    /// This much was shown.
    pub(super) fn show(&mut self, length: usize) {
        self.next += length as u64;
    }

    /// The viewer has everything up to an offset; false for one that it was never sent.
    pub(super) fn acknowledge(&mut self, offset: u64) -> bool {
        self.acknowledged = self.acknowledged.max(offset.min(self.next));
        offset <= self.next
    }
}
