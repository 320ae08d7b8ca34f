//! A baseline, not a product: what a terminal in a browser costs that is made of what is at hand,
//! axum's WebSocket and kube's `AttachedProcess`, with nothing but their default settings.
//!
//! ```text
//! KUBECONFIG=FILE naive-bridge NAMESPACE POD CONTAINER
//! ```
//!
//! prints the address at which it listens, and gives each WebSocket a shell. It asks nobody who
//! they are and records nothing.

use std::io::{Write as _, stdout};
use std::net::Ipv4Addr;

use anyhow::Context as _;
use axum::Router;
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::any;
use client::portal::SIZE;
use futures::{SinkExt as _, StreamExt as _};
use k8s_openapi::api::core::v1::Pod;
use kube::api::{Api, AttachParams, TerminalSize};
use kube::config::{KubeConfigOptions, Kubeconfig};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// Read at once, in bytes.
const READ_AT_ONCE: usize = 8 * 1024;

#[derive(Clone)]
struct Container {
    pods: Api<Pod>,
    pod: String,
    name: String,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    // The only provider; that it is there already would be as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut words = std::env::args().skip(1);
    let mut word = |what: &str| words.next().with_context(|| format!("no {what} is named"));
    let (namespace, pod, name) = (word("namespace")?, word("pod")?, word("container")?);
    let options = KubeConfigOptions::default();
    let config = kube::Config::from_custom_kubeconfig(Kubeconfig::read()?, &options).await?;
    let pods = Api::namespaced(kube::Client::try_from(config)?, &namespace);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    writeln!(stdout(), "{}", listener.local_addr()?)?;
    let router = Router::new().route("/", any(open)).with_state(Container { pods, pod, name });
    Ok(axum::serve(listener, router).await?)
}

async fn open(State(container): State<Container>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(async |socket| {
        // A socket that is lost is what ends one.
        let _ = carry(container, socket).await;
    })
}

async fn carry(container: Container, socket: WebSocket) -> anyhow::Result<()> {
    let options = AttachParams::interactive_tty().container(container.name);
    let mut process = container.pods.exec(&container.pod, ["sh"], &options).await?;
    let mut size = process.terminal_size().context("it has no size")?;
    size.send(TerminalSize { width: SIZE.columns, height: SIZE.rows }).await?;
    let mut stdin = process.stdin().context("it takes no input")?;
    let mut stdout = process.stdout().context("it has no output")?;
    let (mut sink, mut stream) = socket.split();
    let typing = async {
        while let Some(message) = stream.next().await {
            if let Message::Binary(bytes) = message? {
                stdin.write_all(&bytes).await?;
                stdin.flush().await?;
            }
        }
        anyhow::Ok(())
    };
    let showing = async {
        let mut buffer = vec![0; READ_AT_ONCE];
        loop {
            let read = stdout.read(&mut buffer).await?;
            if read == 0 {
                return anyhow::Ok(());
            }
            sink.send(Message::Binary(buffer[..read].to_vec().into())).await?;
        }
    };
    tokio::select! {
        ended = typing => ended,
        ended = showing => ended,
    }
}
