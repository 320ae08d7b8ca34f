//! Where in a recording's file an offset is found.

/// Marks are at least this far apart at first, in bytes of the file.
const STRIDE: u64 = 64 * 1024;
/// The most marks; beyond it every other one goes and the stride doubles.
const MARKS: usize = 256;

/// A sparse index: what lies between two marks is found by reading on from the first.
#[derive(Debug)]
pub(super) struct Index {
    stride: u64,
    marks: Vec<Mark>,
}

/// A frame begins here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    /// Bytes of output before it.
    pub(super) offset: u64,
    /// Bytes of the file before it.
    pub(super) position: u64,
}

impl Index {
    /// An index of a file whose frames begin at a position.
    pub(super) fn new(position: u64) -> Self {
        Self { stride: STRIDE, marks: vec![Mark { offset: 0, position }] }
    }

    /// Notes where a frame begins, if it is far enough from the last one noted.
    pub(super) fn note(&mut self, mark: Mark) {
        if self.marks.last().is_some_and(|last| mark.position - last.position < self.stride) {
            return;
        }
        if self.marks.len() == MARKS {
            let mut keep = false;
            self.marks.retain(|_| {
                keep = !keep;
                keep
            });
            self.stride *= 2;
        }
        self.marks.push(mark);
    }

    /// The last mark at or before an offset.
    pub(super) fn before(&self, offset: u64) -> Option<Mark> {
        let after = self.marks.partition_point(|mark| mark.offset <= offset);
        self.marks.get(after.checked_sub(1)?).copied()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_index_stays_small_and_finds_the_nearest_mark_before(
            lengths in prop::collection::vec(1..=65_536_u64, 1..3_000),
            wanted in any::<prop::sample::Index>(),
        ) {
            let mut index = Index::new(8);
            let mut frames = vec![Mark { offset: 0, position: 8 }];
            for length in lengths {
                let last = frames[frames.len() - 1];
                let next = Mark { offset: last.offset + length, position: last.position + length + 88 };
                index.note(next);
                frames.push(next);
            }
            prop_assert!(index.marks.len() <= MARKS);
            let wanted = frames[wanted.index(frames.len())];
            let found = index.before(wanted.offset).unwrap();
            prop_assert!(frames.contains(&found));
            prop_assert!(found.offset <= wanted.offset);
            prop_assert!(wanted.position - found.position < 3 * index.stride);
        }
    }
}
