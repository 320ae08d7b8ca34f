//! A browser and its socket, in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use broker::port::{Clock as _, Viewer, ViewerClosed, ViewerInput, ViewerOutput};
use bytes::Bytes;
use domain::wire::{BrowserMessage, LARGEST_DRAWING, ServerMessage, Size};
use tokio::sync::mpsc;

use super::stage::ManualClock;

/// The server's end of a socket.
pub(crate) struct Socket {
    input: Input,
    output: Output,
}

struct Input {
    from_browser: mpsc::Receiver<Bytes>,
    read: Arc<AtomicUsize>,
}

struct Output {
    to_browser: mpsc::Sender<(Duration, Vec<u8>)>,
    sent: Arc<AtomicUsize>,
    pings: Arc<AtomicUsize>,
    clock: Arc<ManualClock>,
}

impl Socket {
    /// A browser that has seen output up to an offset, and its socket, which takes only so many
    /// messages that the browser does not read.
    pub(crate) fn pair(offset: u64, messages: usize, clock: Arc<ManualClock>) -> (Browser, Self) {
        let (to_server, from_browser) = mpsc::channel(usize::MAX >> 4);
        let (to_browser, from_server) = mpsc::channel(messages);
        let [read, sent, pings]: [Arc<AtomicUsize>; 3] = Default::default();
        let input = Input { from_browser, read: Arc::clone(&read) };
        let output =
            Output { to_browser, sent: Arc::clone(&sent), pings: Arc::clone(&pings), clock };
        let browser = Browser {
            to_server,
            from_server,
            from: offset,
            screen: Vec::new(),
            errors: Vec::new(),
            drawing: Vec::new(),
            screens: 0,
            received: 0,
            read,
            sent,
            pings,
            latest: Duration::ZERO,
        };
        (browser, Self { input, output })
    }
}

impl Viewer for Socket {
    fn halves(&mut self) -> (&mut dyn ViewerInput, &mut dyn ViewerOutput) {
        (&mut self.input, &mut self.output)
    }
}

#[async_trait]
impl ViewerInput for Input {
    async fn receive(&mut self) -> Result<Bytes, ViewerClosed> {
        let message = self.from_browser.recv().await.ok_or(ViewerClosed)?;
        self.read.fetch_add(message.len(), Ordering::SeqCst);
        Ok(message)
    }
}

#[async_trait]
impl ViewerOutput for Output {
    async fn send(&mut self, message: Vec<u8>) -> Result<(), ViewerClosed> {
        self.sent.fetch_add(message.len(), Ordering::SeqCst);
        let place = self.to_browser.reserve().await.map_err(|_| ViewerClosed)?;
        place.send((self.clock.since_boot(), message));
        Ok(())
    }

    async fn ping(&mut self) -> Result<(), ViewerClosed> {
        self.pings.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    fn round_trip(&self) -> Option<Duration> {
        None
    }
}

/// A page with a terminal.
pub(crate) struct Browser {
    to_server: mpsc::Sender<Bytes>,
    from_server: mpsc::Receiver<(Duration, Vec<u8>)>,
    /// Offset of the first byte of the screen.
    pub(crate) from: u64,
    /// What was shown, by output and by drawings.
    pub(crate) screen: Vec<u8>,
    /// What of it came by the error stream.
    pub(crate) errors: Vec<u8>,
    /// What arrived of a screen.
    drawing: Vec<u8>,
    /// Screens that took the place of output.
    pub(crate) screens: usize,
    /// Bytes of output that arrived.
    pub(crate) received: usize,
    /// Bytes of messages that the server has read.
    pub(crate) read: Arc<AtomicUsize>,
    /// Bytes of messages that the server has sent, or is about to.
    pub(crate) sent: Arc<AtomicUsize>,
    /// How often the server asked for a sign of life.
    pub(crate) pings: Arc<AtomicUsize>,
    /// When the latest output was sent.
    pub(crate) latest: Duration,
}

impl Browser {
    /// The offset after the last output that was shown.
    pub(crate) fn offset(&self) -> u64 {
        self.from + self.screen.len() as u64
    }

    /// Messages that were sent and not read.
    pub(crate) fn waiting(&self) -> usize {
        self.from_server.len()
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
            ServerMessage::Output { offset, bytes } | ServerMessage::Error { offset, bytes } => {
                assert_eq!(*offset, self.offset(), "no gap and no duplicate");
                assert!(bytes.len() <= 64 * 1024);
                assert!(self.drawing.is_empty(), "nothing stands between the parts of a screen");
                self.screen.extend_from_slice(bytes);
                if matches!(message, ServerMessage::Error { .. }) {
                    self.errors.extend_from_slice(bytes);
                }
                (self.latest, self.received) = (sent_at, self.received + bytes.len());
            }
            ServerMessage::Screen { offset, last, drawing, .. } => {
                assert!(*offset > self.offset(), "a screen goes on, never back");
                assert!(drawing.len() <= LARGEST_DRAWING);
                self.drawing.extend_from_slice(drawing);
                if *last {
                    self.screen = std::mem::take(&mut self.drawing);
                    self.from = offset - self.screen.len() as u64;
                    self.screens += 1;
                }
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
            if matches!(message, ServerMessage::Output { .. } | ServerMessage::Error { .. }) {
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
