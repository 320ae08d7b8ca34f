//! The portal answers to one name only.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use url::Url;

use crate::http::{Shared, routes};

/// Refuses requests that call the portal by another name than the configured one: what is behind
/// a foreign name may be anybody's page (W-02).
pub(crate) async fn own_host(
    State(shared): State<Shared>,
    request: Request,
    next: Next,
) -> Response {
    let probe = routes::PROBES.contains(&request.uri().path());
    if probe || calls_by_name(&request, &shared.public_url) {
        next.run(request).await
    } else {
        StatusCode::MISDIRECTED_REQUEST.into_response()
    }
}

/// Whether every name the request carries is the portal's: the header `Host`, and the authority of
/// an absolute request line or of HTTP/2.
fn calls_by_name(request: &Request, public_url: &Url) -> bool {
    let authority = request.uri().authority().map(|authority| authority.as_str().as_bytes());
    let hosts = request.headers().get_all(header::HOST).iter().map(HeaderValue::as_bytes);
    let mut names = authority.into_iter().chain(hosts).peekable();
    let hosts = request.headers().get_all(header::HOST).iter().count();
    hosts <= 1 && names.peek().is_some() && names.all(|name| is_name(name, public_url))
}

fn is_name(name: &[u8], public_url: &Url) -> bool {
    let Some(host) = public_url.host_str() else { return false };
    let with_port =
        public_url.port_or_known_default().map(|port| format!("{host}:{port}")).unwrap_or_default();
    name.eq_ignore_ascii_case(with_port.as_bytes())
        || (public_url.port().is_none() && name.eq_ignore_ascii_case(host.as_bytes()))
}
