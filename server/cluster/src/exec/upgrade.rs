//! From an HTTP connection to a WebSocket (RFC 6455, section 4).

use broker::port::ShellTrouble;
use http::header::{
    CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL,
    SEC_WEBSOCKET_VERSION, UPGRADE,
};
use http::{HeaderMap, HeaderName, HeaderValue, Response};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use kube::client::Body;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

/// What is understood, the wanted one first. In one header: the API server reads only one.
const PROTOCOLS: [&str; 2] = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

/// The library's 128 KiB are most of an idle session's memory; 8 KiB cost no speed.
const READ_BUFFER: usize = 8 * 1024;
/// A write buffer above this is a socket that takes nothing; the sender waits.
const WRITE_BUFFER: usize = 64 * 1024;
/// The API server copies 32 KiB at a time; much larger messages are not its.
const LARGEST_MESSAGE: usize = 1024 * 1024;

/// A WebSocket to a program.
pub(crate) type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// An open stream.
#[derive(Debug)]
pub(crate) struct Stream {
    pub(crate) socket: Socket,
    pub(crate) protocol: &'static str,
}

/// Adds the headers that ask for the upgrade; the key is needed to check the answer.
pub(crate) fn ask(headers: &mut HeaderMap) -> String {
    let key = generate_key();
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    if let Ok(protocols) = HeaderValue::try_from(PROTOCOLS.join(", ")) {
        headers.insert(SEC_WEBSOCKET_PROTOCOL, protocols);
    }
    if let Ok(key) = HeaderValue::try_from(&key) {
        headers.insert(SEC_WEBSOCKET_KEY, key);
    }
    key
}

/// Takes over the connection of a `101` answer.
pub(crate) async fn take(response: Response<Body>, key: &str) -> Result<Stream, ShellTrouble> {
    let strange = |why: &str| ShellTrouble::Unreachable { why: why.to_owned() };
    let protocol = agreed(response.headers(), key).map_err(strange)?;
    let upgraded = hyper::upgrade::on(response)
        .await
        .map_err(|_| strange("the connection was lost while it was switching protocols"))?;
    let limits = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(WRITE_BUFFER)
        .max_message_size(Some(LARGEST_MESSAGE))
        .max_frame_size(Some(LARGEST_MESSAGE));
    let socket =
        WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Client, Some(limits)).await;
    Ok(Stream { socket, protocol })
}

fn agreed(headers: &HeaderMap, key: &str) -> Result<&'static str, &'static str> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let says = |name, word: &str| text(name).is_some_and(|value| value.eq_ignore_ascii_case(word));
    if !says(UPGRADE, "websocket") || !says(CONNECTION, "upgrade") {
        return Err("it switched to something else than a WebSocket");
    }
    if text(SEC_WEBSOCKET_ACCEPT) != Some(derive_accept_key(key.as_bytes()).as_str()) {
        return Err("its WebSocket handshake is wrong");
    }
    let chosen = text(SEC_WEBSOCKET_PROTOCOL);
    PROTOCOLS
        .into_iter()
        .find(|protocol| chosen == Some(protocol))
        .ok_or("it chose a subprotocol that was not offered")
}
