//! An id and a log line for every request.

use std::panic::AssertUnwindSafe;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures::FutureExt as _;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::http::Shared;

/// Names one request, in the log and on error pages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HttpRequestId(pub(crate) Uuid);

/// The header that carries it back.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Names a request, logs how it was answered, and turns a panic into an answer.
///
/// The query is never logged: the provider's callback carries its code there (W-04).
pub(crate) async fn trace(
    State(shared): State<Shared>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = HttpRequestId(shared.clock.name());
    request.extensions_mut().insert(id);
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let began = shared.clock.since_boot();
    let span = tracing::info_span!("http", request.id = %id.0);
    let answered = next.run(request).instrument(span.clone());
    let answered = AssertUnwindSafe(answered).catch_unwind().await;
    let _entered = span.enter();
    let mut response = answered.unwrap_or_else(|_| {
        tracing::error!("a panic was answered with an error page");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    });
    if let Ok(value) = HeaderValue::from_str(&id.0.to_string()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let duration = shared.clock.since_boot().saturating_sub(began);
    tracing::info!(
        http.request.method = %method,
        url.path = %path.escape_debug(),
        http.response.status_code = response.status().as_u16(),
        duration_ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX),
        "answered"
    );
    response
}
