//! A browser's WebSocket as a viewer of a terminal.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use axum::extract::ws::{CloseFrame, Message};
use broker::port::{Viewer, ViewerClosed};
use bytes::Bytes;
use domain::wire::CloseCode;
use futures::{Sink, SinkExt as _, Stream, StreamExt as _};
use tokio::time::{Interval, MissedTickBehavior, interval, timeout};

/// The browser is asked this often whether it is still there.
const PING_EACH: Duration = Duration::from_secs(5);
/// After so many pings in a row without any sign of life it is gone: 30 s.
const UNANSWERED: u8 = 6;
/// A browser that takes nothing for this long is gone.
const TAKES_WITHIN: Duration = Duration::from_secs(30);
/// The channel of input that was typed (`domain::wire`).
const TYPED: u8 = 0;
/// How long the other side may take to close.
const CLOSES_WITHIN: Duration = Duration::from_secs(1);

/// Whole messages over a WebSocket.
pub(super) struct Socket<S> {
    stream: S,
    pings: Interval,
    unanswered: u8,
    typed: Typed,
}

/// Whether something was typed since it was last asked: typing is a sign of life, output is not.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed(Arc<AtomicBool>);

impl Typed {
    /// Answers, and forgets.
    pub(super) fn take(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }
}

impl<S, E> Socket<S>
where
    S: Stream<Item = Result<Message, E>> + Sink<Message> + Unpin + Send,
{
    pub(super) fn new(stream: S) -> Self {
        let mut pings = interval(PING_EACH);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { stream, pings, unanswered: 0, typed: Typed::default() }
    }

    /// Tells whether something is typed, while somebody else has the socket.
    pub(super) fn typed(&self) -> Typed {
        self.typed.clone()
    }

    /// Says why and closes.
    pub(super) async fn close(mut self, code: CloseCode) {
        let reason = words(code).into();
        let close = Message::Close(Some(CloseFrame { code: code as u16, reason }));
        let closing = async {
            if self.stream.send(close).await.is_ok() {
                // What still arrives is not looked at; nothing may follow a close.
                while let Some(Ok(_)) = self.stream.next().await {}
            }
        };
        // The connection is dropped either way.
        let _ = timeout(CLOSES_WITHIN, closing).await;
    }
}

#[async_trait]
impl<S, E> Viewer for Socket<S>
where
    S: Stream<Item = Result<Message, E>> + Sink<Message> + Unpin + Send,
    E: Send,
    <S as Sink<Message>>::Error: Send,
{
    async fn receive(&mut self) -> Result<Bytes, ViewerClosed> {
        loop {
            tokio::select! {
                message = self.stream.next() => {
                    self.unanswered = 0;
                    match message {
                        Some(Ok(Message::Binary(bytes))) => {
                            if bytes.first() == Some(&TYPED) {
                                self.typed.0.store(true, Ordering::Relaxed);
                            }
                            return Ok(bytes);
                        }
                        // Text is no message of the protocol, and neither is nothing (W-05).
                        Some(Ok(Message::Text(_))) => return Ok(Bytes::new()),
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                        Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(ViewerClosed),
                    }
                }
                _ = self.pings.tick() => {
                    if self.unanswered >= UNANSWERED {
                        return Err(ViewerClosed);
                    }
                    self.unanswered += 1;
                    self.put(Message::Ping(Bytes::new())).await?;
                }
            }
        }
    }

    async fn send(&mut self, message: Vec<u8>) -> Result<(), ViewerClosed> {
        self.put(Message::Binary(message.into())).await
    }
}

impl<S, E> Socket<S>
where
    S: Stream<Item = Result<Message, E>> + Sink<Message> + Unpin + Send,
{
    async fn put(&mut self, message: Message) -> Result<(), ViewerClosed> {
        match timeout(TAKES_WITHIN, self.stream.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(ViewerClosed),
        }
    }
}

/// What the browser is told beside the code; at most 123 bytes (RFC 6455, 5.5).
fn words(code: CloseCode) -> &'static str {
    match code {
        CloseCode::Ended => "the session is over",
        CloseCode::Restarting => "the portal is being restarted",
        CloseCode::Malformed => "not a message of this protocol",
        CloseCode::SignedOut => "the sign-in is over",
        CloseCode::NotAllowed => "the ticket is not good",
        CloseCode::TimeIsUp => "the granted time is over",
        CloseCode::TakenOver => "the terminal was opened elsewhere",
    }
}
