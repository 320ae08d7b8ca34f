//! `POST /ns/{cluster}/{namespace}`

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::Place;

use super::fields::Fields;
use crate::http::Shared;
use crate::http::login::Actor;
use crate::http::page::{Notice, PageRequest, Redo, StrictForm, done};

/// Sends a request.
pub(crate) async fn ask(
    State(shared): State<Shared>,
    Actor { login, .. }: Actor,
    Path((cluster, namespace)): Path<(String, String)>,
    page: PageRequest,
    StrictForm { form, values }: StrictForm<Fields>,
) -> Response {
    let (Ok(cluster), Ok(namespace)) = (cluster.parse(), namespace.parse()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let place = Place { cluster, namespace };
    let redo = Redo { page, path: format!("/ns/{}/{}", place.cluster, place.namespace), values };
    let ask = match form.into_ask(place, None) {
        Ok(ask) => ask,
        Err(refusal) => return redo.because(refusal).await,
    };
    match shared.brokers.bound(&login.person, login.id).send_request(ask).await {
        Ok(id) => done(&format!("/requests/{id}"), Some(Notice::Sent)),
        Err(refusal) => redo.because(refusal).await,
    }
}
