//! `POST /api/{function}`: the server functions of the pages that live in the browser.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use domain::broker::Broker;
use leptos::prelude::provide_context;

use crate::http::Shared;
use crate::http::login::Actor;

/// Calls one, with the broker of whoever is signed in.
pub(crate) async fn api(
    State(shared): State<Shared>,
    Actor { login, .. }: Actor,
    request: Request,
) -> Response {
    let broker: Arc<dyn Broker> = shared.brokers.bound(&login.person, login.id);
    let provide = move || provide_context(Arc::clone(&broker));
    leptos_axum::handle_server_fns_with_context(provide, request).await.into_response()
}
