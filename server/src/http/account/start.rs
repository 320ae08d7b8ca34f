//! `GET /sign-in/start`

use std::collections::BTreeMap;

use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};

use super::{troubled, wanted};
use crate::http::Shared;
use crate::http::login::{Attempt, cookie};
use crate::http::page::PageRequest;

/// Sends a browser to the provider, and keeps what its answer will be held against.
pub(crate) async fn start(
    State(shared): State<Shared>,
    Query(query): Query<BTreeMap<String, String>>,
    page: PageRequest,
) -> Response {
    let to = wanted(&query);
    if !shared.strangers.may_begin() {
        let words = "Very many people sign in at this moment. Try again in a few seconds.";
        return page.sign_in(&to, words, StatusCode::SERVICE_UNAVAILABLE).await;
    }
    let (url, secret) = match shared.provider.begin(shared.clock.now()).await {
        Ok(begun) => begun,
        Err(trouble) => {
            let (words, status) = troubled(&shared, trouble).await;
            return page.sign_in(&to, &words, status).await;
        }
    };
    match shared.attempts.keep(&Attempt { secret, to }).await {
        Ok(key) => {
            let attempt: [(_, HeaderValue); 1] = [(header::SET_COOKIE, cookie::set_attempt(&key))];
            (AppendHeaders(attempt), Redirect::to(url.as_str())).into_response()
        }
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
