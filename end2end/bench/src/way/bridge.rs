//! The baseline `naive-bridge`, and a browser at it.

use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail};
use async_trait::async_trait;
use bytes::Bytes;
use client::process::Process;
use client::{Shell, Stand};
use domain::Target;
use futures::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use super::socket;

/// How long it may take to say where it listens.
const STARTS_WITHIN: Duration = Duration::from_secs(20);

/// A running `naive-bridge`; it ends with this.
pub struct Bridge {
    child: Child,
    address: SocketAddr,
}

impl Bridge {
    /// Starts it for a container.
    ///
    /// # Errors
    /// When it does not start; it lies beside this executable.
    pub async fn start(stand: &Stand, target: &Target) -> anyhow::Result<Self> {
        let executable = std::env::current_exe()?.with_file_name("naive-bridge");
        let mut child = Command::new(executable)
            .env("KUBECONFIG", &stand.kubeconfig)
            .args([target.place.namespace.as_str(), target.pod.as_str()])
            .arg(target.container.as_str())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("naive-bridge cannot be run")?;
        let output = child.stdout.take().context("it has no output")?;
        let line = timeout(STARTS_WITHIN, BufReader::new(output).lines().next_line()).await??;
        let address = line.context("naive-bridge ended")?.parse()?;
        Ok(Self { child, address })
    }

    /// Its process.
    ///
    /// # Errors
    /// When it has ended.
    pub fn process(&self) -> anyhow::Result<Process> {
        Ok(Process(self.child.id().context("naive-bridge has ended")?))
    }

    /// Opens a shell.
    ///
    /// # Errors
    /// When there is none.
    pub async fn open(&self) -> anyhow::Result<Bridged> {
        Ok(Bridged(socket::open(self.address, "/").await?))
    }
}

/// A browser's socket of it.
pub struct Bridged(WebSocketStream<TcpStream>);

#[async_trait]
impl Shell for Bridged {
    async fn types(&mut self, keys: &[u8]) -> anyhow::Result<()> {
        Ok(self.0.send(Message::binary(keys.to_vec())).await?)
    }

    async fn output(&mut self) -> anyhow::Result<Bytes> {
        loop {
            match self.0.next().await.context("the bridge hung up")?? {
                Message::Binary(bytes) if !bytes.is_empty() => return Ok(bytes),
                Message::Close(_) => bail!("the shell is over"),
                _ => {}
            }
        }
    }
}
