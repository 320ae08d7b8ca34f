//! A browser and its socket, in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use broker::port::{Clock as _, Viewer, ViewerClosed};
use bytes::Bytes;
use domain::wire::{BrowserMessage, ServerMessage, Size};
use tokio::sync::mpsc;

use super::stage::ManualClock;

/// The server's end of a socket.
pub(crate) struct Socket {
    from_browser: mpsc::Receiver<Bytes>,
    to_browser: mpsc::Sender<(Duration, Vec<u8>)>,
    read: Arc<AtomicUsize>,
    clock: Arc<ManualClock>,
}

impl Socket {
    /// A browser that has seen output up to an offset, and its socket, which takes only so many
    /// messages that the browser does not read.
    pub(crate) fn pair(offset: u64, messages: usize, clock: Arc<ManualClock>) -> (Browser, Self) {
        let (to_server, from_browser) = mpsc::channel(usize::MAX >> 4);
        let (to_browser, from_server) = mpsc::channel(messages);
        let read = Arc::default();
        let socket = Self { from_browser, to_browser, read: Arc::clone(&read), clock };
        let (from, screen) = (offset, Vec::new());
        (Browser { to_server, from_server, from, screen, read, latest: Duration::ZERO }, socket)
    }
}

#[async_trait]
impl Viewer for Socket {
    async fn receive(&mut self) -> Result<Bytes, ViewerClosed> {
        let message = self.from_browser.recv().await.ok_or(ViewerClosed)?;
        self.read.fetch_add(message.len(), Ordering::SeqCst);
        Ok(message)
    }

    async fn send(&mut self, message: Vec<u8>) -> Result<(), ViewerClosed> {
        let place = self.to_browser.reserve().await.map_err(|_| ViewerClosed)?;
        place.send((self.clock.since_boot(), message));
        Ok(())
    }
}

/// A page with a terminal.
pub(crate) struct Browser {
    to_server: mpsc::Sender<Bytes>,
    from_server: mpsc::Receiver<(Duration, Vec<u8>)>,
    /// Offset of the first byte of the screen.
    pub(crate) from: u64,
    /// What was shown.
    pub(crate) screen: Vec<u8>,
    /// Bytes of messages that the server has read.
    pub(crate) read: Arc<AtomicUsize>,
    /// When the latest output was sent.
    pub(crate) latest: Duration,
}

impl Browser {
    /// The offset after the last output that was shown.
    pub(crate) fn offset(&self) -> u64 {
        self.from + self.screen.len() as u64
    }

    /// The next message; none once the server is done.
    pub(crate) async fn next(&mut self) -> Option<ServerMessage> {
        let (sent_at, message) = self.from_server.recv().await?;
        Some(self.see(sent_at, &message))
    }

    /// A message that is there already.
    pub(crate) fn try_next(&mut self) -> Option<ServerMessage> {
        let (sent_at, message) = self.from_server.try_recv().ok()?;
        Some(self.see(sent_at, &message))
    }

    fn see(&mut self, sent_at: Duration, message: &[u8]) -> ServerMessage {
        let message = ServerMessage::decode(message).unwrap();
        match &message {
            ServerMessage::Attached { offset, .. } => self.from = *offset,
            ServerMessage::Output { offset, bytes } => {
                assert_eq!(*offset, self.offset(), "no gap and no duplicate");
                assert!(bytes.len() <= 64 * 1024);
                self.screen.extend_from_slice(bytes);
                self.latest = sent_at;
            }
            _ => {}
        }
        message
    }

    /// Reads and acknowledges until so much was shown.
    pub(crate) async fn watch_to(&mut self, offset: u64) {
        while self.offset() < offset {
            let message = self.next().await.expect("the server is done before everything is shown");
            if matches!(message, ServerMessage::Output { .. }) {
                self.acknowledge(self.offset());
            }
        }
    }

    /// Reads until a message that is wanted; all others are skipped.
    pub(crate) async fn expect(
        &mut self,
        wanted: impl Fn(&ServerMessage) -> bool,
    ) -> ServerMessage {
        loop {
            let message = self.next().await.expect("the server is done before that");
            if wanted(&message) {
                return message;
            }
        }
    }

    /// Reads to the end; the last words.
    pub(crate) async fn last_words(&mut self) -> Option<String> {
        let mut words = None;
        while let Some(message) = self.next().await {
            if let ServerMessage::Ended(sentence) = message {
                words = Some(sentence);
            } else {
                assert_eq!(words, None, "nothing follows the last words");
            }
        }
        words
    }

    /// Types.
    pub(crate) fn types(&self, number: u64, bytes: &[u8]) {
        self.says(&BrowserMessage::Input { number, answered: false, bytes });
    }

    /// Tells the terminal's size.
    pub(crate) fn resizes(&self, columns: u16, rows: u16) {
        self.says(&BrowserMessage::Resize(Size { columns, rows }));
    }

    /// Acknowledges.
    pub(crate) fn acknowledge(&self, offset: u64) {
        self.says(&BrowserMessage::Acknowledge(offset));
    }

    fn says(&self, message: &BrowserMessage<'_>) {
        self.sends(message.encode());
    }

    /// Sends bytes, whatever they are.
    pub(crate) fn sends(&self, bytes: Vec<u8>) {
        // A socket that the server has closed takes nothing, as in life.
        let _ = self.to_server.try_send(bytes.into());
    }
}
