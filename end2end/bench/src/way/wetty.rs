//! `WeTTY` (<https://github.com/butlerx/wetty>), a terminal in a browser that can be installed.
//!
//! Its sockets speak Socket.IO 4 over Engine.IO 4, as far as one terminal needs it: packets are
//! text, `0` opens, `2` pings, `3` answers, `40` joins, and `42[NAME, VALUE]` is an event.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::Stdio;

use anyhow::{Context as _, bail};
use async_trait::async_trait;
use bytes::Bytes;
use client::portal::SIZE;
use client::process::Process;
use client::{Shell, Stand};
use domain::Target;
use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use super::socket;

/// Names its executable.
const EXECUTABLE: &str = "WETTY";
const PATH: &str = "/wetty/socket.io/?EIO=4&transport=websocket";
/// Its page says each time that so many characters were shown.
const COMMITTED_EACH: usize = 262_144;

/// A running `WeTTY`; it ends with this.
pub struct Wetty {
    child: Child,
    address: SocketAddr,
}

impl Wetty {
    /// Starts it for a container.
    ///
    /// # Errors
    /// When it is not installed, or does not start.
    pub async fn start(stand: &Stand, target: &Target) -> anyhow::Result<Self> {
        let executable = std::env::var_os(EXECUTABLE).context("it is not installed")?;
        let (namespace, pod) = (&target.place.namespace, &target.pod);
        let container = &target.container;
        let command =
            format!("kubectl exec -it --namespace {namespace} {pod} --container {container} -- sh");
        let address = free_address()?;
        let child = Command::new(executable)
            .env("KUBECONFIG", &stand.kubeconfig)
            .args(["--host", "127.0.0.1", "--port", &address.port().to_string()])
            .args(["--base", "/wetty/", "--log-level", "error", "--command", &command])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("it cannot be run")?;
        socket::answers(address).await?;
        Ok(Self { child, address })
    }

    /// Its process.
    ///
    /// # Errors
    /// When it has ended.
    pub fn process(&self) -> anyhow::Result<Process> {
        Ok(Process(self.child.id().context("WeTTY has ended")?))
    }

    /// Opens a shell, as its page does.
    ///
    /// # Errors
    /// When there is none.
    pub async fn open(&self) -> anyhow::Result<WettyShell> {
        let socket = socket::open(self.address, PATH).await?;
        let mut shell = WettyShell { socket, uncommitted: 0 };
        shell.packet("40".to_owned()).await?;
        Ok(shell)
    }
}

/// Where nobody listens now.
fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

/// A page's socket of it.
pub struct WettyShell {
    socket: WebSocketStream<TcpStream>,
    uncommitted: usize,
}

impl WettyShell {
    async fn packet(&mut self, packet: String) -> anyhow::Result<()> {
        Ok(self.socket.send(Message::text(packet)).await?)
    }

    async fn event(&mut self, name: &str, value: Value) -> anyhow::Result<()> {
        self.packet(format!("42{}", json!([name, value]))).await
    }

    async fn show(&mut self, text: String) -> anyhow::Result<Bytes> {
        self.uncommitted += text.len();
        if self.uncommitted > COMMITTED_EACH {
            self.uncommitted -= COMMITTED_EACH;
            self.event("commit", COMMITTED_EACH.into()).await?;
        }
        Ok(text.into_bytes().into())
    }
}

#[async_trait]
impl Shell for WettyShell {
    async fn types(&mut self, keys: &[u8]) -> anyhow::Result<()> {
        self.event("input", std::str::from_utf8(keys)?.into()).await
    }

    async fn output(&mut self) -> anyhow::Result<Bytes> {
        loop {
            let message = self.socket.next().await.context("WeTTY hung up")??;
            let Message::Text(packet) = message else { continue };
            if packet.as_str() == "2" {
                self.packet("3".to_owned()).await?;
            } else if let Some(event) = packet.strip_prefix("42") {
                match serde_json::from_str(event)? {
                    Event::Named(name, Value::String(text)) if name == "data" => {
                        if !text.is_empty() {
                            return self.show(text).await;
                        }
                    }
                    // Sizes that it is told before are lost.
                    Event::Bare([name]) if name == "login" => {
                        let size = json!({ "cols": SIZE.columns, "rows": SIZE.rows });
                        self.event("resize", size).await?;
                    }
                    Event::Bare([name]) if name == "logout" => bail!("the shell is over"),
                    Event::Named(..) | Event::Bare(_) => {}
                }
            }
        }
    }
}

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Event {
    Named(String, Value),
    Bare([String; 1]),
}
