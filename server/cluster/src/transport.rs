//! The one HTTP client of a cluster: HTTP/1.1, no redirects, no retries, sockets that reset.

use std::time::Duration;

use http::header::USER_AGENT;
use http::{HeaderValue, Request};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use kube::client::{Body, ConfigExt};
use tokio::net::TcpStream;
use tower::{BoxError, ServiceBuilder, ServiceExt as _};

/// How long connecting to the API server may take.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// A connection this long without traffic is probed by the kernel, …
const PROBE_AFTER: Duration = Duration::from_secs(10);
/// … again after this long, …
const PROBE_AGAIN: Duration = Duration::from_secs(5);
/// … and is dead when this many probes stay without an answer.
const PROBES: u32 = 3;
/// Data that is not acknowledged for this long ends the connection.
const ACKNOWLEDGED_WITHIN: Duration = Duration::from_secs(30);

/// Names the portal in the API server's audit log.
const AGENT: HeaderValue =
    HeaderValue::from_static(concat!("shorepass/", env!("CARGO_PKG_VERSION")));

/// Makes the client. No header of the configuration is sent but `Authorization`: what else goes
/// upstream is built where it is needed (H-04).
pub(crate) fn client(config: &kube::Config) -> Result<kube::Client, kube::Error> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(CONNECT_WITHIN));
    tcp.set_keepalive(Some(PROBE_AFTER));
    tcp.set_keepalive_interval(Some(PROBE_AGAIN));
    tcp.set_keepalive_retries(Some(PROBES));
    #[cfg(target_os = "linux")]
    tcp.set_tcp_user_timeout(Some(ACKNOWLEDGED_WITHIN));
    let tcp = tcp.map_result(|opened| -> Result<TokioIo<TcpStream>, BoxError> {
        let socket = opened?;
        // Closing must reset: what is queued in the kernel or lost on the way may not arrive
        // after the session's end (S-03).
        socket.inner().set_zero_linger()?;
        Ok(socket)
    });
    // `wrap_connector` inside enables HTTP/1.1 only: each exec has a connection of its own.
    let tls = config.rustls_https_connector_with_connector(tcp)?;
    let http: Client<_, Body> =
        Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(tls);
    let service = ServiceBuilder::new()
        .layer(config.base_uri_layer())
        .option_layer(config.auth_layer()?)
        .map_request(|mut request: Request<Body>| {
            request.headers_mut().insert(USER_AGENT, AGENT);
            request
        })
        .map_err(BoxError::from)
        .service(http);
    Ok(kube::Client::new(service, "default"))
}
