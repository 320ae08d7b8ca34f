//! `POST /ns/{cluster}/{namespace}`

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::broker::{Ask, FieldProblem, Refusal};
use domain::{Place, RoleName};
use serde::Deserialize;

use crate::http::Shared;
use crate::http::login::Actor;
use crate::http::page::{Notice, PageRequest, Redo, Typed, done};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fields {
    #[serde(default)]
    role: String,
    /// One of the lengths offered, or `other`.
    #[serde(default)]
    length: String,
    /// A length as typed; it counts where `length` is `other`.
    #[serde(default)]
    length_other: String,
    #[serde(default)]
    reason: String,
}

/// Sends a request.
pub(crate) async fn ask(
    State(shared): State<Shared>,
    Actor { login, .. }: Actor,
    Path((cluster, namespace)): Path<(String, String)>,
    page: PageRequest,
    Typed { form, values }: Typed<Fields>,
) -> Response {
    let (Ok(cluster), Ok(namespace)) = (cluster.parse(), namespace.parse()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let place = Place { cluster, namespace };
    let redo = Redo { page, path: format!("/ns/{}/{}", place.cluster, place.namespace), values };
    let Ok(role) = RoleName::parse(form.role) else {
        let problem = "choose what you need".to_owned();
        return redo.because(Refusal::Invalid(vec![FieldProblem { field: "role", problem }])).await;
    };
    let length = if form.length == "other" { form.length_other } else { form.length };
    let ask = Ask { place, role, length, reason: form.reason };
    match shared.brokers.bound(&login.person, login.id).send_request(ask).await {
        Ok(id) => done(&format!("/requests/{id}"), Some(Notice::Sent)),
        Err(refusal) => redo.because(refusal).await,
    }
}
