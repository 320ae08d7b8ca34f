//! `POST /recordings/{id}/review`

use axum::extract::State;
use axum::response::Response;
use domain::SessionId;
use serde::Deserialize;

use crate::http::Shared;
use crate::http::login::Actor;
use crate::http::page::{Notice, PageRequest, PathId, Redo, StrictForm, done};

/// A form with nothing in it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fields {}

/// Keeps that somebody reviewed a recording.
pub(crate) async fn review(
    State(shared): State<Shared>,
    Actor { login, .. }: Actor,
    PathId(id): PathId<SessionId>,
    page: PageRequest,
    StrictForm { values, .. }: StrictForm<Fields>,
) -> Response {
    let path = format!("/recordings/{id}");
    match shared.brokers.bound(&login.person, login.id).review_recording(id).await {
        Ok(()) => done(&path, Some(Notice::Reviewed)),
        Err(refusal) => Redo { page, path, values }.because(refusal).await,
    }
}
