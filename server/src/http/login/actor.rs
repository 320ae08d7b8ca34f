//! Whoever a request comes from.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;

use super::{Key, Login};

/// A signed-in person; the gate puts it there, for routes that ask for it.
#[derive(Debug, Clone)]
pub(crate) struct Actor {
    /// What the cookie holds.
    pub(crate) key: Key,
    /// Their sign-in.
    pub(crate) login: Login,
}

impl<S: Sync> FromRequestParts<S> for Actor {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        parts.extensions.get::<Self>().cloned().ok_or(StatusCode::UNAUTHORIZED)
    }
}
