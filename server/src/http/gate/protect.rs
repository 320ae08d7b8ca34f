//! The headers that tell a browser what an answer may do (W-11).

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::Url;

use crate::http::Shared;

/// The value that styles of this response must carry; never used twice.
#[derive(Debug, Clone)]
pub(crate) struct Nonce(pub(crate) String);

const COOP: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");

/// Sets them on every answer, errors included.
pub(crate) async fn protect(
    State(shared): State<Shared>,
    mut request: Request,
    next: Next,
) -> Response {
    let nonce = Nonce(STANDARD.encode(rand::random::<[u8; 16]>()));
    let policy = content_security_policy(&nonce, &shared.public_url, &shared.sign_in_origins);
    request.extensions_mut().insert(nonce);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Nothing leaves for other sites. `no-referrer` would make `Origin` null on our own forms
        // (Fetch, 3.2), which W-01 refuses.
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (COOP, "same-origin"),
        (CORP, "same-origin"),
        (PERMISSIONS, "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if shared.public_url.scheme() == "https" {
        let two_years = HeaderValue::from_static("max-age=63072000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, two_years);
    }
    let no_store = HeaderValue::from_static("no-store");
    headers.entry(header::CACHE_CONTROL).or_insert(no_store);
    response
}

fn content_security_policy(Nonce(nonce): &Nonce, public_url: &Url, sign_in: &[Url]) -> String {
    let sign_in: Vec<_> = sign_in.iter().map(|url| url.origin().ascii_serialization()).collect();
    let own = public_url.origin().ascii_serialization();
    // Safari before 15.4 does not count WebSockets among 'self'.
    let socket = own.replacen("http", "ws", 1);
    [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        &format!("style-src 'self' 'nonce-{nonce}'"),
        &format!("connect-src 'self' {socket}"),
        "img-src 'self' data:",
        "font-src 'self'",
        "manifest-src 'self'",
        // Forms that sign in and out are redirected to the provider, and browsers hold every
        // redirect that follows against this list (CSP 3, 6.4.2).
        &format!("form-action 'self' {}", sign_in.join(" ")),
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
    .join("; ")
}
