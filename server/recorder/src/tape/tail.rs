//! The latest output, in memory.

use std::collections::VecDeque;
use std::ops::Range;

use broker::port::Stream;
use bytes::Bytes;

/// The most of a tail that is kept once the recording's file has it, in bytes.
const KEPT: usize = 256 * 1024;
/// The most pieces of the error stream that are kept then, whatever their length.
const ERRORS: usize = 1_024;

/// Durable output that readers are likely to want next.
#[derive(Debug, Default)]
pub(super) struct Tail {
    end: u64,
    bytes: VecDeque<u8>,
    /// What of it belongs to the error stream, by offsets.
    errors: VecDeque<Range<u64>>,
    used: bool,
}

impl Tail {
    /// Adds output of one stream.
    pub(super) fn push(&mut self, stream: Stream, bytes: &[u8]) {
        let begin = self.end;
        self.bytes.extend(bytes);
        self.end += bytes.len() as u64;
        self.used = true;
        if stream == Stream::Error {
            match self.errors.back_mut() {
                Some(last) if last.end == begin => last.end = self.end,
                _ => self.errors.push_back(begin..self.end),
            }
        }
    }

    /// Forgets what is too old; the file has all of it.
    pub(super) fn trim(&mut self) {
        let mut begin = self.end.saturating_sub(KEPT as u64).max(self.begin());
        while let Some(oldest) = self.errors.front()
            && (self.errors.len() > ERRORS || oldest.end <= begin)
        {
            begin = begin.max(oldest.end);
            self.errors.pop_front();
        }
        let surplus = usize::try_from(begin - self.begin()).unwrap_or(usize::MAX);
        self.bytes.drain(..surplus.min(self.bytes.len()));
    }

    /// Gives the memory back when nothing was added since the last call. The file has all of it.
    pub(super) fn rest(&mut self) {
        if !std::mem::take(&mut self.used) && self.bytes.capacity() > 0 {
            (self.bytes, self.errors) = (VecDeque::new(), VecDeque::new());
        }
    }

    /// At most `most` bytes of one stream from an offset on, if they are here.
    pub(super) fn read(&self, offset: u64, most: usize) -> Option<(Stream, Bytes)> {
        let from = usize::try_from(offset.checked_sub(self.begin())?).ok()?;
        let (stream, end) = self.run(offset);
        let run = usize::try_from(end.checked_sub(offset)?).unwrap_or(usize::MAX);
        let to = from.saturating_add(most.min(run)).min(self.bytes.len());
        if from >= to {
            return None;
        }
        let (front, back) = self.bytes.as_slices();
        let middle = front.len();
        let front = &front[from.min(middle)..to.min(middle)];
        let back = &back[from.saturating_sub(middle)..to.saturating_sub(middle)];
        let bytes = if back.is_empty() {
            Bytes::copy_from_slice(front)
        } else {
            [front, back].concat().into()
        };
        Some((stream, bytes))
    }

    /// The stream of what stands at an offset, and where the other one begins.
    fn run(&self, offset: u64) -> (Stream, u64) {
        match self.errors.iter().find(|range| range.end > offset) {
            Some(range) if range.start <= offset => (Stream::Error, range.end),
            Some(range) => (Stream::Output, range.start),
            None => (Stream::Output, self.end),
        }
    }

    fn begin(&self) -> u64 {
        self.end - self.bytes.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(tail: &Tail) -> Vec<(Stream, Vec<u8>)> {
        let (mut offset, mut runs) = (tail.begin(), Vec::new());
        while let Some((stream, bytes)) = tail.read(offset, usize::MAX) {
            offset += bytes.len() as u64;
            runs.push((stream, bytes.to_vec()));
        }
        assert_eq!(offset, tail.end);
        runs
    }

    #[test]
    fn what_is_read_is_of_one_stream() {
        let mut tail = Tail::default();
        for (stream, bytes) in [
            (Stream::Output, "one"),
            (Stream::Error, "two"),
            (Stream::Error, "more"),
            (Stream::Output, "three"),
        ] {
            tail.push(stream, bytes.as_bytes());
        }
        let runs = [(Stream::Output, "one"), (Stream::Error, "twomore"), (Stream::Output, "three")];
        assert_eq!(all(&tail), runs.map(|(stream, bytes)| (stream, bytes.into())));
        assert_eq!(tail.read(4, 2), Some((Stream::Error, Bytes::from_static(b"wo"))));
    }

    #[test]
    fn many_small_pieces_of_two_streams_stay_bounded() {
        let mut tail = Tail::default();
        for _ in 0..3 * ERRORS {
            tail.push(Stream::Output, b"o");
            tail.push(Stream::Error, b"e");
        }
        tail.trim();
        assert_eq!(tail.errors.len(), ERRORS);
        let runs = all(&tail);
        assert_eq!(runs.len(), 2 * ERRORS);
        assert_eq!(runs[0], (Stream::Output, b"o".to_vec()));
        tail.push(Stream::Output, &vec![b'x'; KEPT]);
        tail.trim();
        assert_eq!(all(&tail), [(Stream::Output, vec![b'x'; KEPT])]);
        assert!(tail.errors.is_empty());
    }
}
