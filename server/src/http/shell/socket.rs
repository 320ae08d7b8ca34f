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

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use futures::channel::mpsc;

    use super::*;

    /// Two channels as one connection.
    struct Connection {
        from_browser: mpsc::Receiver<Message>,
        to_browser: mpsc::Sender<Message>,
    }

    fn connection(
        room: usize,
    ) -> (Socket<Connection>, mpsc::Sender<Message>, mpsc::Receiver<Message>) {
        let (says, from_browser) = mpsc::channel(8);
        let (to_browser, hears) = mpsc::channel(room);
        (Socket::new(Connection { from_browser, to_browser }), says, hears)
    }

    impl Stream for Connection {
        type Item = Result<Message, Infallible>;
        fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            self.from_browser.poll_next_unpin(cx).map(|message| message.map(Ok))
        }
    }

    impl Sink<Message> for Connection {
        type Error = mpsc::SendError;
        fn poll_ready(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
        ) -> Poll<Result<(), Self::Error>> {
            self.to_browser.poll_ready_unpin(cx)
        }
        fn start_send(mut self: Pin<&mut Self>, message: Message) -> Result<(), Self::Error> {
            self.to_browser.start_send_unpin(message)
        }
        fn poll_flush(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
        ) -> Poll<Result<(), Self::Error>> {
            self.to_browser.poll_flush_unpin(cx)
        }
        fn poll_close(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
        ) -> Poll<Result<(), Self::Error>> {
            self.to_browser.poll_close_unpin(cx)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_browser_that_does_not_answer_is_gone_after_thirty_seconds() {
        let (mut socket, _says, mut hears) = connection(16);
        assert_eq!(socket.receive().await, Err(ViewerClosed));
        drop(socket);
        let pings = hears.by_ref().collect::<Vec<_>>().await;
        assert_eq!(pings, vec![Message::Ping(Bytes::new()); usize::from(UNANSWERED)]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_browser_that_answers_may_be_silent_for_long() {
        let (mut socket, mut says, mut hears) = connection(16);
        let answering = async {
            for _ in 0..100 {
                assert!(matches!(hears.next().await, Some(Message::Ping(_))));
                says.send(Message::Pong(Bytes::new())).await.unwrap();
            }
            says.send(Message::Binary(Bytes::from_static(&[16]))).await.unwrap();
        };
        let (received, ()) = tokio::join!(socket.receive(), answering);
        assert_eq!(received.as_deref(), Ok(&[16][..]));
    }

    #[tokio::test(start_paused = true)]
    async fn asking_anew_each_time_does_not_put_the_end_off() {
        let (mut socket, _says, _hears) = connection(16);
        let mut rounds = 0;
        let asking = async {
            // As the bridge does while output flows: the future is dropped and made again.
            while !matches!(timeout(Duration::from_secs(1), socket.receive()).await, Ok(Err(_))) {
                rounds += 1;
            }
        };
        asking.await;
        assert!((25..=35).contains(&rounds), "{rounds} s");
    }

    #[tokio::test(start_paused = true)]
    async fn s_06_a_browser_that_takes_nothing_is_gone_after_thirty_seconds() {
        let (mut socket, _says, _hears) = connection(0);
        assert_eq!(socket.send(vec![1]).await, Err(ViewerClosed));
    }

    #[tokio::test(start_paused = true)]
    async fn w_05_text_is_passed_on_as_something_that_is_no_message() {
        let (mut socket, mut says, _hears) = connection(16);
        says.send(Message::Text("attach".into())).await.unwrap();
        let received = socket.receive().await.unwrap();
        assert!(domain::wire::BrowserMessage::decode(&received).is_err());
        assert!(!socket.typed().take());
    }
}
