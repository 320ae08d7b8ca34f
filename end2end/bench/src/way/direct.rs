//! The administrator's shortest way into a pod: `pods/exec` over a WebSocket, and nothing between.

use anyhow::{Context as _, bail, ensure};
use async_trait::async_trait;
use bytes::Bytes;
use client::portal::SIZE;
use client::{Shell, Stand};
use domain::Target;
use futures::{SinkExt as _, StreamExt as _};
use http::header::{
    CONNECTION, HeaderValue, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION,
    UPGRADE,
};
use http::{Request, StatusCode};
use hyper::upgrade::Upgraded;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use k8s_openapi::api::core::v1::Pod;
use kube::Resource as _;
use kube::api::AttachParams;
use kube::client::{Body, ConfigExt as _};
use kube::config::{KubeConfigOptions, Kubeconfig};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tower::{BoxError, ServiceBuilder};

/// As Shorepass has it on both of its sides: the library's 128 KiB would be another path.
const READ_BUFFER: usize = 8 * 1024;
const PROTOCOL: HeaderValue = HeaderValue::from_static("v5.channel.k8s.io");
/// The channels of that protocol.
const INPUT: u8 = 0;
const OUTPUT: u8 = 1;
const STATUS: u8 = 3;
const RESIZE: u8 = 4;

/// A cluster's API server, as its administrator.
#[derive(Clone)]
pub struct Administrator(kube::Client);

impl Administrator {
    /// Prepares to call it.
    ///
    /// # Errors
    /// When the stand's kubeconfig is not usable.
    pub async fn of(stand: &Stand) -> anyhow::Result<Self> {
        let file = Kubeconfig::read_from(&stand.kubeconfig)?;
        let options = KubeConfigOptions::default();
        let config = kube::Config::from_custom_kubeconfig(file, &options).await?;
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        let tls = config.rustls_https_connector_with_connector(tcp)?;
        let http: Client<_, Body> = Client::builder(TokioExecutor::new()).build(tls);
        let service = ServiceBuilder::new()
            .layer(config.base_uri_layer())
            .option_layer(config.auth_layer()?)
            .map_err(BoxError::from)
            .service(http);
        Ok(Self(kube::Client::new(service, "default")))
    }

    /// Runs a shell in a container, on a terminal.
    ///
    /// # Errors
    /// When the API server refuses.
    pub async fn exec(&self, target: &Target) -> anyhow::Result<Direct> {
        let mut request = request(target)?;
        let headers = request.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        headers.insert(SEC_WEBSOCKET_PROTOCOL, PROTOCOL);
        headers.insert(SEC_WEBSOCKET_KEY, HeaderValue::try_from(generate_key())?);
        let response = self.0.send(request).await?;
        let status = response.status();
        ensure!(status == StatusCode::SWITCHING_PROTOCOLS, "the API server answered {status}");
        let stream = TokioIo::new(hyper::upgrade::on(response).await?);
        let limits = WebSocketConfig::default().read_buffer_size(READ_BUFFER).write_buffer_size(0);
        let socket = WebSocketStream::from_raw_socket(stream, Role::Client, Some(limits)).await;
        let mut direct = Direct { socket };
        let size = format!(r#"{{"Width":{},"Height":{}}}"#, SIZE.columns, SIZE.rows);
        direct.send(RESIZE, size.as_bytes()).await?;
        Ok(direct)
    }
}

fn request(target: &Target) -> anyhow::Result<Request<Body>> {
    let options = AttachParams {
        container: Some(target.container.to_string()),
        stdin: true,
        stdout: true,
        stderr: false,
        tty: true,
        ..AttachParams::default()
    };
    let pods = Pod::url_path(&(), Some(target.place.namespace.as_str()));
    let request = kube::core::Request::new(pods).exec(target.pod.as_str(), ["sh"], &options)?;
    Ok(request.map(Body::from))
}

/// A shell at the end of one WebSocket. Dropped, it leaves its process behind: let it exit first.
pub struct Direct {
    socket: WebSocketStream<TokioIo<Upgraded>>,
}

impl Direct {
    async fn send(&mut self, channel: u8, bytes: &[u8]) -> anyhow::Result<()> {
        let message = Message::binary([&[channel], bytes].concat());
        self.socket.send(message).await.context("the API server takes no input")
    }
}

#[async_trait]
impl Shell for Direct {
    async fn types(&mut self, keys: &[u8]) -> anyhow::Result<()> {
        self.send(INPUT, keys).await
    }

    async fn output(&mut self) -> anyhow::Result<Bytes> {
        loop {
            let message = self.socket.next().await.context("the API server hung up")??;
            let Message::Binary(mut bytes) = message else { continue };
            let rest = bytes.split_off(bytes.len().min(1));
            match bytes.first() {
                Some(&OUTPUT) if !rest.is_empty() => return Ok(rest),
                Some(&STATUS) => bail!("the shell is over: {}", String::from_utf8_lossy(&rest)),
                _ => {}
            }
        }
    }
}
