//! `GET /sign-in/callback`

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};

use super::troubled;
use crate::http::login::cookie;
use crate::http::page::PageRequest;
use crate::http::{LoginEnd, Shared};

/// Takes the provider's answer. The person gets a new key, whatever the browser held before, so
/// that nobody can plant one (session fixation).
pub(crate) async fn callback(
    State(shared): State<Shared>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    page: PageRequest,
) -> Response {
    let kept = match cookie::attempt(&headers) {
        Some(key) => shared.attempts.take(key).await,
        None => Ok(None),
    };
    let Ok(attempt) = kept else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let (secret, to) = attempt.map(|kept| (kept.secret, kept.to)).unzip();
    let to = to.unwrap_or_default();
    let used_up = AppendHeaders([(header::SET_COOKIE, cookie::remove_attempt())]);
    let now = shared.clock.now();
    let finished = shared.provider.finish(secret, query.as_deref().unwrap_or_default(), now).await;
    let signed_in = match finished {
        Ok(signed_in) => signed_in,
        Err(trouble) => {
            let (words, status) = troubled(&shared, trouble).await;
            return (used_up, page.sign_in(&to, &words, status).await).into_response();
        }
    };
    if let Some(before) = cookie::login(&headers)
        && shared.logins.end(before, LoginEnd::Replaced).await.is_err()
    {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    match shared.logins.begin(signed_in).await {
        Ok(key) => {
            let login = AppendHeaders([(header::SET_COOKIE, cookie::set_login(&key))]);
            (used_up, login, Redirect::to(to.as_str())).into_response()
        }
        Err(refusal) => {
            let words = format!("You are not signed in, because {refusal}.");
            let status = StatusCode::SERVICE_UNAVAILABLE;
            (used_up, page.sign_in(&to, &words, status).await).into_response()
        }
    }
}
