//! The latest output, in memory.

use std::collections::VecDeque;

use bytes::Bytes;

/// The most of a tail that is kept once the recording's file has it, in bytes.
const KEPT: usize = 256 * 1024;

/// Durable output that readers are likely to want next.
#[derive(Debug, Default)]
pub(super) struct Tail {
    end: u64,
    bytes: VecDeque<u8>,
    used: bool,
}

impl Tail {
    /// Adds output.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend(bytes);
        self.end += bytes.len() as u64;
        self.used = true;
    }

    /// Forgets what is too old; the file has all of it.
    pub(super) fn trim(&mut self) {
        let surplus = self.bytes.len().saturating_sub(KEPT);
        self.bytes.drain(..surplus);
    }

    /// Gives the memory back when nothing was added since the last call. The file has all of it.
    pub(super) fn rest(&mut self) {
        if !std::mem::take(&mut self.used) && self.bytes.capacity() > 0 {
            self.bytes = VecDeque::new();
        }
    }

    /// At most `most` bytes from an offset on, if they are here.
    pub(super) fn read(&self, offset: u64, most: usize) -> Option<Bytes> {
        let from = usize::try_from(offset.checked_sub(self.end - self.bytes.len() as u64)?).ok()?;
        let to = from.saturating_add(most).min(self.bytes.len());
        if from >= to {
            return None;
        }
        let (front, back) = self.bytes.as_slices();
        let middle = front.len();
        let front = &front[from.min(middle)..to.min(middle)];
        let back = &back[from.saturating_sub(middle)..to.saturating_sub(middle)];
        Some(if back.is_empty() {
            Bytes::copy_from_slice(front)
        } else {
            [front, back].concat().into()
        })
    }
}
