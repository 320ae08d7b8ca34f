//! `POST /requests/{id}/deny`

use axum::extract::State;
use axum::response::Response;
use domain::RequestId;
use serde::Deserialize;

use super::{Back, answered, deciding, undecided};
use crate::http::Shared;
use crate::http::login::Actor;
use crate::http::page::{Notice, PageRequest, PathId, Redo, StrictForm};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fields {
    #[serde(default)]
    why: String,
    #[serde(default)]
    back: Back,
}

/// Denies a request, with a reason.
pub(crate) async fn deny(
    State(shared): State<Shared>,
    actor: Actor,
    PathId(id): PathId<RequestId>,
    page: PageRequest,
    StrictForm { form, values }: StrictForm<Fields>,
) -> Response {
    let redo = Redo { page, path: form.back.again(id), values };
    match deciding(&shared, &actor).await {
        Ok(broker) => {
            let result = broker.deny(id, &form.why).await;
            answered(result, &form.back.path(id), Notice::Denied, redo).await
        }
        Err(cause) => undecided(cause, redo).await,
    }
}
