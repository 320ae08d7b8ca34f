//! The browser's end of a terminal's socket, over a real connection on the loopback address.

use std::net::SocketAddr;

use axum::http::header;
use domain::wire::{BrowserMessage, ServerMessage, Size};
use futures::StreamExt as _;
use server::http::serve;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::browser::Browser;
use super::data::SESSION;
use super::{HOST, ORIGIN, World};

pub type Socket = WebSocketStream<TcpStream>;

/// Serves a router on a free port until the test ends.
pub async fn served(world: &World) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(listener, world.router.clone(), world.stopping.clone()));
    address
}

pub async fn open(at: SocketAddr, browser: &Browser) -> Result<Socket, tungstenite::Error> {
    open_over(TcpStream::connect(at).await.unwrap(), browser).await
}

pub async fn open_over(stream: TcpStream, browser: &Browser) -> Result<Socket, tungstenite::Error> {
    let mut request =
        format!("ws://{HOST}/sessions/{SESSION}/terminal").into_client_request().unwrap();
    request.headers_mut().insert(header::ORIGIN, ORIGIN.parse().unwrap());
    request.headers_mut().insert(header::COOKIE, browser.cookie().parse().unwrap());
    client_async(request, stream).await.map(|(socket, _)| socket)
}

pub fn attach(ticket: [u8; 32]) -> Message {
    let size = Size { columns: 80, rows: 24 };
    Message::binary(BrowserMessage::Attach { offset: 3, turn: 7, size, ticket }.encode())
}

pub fn typed(number: u64, bytes: &[u8]) -> Message {
    Message::binary(BrowserMessage::Input { number, answered: false, bytes }.encode())
}

/// The next message that is none of the protocol's own.
pub async fn next(socket: &mut Socket) -> Message {
    loop {
        match socket.next().await.expect("an answer").expect("a whole one") {
            Message::Ping(_) | Message::Pong(_) => {}
            message => return message,
        }
    }
}

pub async fn said(socket: &mut Socket) -> ServerMessage {
    ServerMessage::decode(&next(socket).await.into_data()).unwrap()
}

/// The code with which the server closes.
pub async fn closed(socket: &mut Socket) -> u16 {
    match next(socket).await {
        Message::Close(Some(frame)) => frame.code.into(),
        other => panic!("{other:?} instead of a close"),
    }
}
