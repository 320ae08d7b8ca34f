//! `POST /requests/{id}/comment`

use axum::extract::State;
use axum::response::Response;
use domain::RequestId;
use serde::Deserialize;

use super::answered;
use crate::http::Shared;
use crate::http::login::Actor;
use crate::http::page::{Notice, PageRequest, PathId, Redo, StrictForm};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fields {
    comment: String,
}

/// Says something about a request.
pub(crate) async fn comment(
    State(shared): State<Shared>,
    Actor { login, .. }: Actor,
    PathId(id): PathId<RequestId>,
    page: PageRequest,
    StrictForm { form, values }: StrictForm<Fields>,
) -> Response {
    let path = format!("/requests/{id}");
    let redo = Redo { page, path: path.clone(), values };
    let broker = shared.brokers.bound(&login.person, login.id);
    answered(broker.comment(id, &form.comment).await, &path, Notice::Commented, redo).await
}
