//! `GET /healthz` and `GET /readyz`

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use crate::http::Shared;

/// The process runs.
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// New sessions can be recorded and audited.
pub(crate) async fn readyz(State(shared): State<Shared>) -> Response {
    match shared.brokers.ready().await {
        Ok(()) => "ready\n".into_response(),
        Err(refusal) => {
            let plain = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
            let words = format!("not ready: {refusal}\n");
            (StatusCode::SERVICE_UNAVAILABLE, plain, words).into_response()
        }
    }
}
