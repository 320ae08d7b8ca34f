//! `POST /api/{function}`: the server functions of the pages that live in the browser.

use std::sync::Arc;

use app::api::TicketRefused;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest as _, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::broker::Broker;
use leptos::prelude::provide_context;

use crate::http::Shared;
use crate::http::login::Actor;

/// Most bytes of a refusal: a sentence.
const LARGEST_REFUSAL: usize = 64 * 1024;

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
    let response = leptos_axum::handle_server_fns_with_context(provide, request).await;
    with_own_status(response.into_response()).await
}

/// The answer with the status of its refusal: the library answers each of them with 500. Browsers
/// read any error's body alike.
async fn with_own_status(response: Response) -> Response {
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_REFUSAL).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    // The only function there is.
    if let Ok(refused) = serde_json::from_slice(&body) {
        parts.status = status(&refused);
    }
    Response::from_parts(parts, Body::from(body))
}

fn status(refused: &TicketRefused) -> StatusCode {
    match refused {
        TicketRefused::SignedOut => StatusCode::UNAUTHORIZED,
        TicketRefused::Never(_) => StatusCode::FORBIDDEN,
        TicketRefused::Over(_) | TicketRefused::Lost => StatusCode::CONFLICT,
        TicketRefused::NotNow => StatusCode::SERVICE_UNAVAILABLE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_refusal_has_a_status_of_its_own_and_keeps_its_words() {
        for (body, status) in [
            ("\"SignedOut\"", 401),
            ("{\"Never\":\"not yours\"}", 403),
            ("{\"Over\":\"the granted time was over\"}", 409),
            ("\"Lost\"", 409),
            ("\"NotNow\"", 503),
            ("out of order", 500),
        ] {
            let refused = (StatusCode::INTERNAL_SERVER_ERROR, body).into_response();
            let response = with_own_status(refused).await;
            assert_eq!(response.status(), status, "{body}");
            let kept = to_bytes(response.into_body(), LARGEST_REFUSAL).await.unwrap();
            assert_eq!(kept, body);
        }
    }
}
