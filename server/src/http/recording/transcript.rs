//! `GET /recordings/{id}/transcript?at=MICROSECONDS`, `?line=NUMBER` or `?q=TEXT`

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::SessionId;
use domain::broker::{Line, Spot};
use serde::{Deserialize, Serialize};

use crate::http::Shared;
use crate::http::login::Actor;
use crate::http::page::{PathId, status};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Microseconds from the beginning.
    at: Option<u64>,
    /// Counted from 0.
    line: Option<usize>,
    /// A part of a line.
    q: Option<String>,
}

/// Lines of a transcript.
#[derive(Debug, Serialize)]
struct Sent {
    /// The number of the first of them, counted from 0; 0 for those that were looked for.
    first: usize,
    /// Microseconds, and text.
    lines: Vec<(u64, String)>,
    /// How many there are in all.
    total: usize,
}

/// Sends a part of a transcript, or the lines that contain a text.
pub(crate) async fn transcript(
    State(shared): State<Shared>,
    Actor { login, .. }: Actor,
    PathId(id): PathId<SessionId>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let broker = shared.brokers.bound(&login.person, login.id);
    let place = match wanted {
        Ok(Query(Wanted { at: None, line: None, q: Some(text) })) => {
            return match broker.find_in_recording(id, &text).await {
                Ok(found) => sent(0, found.lines, found.total),
                Err(refusal) => status(&refusal).into_response(),
            };
        }
        Ok(Query(Wanted { at: Some(at_us), line: None, q: None })) => Spot::At(at_us),
        Ok(Query(Wanted { at: None, line: Some(line), q: None })) => Spot::Line(line),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    match broker.transcript(id, place).await {
        Ok(excerpt) => sent(excerpt.first, excerpt.lines, excerpt.total),
        Err(refusal) => status(&refusal).into_response(),
    }
}

fn sent(first: usize, lines: Vec<Line>, total: usize) -> Response {
    let lines = lines.into_iter().map(|line| (line.at_us, line.text)).collect();
    Json(Sent { first, lines, total }).into_response()
}
