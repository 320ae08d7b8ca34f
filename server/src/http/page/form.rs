//! Forms, read strictly.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderValue, StatusCode, header};
use serde::de::DeserializeOwned;

/// A form with what was typed in it. Its type says `deny_unknown_fields`, so a form with a field
/// that is unknown or stands twice is refused (N-06).
#[derive(Debug)]
pub(crate) struct StrictForm<T> {
    /// The fields.
    pub(crate) form: T,
    /// The same as text, to show it again.
    pub(crate) values: BTreeMap<String, String>,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for StrictForm<T> {
    type Rejection = StatusCode;

    async fn from_request(request: Request, state: &S) -> Result<Self, StatusCode> {
        let kind = request.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
        if !kind.is_some_and(|kind| kind.starts_with(b"application/x-www-form-urlencoded")) {
            return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE);
        }
        let body = Bytes::from_request(request, state).await.map_err(|refused| refused.status())?;
        let unreadable = |_| StatusCode::UNPROCESSABLE_ENTITY;
        let form = serde_urlencoded::from_bytes(&body).map_err(unreadable)?;
        let values = serde_urlencoded::from_bytes(&body).map_err(unreadable)?;
        Ok(Self { form, values })
    }
}
