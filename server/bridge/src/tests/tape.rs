//! A tape whose durability the test decides.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use broker::port::{Chunk, RecorderError, Screen, Stream, Tape};
use bytes::Bytes;
use domain::Sealed;
use tokio::sync::watch;

use crate::lock;

/// How a tape behaves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Habit {
    /// Everything is durable at once.
    #[default]
    Prompt,
    /// Nothing is durable until the test says so.
    Manual,
    /// Appending never returns.
    Stuck,
}

/// A tape in memory.
pub(crate) struct MemoryTape {
    habit: Habit,
    output: Mutex<Vec<u8>>,
    /// Where output of each stream ends.
    runs: Mutex<Vec<(Stream, u64)>>,
    other: Mutex<Vec<(Stream, String)>>,
    /// How often something was appended.
    pub(crate) appended: AtomicUsize,
    durable: Mutex<Option<watch::Sender<u64>>>,
    follow: watch::Receiver<u64>,
}

impl Default for MemoryTape {
    fn default() -> Self {
        Self::new(Habit::Prompt)
    }
}

impl MemoryTape {
    pub(crate) fn new(habit: Habit) -> Self {
        let (durable, follow) = watch::channel(0);
        let durable = Mutex::new(Some(durable));
        Self {
            habit,
            output: Mutex::default(),
            runs: Mutex::default(),
            other: Mutex::default(),
            appended: AtomicUsize::new(0),
            durable,
            follow,
        }
    }

    /// Makes output durable up to an offset.
    pub(crate) fn make_durable(&self, offset: u64) {
        lock(&self.durable).as_ref().unwrap().send_replace(offset);
    }

    /// Breaks the journal.
    pub(crate) fn break_down(&self) {
        lock(&self.durable).take();
    }

    /// Everything that was appended.
    pub(crate) fn output(&self) -> Vec<u8> {
        lock(&self.output).clone()
    }

    /// What was appended to the error stream.
    pub(crate) fn errors(&self) -> Vec<u8> {
        let (output, mut errors, mut begin) = (self.output(), Vec::new(), 0);
        for (stream, end) in lock(&self.runs).iter() {
            let end = usize::try_from(*end).unwrap();
            if *stream == Stream::Error {
                errors.extend_from_slice(&output[begin..end]);
            }
            begin = end;
        }
        errors
    }

    /// What was appended to a stream other than the output.
    pub(crate) fn other(&self, stream: Stream) -> Vec<String> {
        let other = lock(&self.other);
        other.iter().filter(|(of, _)| *of == stream).map(|(_, text)| text.clone()).collect()
    }
}

#[async_trait]
impl Tape for MemoryTape {
    async fn append(&self, stream: Stream, bytes: Bytes) -> Result<u64, RecorderError> {
        if self.habit == Habit::Stuck {
            std::future::pending::<()>().await;
        }
        self.appended.fetch_add(1, Ordering::SeqCst);
        let mut output = lock(&self.output);
        if matches!(stream, Stream::Output | Stream::Error) {
            output.extend_from_slice(&bytes);
            lock(&self.runs).push((stream, output.len() as u64));
        } else {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            lock(&self.other).push((stream, text));
        }
        let end = output.len() as u64;
        match lock(&self.durable).as_ref() {
            None => return Err(RecorderError::Broken),
            Some(durable) if self.habit == Habit::Prompt => {
                durable.send_replace(end);
            }
            Some(_) => {}
        }
        Ok(end)
    }

    fn durable(&self) -> watch::Receiver<u64> {
        self.follow.clone()
    }

    async fn read(&self, offset: u64, most: usize) -> Result<Chunk, RecorderError> {
        let durable = usize::try_from(*self.follow.borrow()).unwrap();
        let from = usize::try_from(offset).unwrap().min(durable);
        let run = lock(&self.runs).iter().copied().find(|(_, end)| *end > offset);
        let (stream, end) = run.unwrap_or((Stream::Output, u64::MAX));
        let end = usize::try_from(end).unwrap().min(durable).min(from + most);
        let bytes = lock(&self.output)[from..end].to_vec();
        Ok(Chunk { offset, stream, bytes: bytes.into() })
    }

    /// What draws the screen of a fresh emulator is all the output before it.
    async fn screen(&self, back: u64) -> Result<Option<Screen>, RecorderError> {
        let offset = self.follow.borrow().saturating_sub(back);
        let before = usize::try_from(offset).unwrap();
        let drawing = Bytes::copy_from_slice(&lock(&self.output)[..before]);
        Ok((offset > 0).then_some(Screen { offset, size: (80, 24), drawing }))
    }

    async fn seal(&self) -> Result<Sealed, RecorderError> {
        Err(RecorderError::NotFound)
    }
}
