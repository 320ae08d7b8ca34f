//! `POST /requests/{id}/end`

use axum::extract::State;
use axum::response::Response;
use domain::RequestId;

use super::{Plain, answered};
use crate::http::Shared;
use crate::http::login::Actor;
use crate::http::page::{Named, Notice, PageRequest, Redo, Typed};

/// Ends the access that a request was granted, and every session under it.
pub(crate) async fn end(
    State(shared): State<Shared>,
    Actor { login, .. }: Actor,
    Named(id): Named<RequestId>,
    page: PageRequest,
    Typed { form: Plain { back }, values }: Typed<Plain>,
) -> Response {
    let redo = Redo { page, path: back.again(id), values };
    let result = shared.brokers.bound(&login.person, login.id).end_grant(id).await;
    answered(result, &back.path(id), Notice::AccessEnded, redo).await
}
