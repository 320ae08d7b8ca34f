//! `POST /requests/{id}/approve`

use axum::extract::State;
use axum::response::Response;
use domain::broker::Less;
use domain::{RequestDigest, RequestId};
use serde::Deserialize;

use super::{Back, answered, deciding, undecided};
use crate::http::Shared;
use crate::http::login::Actor;
use crate::http::page::{Notice, PageRequest, PathId, Redo, StrictForm};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fields {
    /// What was shown to the approver.
    digest: RequestDigest,
    /// A smaller role; empty for the one asked for.
    #[serde(default)]
    role: String,
    /// A part of the namespace; empty for what was asked for.
    #[serde(default)]
    scope: String,
    /// A shorter length; empty for the one asked for.
    #[serde(default)]
    length: String,
    #[serde(default)]
    back: Back,
}

/// Approves exactly the request that was shown, or less of it.
pub(crate) async fn approve(
    State(shared): State<Shared>,
    actor: Actor,
    PathId(id): PathId<RequestId>,
    page: PageRequest,
    StrictForm { form, values }: StrictForm<Fields>,
) -> Response {
    let redo = Redo { page, path: form.back.again(id), values };
    match deciding(&shared, &actor).await {
        Ok(broker) => {
            let less = Less { role: form.role, length: form.length, scope: form.scope };
            let result = broker.approve(id, &form.digest, &less).await;
            answered(result, &form.back.path(id), Notice::Approved, redo).await
        }
        Err(cause) => undecided(cause, redo).await,
    }
}
