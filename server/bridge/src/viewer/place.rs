//! How far a viewer is, and how far it may go.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::wire::{LARGEST_WINDOW, LEAST_WINDOW};
use tokio::sync::watch;

/// The most output in one message, in bytes.
const LARGEST: u64 = 64 * 1024;
/// Output that a browser parses in a second at best, in bytes: so much may be on its way for each
/// second of it, or the viewer waits for the network instead of the network for the viewer.
const PARSED_EACH_SECOND: u64 = 16 * 1024 * 1024;

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

    /// How far it is behind the end of the output, in bytes.
    pub(super) fn lag(self, end: u64) -> u64 {
        end.saturating_sub(self.next)
    }

    /// How much may be shown at once, of output that ends at an offset, to a viewer that is so far
    /// away.
    pub(super) fn most(self, end: u64, round_trip: Option<Duration>) -> usize {
        let credit = window(round_trip).saturating_sub(self.next - self.acknowledged);
        let most = end.saturating_sub(self.next).min(credit).min(LARGEST);
        usize::try_from(most).unwrap_or(usize::MAX)
    }

    /// This much was shown.
    pub(super) fn show(&mut self, length: usize) {
        self.next += length as u64;
    }

    /// A screen is shown instead of everything before an offset. What the viewer was sent before
    /// is not waited for any more: it only skips once it has taken some of that.
    pub(super) fn skip_to(&mut self, offset: u64) {
        (self.next, self.acknowledged) = (offset, offset);
    }

    /// The viewer has everything up to an offset.
    pub(super) fn acknowledge(&mut self, offset: u64) {
        self.acknowledged = self.acknowledged.max(offset.min(self.next));
    }
}

/// How much may be on its way unacknowledged, in bytes. Before the way was measured it counts as
/// short.
fn window(round_trip: Option<Duration>) -> u64 {
    let way = u64::try_from(round_trip.unwrap_or_default().as_micros()).unwrap_or(u64::MAX);
    let on_the_way = way.saturating_mul(PARSED_EACH_SECOND) / 1_000_000;
    LEAST_WINDOW.saturating_add(on_the_way).min(LARGEST_WINDOW)
}

/// What the two halves of a viewer tell each other.
pub(super) struct Progress {
    sent: AtomicU64,
    acknowledged: watch::Sender<u64>,
}

impl Progress {
    /// A viewer that begins at an offset.
    pub(super) fn at(offset: u64) -> Self {
        Self { sent: AtomicU64::new(offset), acknowledged: watch::Sender::new(offset) }
    }

    /// The viewer was sent everything before its place.
    pub(super) fn sent(&self, place: Place) {
        self.sent.store(place.next, Ordering::Relaxed);
    }

    /// The viewer says that it has everything up to an offset; false for one that it was never
    /// sent.
    pub(super) fn acknowledge(&self, offset: u64) -> bool {
        self.acknowledged.send_if_modified(|known| {
            let more = offset > *known;
            *known = offset.max(*known);
            more
        });
        offset <= self.sent.load(Ordering::Relaxed)
    }

    /// Follows what the viewer has.
    pub(super) fn acknowledged(&self) -> watch::Receiver<u64> {
        self.acknowledged.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_grows_with_the_way_and_stays_in_its_bounds() {
        let of = |milliseconds| window(Some(Duration::from_millis(milliseconds)));
        assert_eq!(window(None), LEAST_WINDOW);
        assert_eq!(of(0), LEAST_WINDOW);
        assert!(of(20) > 512 * 1024 && of(20) < 640 * 1024);
        assert_eq!(of(60), LARGEST_WINDOW);
        assert_eq!(window(Some(Duration::MAX)), LARGEST_WINDOW);
    }

    #[test]
    fn a_viewer_may_have_a_window_of_output_that_it_did_not_acknowledge() {
        let mut place = Place::at(1_000);
        let mut given = 0;
        while place.most(u64::MAX, None) > 0 {
            let most = place.most(u64::MAX, None);
            given += most;
            place.show(most);
        }
        assert_eq!(given as u64, LEAST_WINDOW);
        place.acknowledge(2_000);
        assert_eq!(place.most(u64::MAX, None), 1_000);
        assert_eq!(place.most(place.next(), None), 0, "there is nothing more");
    }
}
