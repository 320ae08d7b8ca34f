//! `POST /recordings/{id}/review`

use axum::extract::State;
use axum::response::Response;
use domain::SessionId;
use serde::Deserialize;

use crate::http::Shared;
use crate::http::login::Actor;
use crate::http::page::{Named, Notice, PageRequest, Redo, Typed, done};

/// A form with nothing in it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fields {}

/// Keeps that somebody reviewed a recording.
pub(crate) async fn review(
    State(shared): State<Shared>,
    Actor { login, .. }: Actor,
    Named(id): Named<SessionId>,
    page: PageRequest,
    Typed { values, .. }: Typed<Fields>,
) -> Response {
    let path = format!("/recordings/{id}");
    match shared.brokers.bound(&login.person, login.id).review_recording(id).await {
        Ok(()) => done(&path, Some(Notice::Reviewed)),
        Err(refusal) => Redo { page, path, values }.because(refusal).await,
    }
}
