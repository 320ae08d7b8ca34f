//! `GET /recordings/{id}/proof`

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use domain::SessionId;
use domain::broker::Proof;
use serde::Serialize;

use crate::http::Shared;
use crate::http::login::Actor;
use crate::http::page::{PathId, status};

/// What reading a recording whole proved.
#[derive(Debug, Serialize)]
struct Sent {
    verified: bool,
    words: String,
}

/// Reads a recording whole and compares it with the audit log.
pub(crate) async fn proof(
    State(shared): State<Shared>,
    Actor { login, .. }: Actor,
    PathId(id): PathId<SessionId>,
) -> Response {
    let broker = shared.brokers.bound(&login.person, login.id);
    match broker.prove_recording(id).await {
        Ok(proof) => {
            let verified = matches!(proof, Proof::Verified { .. });
            Json(Sent { verified, words: proof.words() }).into_response()
        }
        Err(refusal) => status(&refusal).into_response(),
    }
}
