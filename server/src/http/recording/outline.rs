//! `GET /recordings/{id}/outline`

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use domain::SessionId;
use serde::Serialize;

use crate::http::Shared;
use crate::http::login::Actor;
use crate::http::page::{PathId, status};

/// A recording without what it shows.
#[derive(Debug, Serialize)]
struct Sent {
    /// Microseconds from the beginning to the last that is in it.
    length: u64,
    /// Bytes of output.
    bytes: u64,
    /// Where playing can begin, in order: microseconds, and bytes of output before it.
    marks: Vec<(u64, u64)>,
}

/// Says how long a recording is, and where it can be entered.
pub(crate) async fn outline(
    State(shared): State<Shared>,
    Actor { login, .. }: Actor,
    PathId(id): PathId<SessionId>,
) -> Response {
    match shared.brokers.outline(&login.person, login.id, id).await {
        Ok(outline) => Json(Sent {
            length: outline.length_us,
            bytes: outline.bytes,
            marks: outline.marks.iter().map(|mark| (mark.at_us, mark.offset)).collect(),
        })
        .into_response(),
        Err(refusal) => status(&refusal).into_response(),
    }
}
