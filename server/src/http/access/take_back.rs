//! `POST /requests/{id}/take-back`

use axum::extract::State;
use axum::response::Response;
use domain::RequestId;

use super::{Plain, answered};
use crate::http::Shared;
use crate::http::login::Actor;
use crate::http::page::{Named, Notice, PageRequest, Redo, Typed};

/// Takes one's approval back before the grant is made.
pub(crate) async fn take_back(
    State(shared): State<Shared>,
    Actor { login, .. }: Actor,
    Named(id): Named<RequestId>,
    page: PageRequest,
    Typed { form: Plain { back }, values }: Typed<Plain>,
) -> Response {
    let redo = Redo { page, path: back.again(id), values };
    let result = shared.brokers.bound(&login.person, login.id).take_back(id).await;
    answered(result, &back.again(id), Notice::TakenBack, redo).await
}
