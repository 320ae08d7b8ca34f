//! A WebSocket to something on this machine.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::TcpStream;
use tokio::time::{interval, timeout};
use tokio_tungstenite::WebSocketStream;

/// How long a server may take to start, …
const STARTS_WITHIN: Duration = Duration::from_secs(20);
/// … and how often it is looked.
const LOOK_EACH: Duration = Duration::from_millis(50);

/// Waits until somebody listens there.
///
/// # Errors
/// When nobody does.
pub(super) async fn answers(address: SocketAddr) -> anyhow::Result<()> {
    let looking = async {
        let mut again = interval(LOOK_EACH);
        loop {
            again.tick().await;
            if TcpStream::connect(address).await.is_ok() {
                break;
            }
        }
    };
    timeout(STARTS_WITHIN, looking).await.context("it does not start")
}

/// Opens a WebSocket.
///
/// # Errors
/// When the handshake is refused.
pub(super) async fn open(
    address: SocketAddr,
    path: &str,
) -> anyhow::Result<WebSocketStream<TcpStream>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let opened = tokio_tungstenite::client_async(format!("ws://{address}{path}"), stream).await;
    Ok(opened.context("the socket is refused")?.0)
}
