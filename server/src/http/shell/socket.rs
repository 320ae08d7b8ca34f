//! A browser's WebSocket as a viewer of a terminal.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use axum::extract::ws::{CloseFrame, Message};
use broker::port::{Clock, Viewer, ViewerClosed, ViewerInput, ViewerOutput};
use bytes::Bytes;
use domain::wire::CloseCode;
use futures::stream::{SplitSink, SplitStream};
use futures::{Sink, SinkExt as _, Stream, StreamExt as _};
use tokio::time::timeout;

use super::pulse::Pulse;

/// A browser that takes nothing for this long is gone.
const TAKES_WITHIN: Duration = Duration::from_secs(30);
/// The channel of input that was typed (`domain::wire`).
const TYPED: u8 = 0;

/// Whole messages over a WebSocket.
pub(super) struct Socket<S> {
    input: Input<S>,
    output: Output<S>,
}

struct Input<S> {
    stream: SplitStream<S>,
    pulse: Arc<Pulse>,
    typed: TypingSeen,
}

struct Output<S> {
    sink: SplitSink<S, Message>,
    pulse: Arc<Pulse>,
}

/// Whether something was typed since it was last asked: typing is a sign of life, output is not.
#[derive(Debug, Clone, Default)]
pub(super) struct TypingSeen(Arc<AtomicBool>);

impl TypingSeen {
    /// Answers, and forgets.
    pub(super) fn take(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }
}

impl<S, E> Socket<S>
where
    S: Stream<Item = Result<Message, E>> + Sink<Message> + Unpin + Send,
{
    pub(super) fn new(stream: S, clock: Arc<dyn Clock>) -> Self {
        let (sink, stream) = stream.split();
        let pulse = Arc::new(Pulse::new(clock));
        let input = Input { stream, pulse: Arc::clone(&pulse), typed: TypingSeen::default() };
        Self { input, output: Output { sink, pulse } }
    }

    /// Tells whether something is typed, while somebody else has the socket.
    pub(super) fn typed(&self) -> TypingSeen {
        self.input.typed.clone()
    }

    /// Says why, and waits until the other side has answered.
    pub(super) async fn close(mut self, code: CloseCode) {
        let reason = words(code).into();
        let close = Message::Close(Some(CloseFrame { code: code as u16, reason }));
        if self.output.sink.send(close).await.is_ok() {
            // What still arrives is not looked at; nothing may follow a close.
            while let Some(Ok(_)) = self.input.stream.next().await {}
        }
    }
}

impl<S, E> Viewer for Socket<S>
where
    S: Stream<Item = Result<Message, E>> + Sink<Message> + Unpin + Send,
    E: Send,
    <S as Sink<Message>>::Error: Send,
{
    fn halves(&mut self) -> (&mut dyn ViewerInput, &mut dyn ViewerOutput) {
        (&mut self.input, &mut self.output)
    }
}

#[async_trait]
impl<S, E> ViewerInput for Input<S>
where
    S: Stream<Item = Result<Message, E>> + Unpin + Send,
    E: Send,
{
    async fn receive(&mut self) -> Result<Bytes, ViewerClosed> {
        loop {
            let message = self.stream.next().await;
            self.pulse.heard();
            match message {
                Some(Ok(Message::Binary(bytes))) => {
                    if bytes.first() == Some(&TYPED) {
                        self.typed.0.store(true, Ordering::Relaxed);
                    }
                    return Ok(bytes);
                }
                // Text is no message of the protocol, and neither is nothing (W-05).
                Some(Ok(Message::Text(_))) => return Ok(Bytes::new()),
                Some(Ok(Message::Pong(answer))) => self.pulse.answered(&answer),
                Some(Ok(Message::Ping(_))) => {}
                Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(ViewerClosed),
            }
        }
    }
}

#[async_trait]
impl<S> ViewerOutput for Output<S>
where
    S: Sink<Message> + Unpin + Send,
    S::Error: Send,
{
    async fn send(&mut self, message: Vec<u8>) -> Result<(), ViewerClosed> {
        self.put(Message::Binary(message.into())).await
    }

    async fn ping(&mut self) -> Result<(), ViewerClosed> {
        let question = self.pulse.ask().ok_or(ViewerClosed)?;
        self.put(Message::Ping(Bytes::copy_from_slice(&question))).await
    }

    fn round_trip(&self) -> Option<Duration> {
        self.pulse.round_trip()
    }
}

impl<S: Sink<Message> + Unpin> Output<S> {
    async fn put(&mut self, message: Message) -> Result<(), ViewerClosed> {
        match timeout(TAKES_WITHIN, self.sink.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(ViewerClosed),
        }
    }
}

/// What the browser is told beside the code; at most 123 bytes (RFC 6455, 5.5).
fn words(code: CloseCode) -> &'static str {
    match code {
        CloseCode::Ended => "the session is over",
        CloseCode::Failed => "the server failed",
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

    use broker::port::SystemClock;
    use futures::FutureExt as _;
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
        let connection = Connection { from_browser, to_browser };
        (Socket::new(connection, Arc::new(SystemClock)), says, hears)
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

    #[tokio::test]
    async fn answered_pings_tell_how_far_away_the_browser_is() {
        let (mut socket, mut says, mut hears) = connection(16);
        let (input, output) = socket.halves();
        for _ in 0..100 {
            output.ping().await.unwrap();
            let Some(Message::Ping(question)) = hears.next().await else { panic!("no ping") };
            says.send(Message::Pong(question)).await.unwrap();
            assert!(input.receive().now_or_never().is_none(), "a pong is no message");
        }
        assert!(output.round_trip().is_some_and(|way| way < Duration::from_secs(1)));
        says.send(Message::Binary(Bytes::from_static(&[16]))).await.unwrap();
        assert_eq!(input.receive().await.as_deref(), Ok(&[16][..]));
    }

    #[tokio::test(start_paused = true)]
    async fn s_06_a_browser_that_takes_nothing_is_gone_after_thirty_seconds() {
        let (mut socket, _says, _hears) = connection(0);
        assert_eq!(socket.halves().1.send(vec![1]).await, Err(ViewerClosed));
    }

    #[tokio::test(start_paused = true)]
    async fn a_browser_that_takes_nothing_is_still_heard() {
        let (mut socket, mut says, _hears) = connection(0);
        let (input, output) = socket.halves();
        let mut sending = output.send(vec![1]);
        assert!((&mut sending).now_or_never().is_none());
        says.send(Message::Binary(Bytes::from_static(&[0, 3]))).await.unwrap();
        assert_eq!(input.receive().await.as_deref(), Ok(&[0, 3][..]));
        assert_eq!(sending.await, Err(ViewerClosed));
    }

    #[tokio::test(start_paused = true)]
    async fn w_05_text_is_passed_on_as_something_that_is_no_message() {
        let (mut socket, mut says, _hears) = connection(16);
        says.send(Message::Text("attach".into())).await.unwrap();
        let received = socket.halves().0.receive().await.unwrap();
        assert!(domain::wire::BrowserMessage::decode(&received).is_err());
        assert!(!socket.typed().take());
    }
}
