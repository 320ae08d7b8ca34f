//! `POST /requests/{id}/review`

use axum::extract::State;
use axum::response::Response;
use domain::RequestId;
use serde::Deserialize;

use super::{answered, deciding, undecided};
use crate::http::Shared;
use crate::http::login::Actor;
use crate::http::page::{Notice, PageRequest, PathId, Redo, StrictForm};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fields {
    words: String,
}

/// Reviews in writing that the glass was broken.
pub(crate) async fn review(
    State(shared): State<Shared>,
    actor: Actor,
    PathId(id): PathId<RequestId>,
    page: PageRequest,
    StrictForm { form, values }: StrictForm<Fields>,
) -> Response {
    let path = format!("/requests/{id}");
    let redo = Redo { page, path: path.clone(), values };
    match deciding(&shared, &actor).await {
        Ok(broker) => {
            let result = broker.review_glass(id, &form.words).await;
            answered(result, &path, Notice::GlassReviewed, redo).await
        }
        Err(cause) => undecided(cause, redo).await,
    }
}
