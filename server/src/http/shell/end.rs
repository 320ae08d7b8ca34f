//! `POST /sessions/{id}/end`

use axum::extract::State;
use axum::response::Response;
use domain::SessionId;
use serde::Deserialize;

use crate::http::Shared;
use crate::http::login::Actor;
use crate::http::page::{Notice, PageRequest, PathId, Redo, StrictForm, done};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fields {
    #[serde(default)]
    back: Back,
}

/// The page that the form is on, and returns to.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Back {
    /// The session's own page.
    #[default]
    Session,
    /// All sessions.
    Sessions,
}

/// Ends a session.
pub(crate) async fn end(
    State(shared): State<Shared>,
    Actor { login, .. }: Actor,
    PathId(id): PathId<SessionId>,
    page: PageRequest,
    StrictForm { form, values }: StrictForm<Fields>,
) -> Response {
    let path = match form.back {
        Back::Session => format!("/sessions/{id}"),
        Back::Sessions => "/sessions".to_owned(),
    };
    match shared.brokers.bound(&login.person, login.id).end_session(id).await {
        Ok(()) => done(&path, Some(Notice::SessionEnded)),
        Err(refusal) => Redo { page, path, values }.because(refusal).await,
    }
}
