//! A terminal attached to a session, speaking [`domain::wire`].

use anyhow::{Context as _, bail, ensure};
use async_trait::async_trait;
use bytes::Bytes;
use domain::broker::Ticket;
use domain::wire::{ACKNOWLEDGE_EACH, BrowserMessage, LARGEST_FROM_SERVER, ServerMessage, Size};
use futures::{SinkExt as _, StreamExt as _};
use http::{Request, header};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use url::Url;

use super::Browser;
use crate::Shell;

/// The size of every terminal here.
pub const SIZE: Size = Size { columns: 80, rows: 24 };

/// Where a terminal goes on; by default it begins.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct GoesOn {
    /// With this output, in bytes from the session's first.
    pub offset: u64,
    /// With this turn at typing; 0 takes over.
    pub turn: u64,
}

/// One socket of a session.
pub struct Terminal {
    socket: WebSocketStream<TcpStream>,
    /// Its turn at typing.
    turn: u64,
    /// The number of the last input.
    typed: u64,
    received: u64,
    acknowledged: u64,
    /// Bytes that screens stood for; none where that is an error.
    skipped: Option<u64>,
}

/// What comes over a terminal's socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A message.
    Said(ServerMessage),
    /// The socket was closed with this code; with none, it was cut.
    Closed(Option<u16>),
}

impl Terminal {
    /// Opens a socket and asks for what is missing.
    ///
    /// # Errors
    /// When the handshake is refused; a bad ticket is heard of later.
    pub async fn attach(
        portal: &Url,
        browser: &Browser,
        ticket: &Ticket,
        goes_on: GoesOn,
    ) -> anyhow::Result<Self> {
        let (host, port) =
            portal.host_str().zip(portal.port_or_known_default()).context("no host")?;
        let stream = TcpStream::connect((host, port)).await?;
        Self::over(stream, portal, browser, ticket, goes_on).await
    }

    /// The same over a connection that leads to the portal in some other way.
    ///
    /// # Errors
    /// When the handshake is refused; a bad ticket is heard of later.
    pub async fn over(
        stream: TcpStream,
        portal: &Url,
        browser: &Browser,
        ticket: &Ticket,
        goes_on: GoesOn,
    ) -> anyhow::Result<Self> {
        ensure!(portal.scheme() == "http", "only portals without TLS can be attached to");
        let url = portal.join(&format!("/sessions/{}/terminal", ticket.session))?;
        let (host, port) = url.host_str().zip(url.port_or_known_default()).context("no host")?;
        let request = Request::get(url.as_str().replacen("http", "ws", 1))
            .header(header::HOST, format!("{host}:{port}"))
            .header(header::ORIGIN, url.origin().ascii_serialization())
            .header(header::COOKIE, browser.cookie(&url))
            .header(header::CONNECTION, "Upgrade")
            .header(header::UPGRADE, "websocket")
            .header(header::SEC_WEBSOCKET_VERSION, "13")
            .header(header::SEC_WEBSOCKET_KEY, generate_key())
            .body(())?;
        stream.set_nodelay(true)?;
        let limits = WebSocketConfig::default()
            .read_buffer_size(LARGEST_FROM_SERVER)
            .write_buffer_size(0)
            .max_message_size(Some(LARGEST_FROM_SERVER));
        let opened =
            tokio_tungstenite::client_async_with_config(request, stream, Some(limits)).await;
        let (socket, _) = opened.context("the terminal's socket is refused")?;
        let GoesOn { offset, turn } = goes_on;
        let (received, acknowledged) = (offset, offset);
        let mut terminal = Self { socket, turn, typed: 0, received, acknowledged, skipped: None };
        terminal
            .send(&BrowserMessage::Attach { offset, turn, size: SIZE, ticket: ticket.secret })
            .await?;
        Ok(terminal)
    }

    /// The next message; output is acknowledged as a browser does that parses at once. Cancelling
    /// loses nothing.
    ///
    /// # Errors
    /// When it is no message of the protocol, or output is missing before it.
    pub async fn next(&mut self) -> anyhow::Result<Heard> {
        if self.received - self.acknowledged >= ACKNOWLEDGE_EACH {
            // That the socket is lost is heard next.
            let _ = self.acknowledge().await;
        }
        let message = loop {
            match self.socket.next().await {
                Some(Ok(Message::Binary(bytes))) => break bytes,
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Close(frame))) => {
                    return Ok(Heard::Closed(frame.map(|frame| frame.code.into())));
                }
                Some(Ok(Message::Text(_) | Message::Frame(_))) => bail!("the portal sent text"),
                Some(Err(_)) | None => return Ok(Heard::Closed(None)),
            }
        };
        let message = ServerMessage::decode(&message)?;
        match &message {
            ServerMessage::Attached { turn, offset, taken, .. } => {
                self.turn = *turn;
                (self.received, self.acknowledged) = (*offset, *offset);
                self.typed = self.typed.max(*taken);
            }
            ServerMessage::Screen { offset, .. } => {
                if let Some(skipped) = &mut self.skipped {
                    *skipped += offset.saturating_sub(self.received);
                }
                (self.received, self.acknowledged) = (*offset, *offset);
            }
            ServerMessage::Output { offset, bytes } | ServerMessage::Error { offset, bytes } => {
                let expected = self.received;
                ensure!(*offset == expected, "output at {offset} follows {expected}");
                self.received += bytes.len() as u64;
            }
            _ => {}
        }
        Ok(Heard::Said(message))
    }

    /// The offset of the output that comes next, in bytes from the session's first.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// Where the next socket goes on, once this one is attached.
    pub fn goes_on(&self) -> GoesOn {
        GoesOn { offset: self.received, turn: self.turn }
    }

    /// From now on, what a screen stands for is counted; before, it is an error.
    pub fn count_screens(&mut self) {
        self.skipped = Some(0);
    }

    /// The connection under it. What the socket has read of it already does not come again.
    pub fn into_stream(self) -> TcpStream {
        self.socket.into_inner()
    }

    async fn acknowledge(&mut self) -> anyhow::Result<()> {
        self.acknowledged = self.received;
        self.send(&BrowserMessage::Acknowledge(self.received)).await
    }

    /// Sends a message.
    ///
    /// # Errors
    /// When the socket is closed.
    pub async fn send(&mut self, message: &BrowserMessage<'_>) -> anyhow::Result<()> {
        Ok(self.socket.send(Message::binary(message.encode())).await?)
    }
}

#[async_trait]
impl Shell for Terminal {
    async fn types(&mut self, keys: &[u8]) -> anyhow::Result<()> {
        self.typed += 1;
        let number = self.typed;
        self.send(&BrowserMessage::Input { number, answered: false, bytes: keys }).await
    }

    fn skipped(&mut self) -> u64 {
        self.skipped.as_mut().map(std::mem::take).unwrap_or_default()
    }

    async fn output(&mut self) -> anyhow::Result<Bytes> {
        loop {
            match self.next().await? {
                Heard::Said(
                    ServerMessage::Output { bytes, .. } | ServerMessage::Error { bytes, .. },
                ) => return Ok(bytes.into()),
                // Whoever counts what comes must not wait for what does not.
                Heard::Said(ServerMessage::Screen { offset, .. }) if self.skipped.is_none() => {
                    bail!("it was left behind: a screen stands for what comes before {offset}")
                }
                Heard::Said(ServerMessage::Ended(how)) => bail!("the session ended: {how}"),
                Heard::Said(_) => {}
                Heard::Closed(code) => bail!("the terminal's socket was closed: {code:?}"),
            }
        }
    }
}
