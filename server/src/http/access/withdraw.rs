//! `POST /requests/{id}/withdraw`

use axum::extract::State;
use axum::response::Response;
use domain::RequestId;

use super::{Plain, answered};
use crate::http::Shared;
use crate::http::login::Actor;
use crate::http::page::{Named, Notice, PageRequest, Redo, Typed};

/// Takes back a request that waits.
pub(crate) async fn withdraw(
    State(shared): State<Shared>,
    Actor { login, .. }: Actor,
    Named(id): Named<RequestId>,
    page: PageRequest,
    Typed { form: Plain { back }, values }: Typed<Plain>,
) -> Response {
    let redo = Redo { page, path: back.again(id), values };
    let result = shared.brokers.bound(&login.person, login.id).withdraw(id).await;
    answered(result, &back.path(id), Notice::Withdrawn, redo).await
}
