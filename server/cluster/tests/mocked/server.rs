//! An API server by script, on a port of this machine.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::header::{
    CONNECTION, LOCATION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL, UPGRADE,
};
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_util::task::AbortOnDropHandle;

type Body = BoxBody<Bytes, Infallible>;

/// How the server answers an exec.
#[derive(Debug, Clone)]
pub(crate) enum Exec {
    /// With a stream; the test gets its other end.
    Opens,
    /// With a stream of this subprotocol.
    Speaks(&'static str),
    /// With the wrong proof of having understood the handshake.
    ForgetsTheKey,
    /// With this status and this body.
    Says(u16, String),
    /// With a redirect to here.
    Redirects(String),
    /// With a body without end.
    NeverEnds,
    /// Not at all.
    IsSilent,
}

/// What the server answers to everything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Health {
    Well,
    /// With this status.
    Ill(u16),
}

/// A request as it came.
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
}

pub(crate) struct Script {
    pub(crate) exec: Mutex<Exec>,
    pub(crate) health: Mutex<Health>,
    pub(crate) seen: Mutex<Vec<Seen>>,
    /// How many bytes a body without end had to give.
    pub(crate) given: AtomicUsize,
    /// The other ends of opened streams.
    streams: mpsc::Sender<Upgraded>,
}

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) script: Arc<Script>,
    pub(crate) streams: mpsc::Receiver<Upgraded>,
    _task: AbortOnDropHandle<()>,
}

impl Server {
    pub(crate) async fn start(exec: Exec) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, streams) = mpsc::channel(4);
        let script = Arc::new(Script {
            exec: Mutex::new(exec),
            health: Mutex::new(Health::Well),
            seen: Mutex::default(),
            given: AtomicUsize::new(0),
            streams: sender,
        });
        let serving = Arc::clone(&script);
        let task = tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                let script = Arc::clone(&serving);
                let answers = service_fn(move |request| answer(Arc::clone(&script), request));
                let connection = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(socket), answers)
                    .with_upgrades();
                tokio::spawn(connection);
            }
        });
        Self { address, script, streams, _task: AbortOnDropHandle::new(task) }
    }

    /// Every call to a pod was made as somebody, and every other one was not (H-10).
    pub(crate) fn check_identities(&self) {
        for Seen { path, headers } in self.script.seen.lock().unwrap().iter() {
            assert!(headers["user-agent"].to_str().unwrap().starts_with("shorepass/"));
            let count = |name: &str| headers.get_all(name).iter().count();
            let impersonating =
                headers.keys().filter(|name| name.as_str().starts_with("impersonate-")).count();
            if path.starts_with("/api/v1/namespaces/") {
                for name in ["impersonate-user", "impersonate-group", "audit-id"] {
                    assert_eq!(count(name), 1, "{name} of {path}");
                }
                assert_eq!(impersonating, 5, "{path}: {headers:?}");
            } else {
                assert_eq!(impersonating, 0, "{path}: {headers:?}");
            }
        }
    }
}

async fn answer(
    script: Arc<Script>,
    request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    let path = request.uri().path().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let seen = Seen { path: path.clone(), headers: request.headers().clone() };
    script.seen.lock().unwrap().push(seen);
    if path.ends_with("/exec") {
        let exec = script.exec.lock().unwrap().clone();
        return Ok(run(exec, &script, request).await);
    }
    if let Health::Ill(status) = *script.health.lock().unwrap() {
        return Ok(says(status, &format!(r#"{{"kind":"Status","code":{status}}}"#)));
    }
    if query.contains("watch=true") {
        return Ok(Response::new(StreamBody::new(futures::stream::pending()).boxed()));
    }
    let (kind, items) = match path.as_str() {
        "/api/v1/namespaces" => ("NamespaceList", vec![namespace()]),
        "/api/v1/pods" => ("PodList", vec![pod()]),
        _ => return Ok(says(404, "")),
    };
    let list = json!({"kind": kind, "apiVersion": "v1", "metadata": {"resourceVersion": "1"}, "items": items});
    Ok(says(200, &list.to_string()))
}

async fn run(exec: Exec, script: &Arc<Script>, request: Request<Incoming>) -> Response<Body> {
    let protocol = match exec {
        Exec::Opens | Exec::ForgetsTheKey => "v5.channel.k8s.io",
        Exec::Speaks(protocol) => protocol,
        Exec::Says(status, body) => return says(status, &body),
        Exec::Redirects(to) => {
            let mut response = says(307, "");
            response.headers_mut().insert(LOCATION, to.parse().unwrap());
            return response;
        }
        Exec::NeverEnds => {
            let mut response = Response::new(without_end(Arc::clone(script)));
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            return response;
        }
        Exec::IsSilent => std::future::pending().await,
    };
    let key = match exec {
        Exec::ForgetsTheKey => "another key".to_owned(),
        _ => request.headers()[SEC_WEBSOCKET_KEY].to_str().unwrap().to_owned(),
    };
    let script = Arc::clone(script);
    tokio::spawn(async move {
        if let Ok(upgraded) = hyper::upgrade::on(request).await {
            let _ = script.streams.send(upgraded).await;
        }
    });
    let mut response = says(101, "");
    let headers = response.headers_mut();
    headers.insert(CONNECTION, "Upgrade".parse().unwrap());
    headers.insert(UPGRADE, "websocket".parse().unwrap());
    headers.insert(SEC_WEBSOCKET_ACCEPT, derive_accept_key(key.as_bytes()).parse().unwrap());
    if !protocol.is_empty() {
        headers.insert(SEC_WEBSOCKET_PROTOCOL, protocol.parse().unwrap());
    }
    response
}

fn says(status: u16, body: &str) -> Response<Body> {
    let mut response = Response::new(Full::from(body.to_owned()).boxed());
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}

fn without_end(script: Arc<Script>) -> Body {
    let part = Bytes::from(vec![b'x'; 64 * 1024]);
    let parts = futures::stream::repeat_with(move || {
        script.given.fetch_add(part.len(), Ordering::Relaxed);
        Ok(Frame::data(part.clone()))
    });
    StreamBody::new(parts).boxed()
}

fn namespace() -> Value {
    json!({"metadata": {"name": "payments", "resourceVersion": "1"}})
}

fn pod() -> Value {
    json!({
        "metadata": {"name": "web-1", "namespace": "payments", "resourceVersion": "1"},
        "spec": {"containers": [{"name": "web", "image": "web:1"}]},
        "status": {"phase": "Running", "containerStatuses": [{"name": "web", "image": "web:1",
            "imageID": "", "ready": true, "restartCount": 0, "state": {"running": {}}}]},
    })
}
