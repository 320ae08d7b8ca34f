//! `POST /requests/{id}/extend`

use axum::extract::State;
use axum::response::Response;
use domain::RequestId;

use super::fields::Fields;
use crate::http::Shared;
use crate::http::login::Actor;
use crate::http::page::{Notice, PageRequest, PathId, Redo, StrictForm, done};

/// Asks for more time of what is held.
pub(crate) async fn extend(
    State(shared): State<Shared>,
    Actor { login, .. }: Actor,
    PathId(id): PathId<RequestId>,
    page: PageRequest,
    StrictForm { form, values }: StrictForm<Fields>,
) -> Response {
    let redo = Redo { page, path: format!("/requests/{id}/extend"), values };
    let broker = shared.brokers.bound(&login.person, login.id);
    let sent = async {
        let place = broker.request(id).await?.request.place;
        broker.send_request(form.into_ask(place, Some(id))?).await
    };
    match sent.await {
        Ok(id) => done(&format!("/requests/{id}"), Some(Notice::Sent)),
        Err(refusal) => redo.because(refusal).await,
    }
}
