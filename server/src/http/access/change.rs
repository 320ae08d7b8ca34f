//! `POST /requests/{id}/change`

use axum::extract::State;
use axum::response::Response;
use domain::RequestId;

use super::answered;
use super::fields::Fields;
use crate::http::Shared;
use crate::http::login::Actor;
use crate::http::page::{Notice, PageRequest, PathId, Redo, StrictForm};

/// Changes a request that waits.
pub(crate) async fn change(
    State(shared): State<Shared>,
    Actor { login, .. }: Actor,
    PathId(id): PathId<RequestId>,
    page: PageRequest,
    StrictForm { form, values }: StrictForm<Fields>,
) -> Response {
    let redo = Redo { page, path: format!("/requests/{id}/change"), values };
    let broker = shared.brokers.bound(&login.person, login.id);
    let changed = async {
        let place = broker.request(id).await?.request.place;
        broker.change_request(id, form.into_ask(place, None)?).await
    };
    answered(changed.await, &format!("/requests/{id}"), Notice::Changed, redo).await
}
