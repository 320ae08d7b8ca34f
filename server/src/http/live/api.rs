//! `POST /api/{function}`: the server functions of the pages that live in the browser.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest as _, Request, State};
use axum::http::header;
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
    let (mut parts, body) = request.into_parts();
    // Read here, because the library knows no limit.
    let whole = Request::from_parts(parts.clone(), body);
    let body = match Bytes::from_request(whole, &shared).await {
        Ok(body) => Body::from(body),
        Err(refused) => return refused.status().into_response(),
    };
    // To whoever takes HTML the library answers with a redirect to what `Referer` says.
    parts.headers.remove(header::ACCEPT);
    let request = Request::from_parts(parts, body);
    let broker: Arc<dyn Broker> = shared.brokers.bound(&login.person, login.id);
    let provide = move || provide_context(Arc::clone(&broker));
    leptos_axum::handle_server_fns_with_context(provide, request).await.into_response()
}
