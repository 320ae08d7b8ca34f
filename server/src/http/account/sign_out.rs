//! `POST /sign-out`

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use crate::http::login::cookie;
use crate::http::page::{Notice, StrictForm};
use crate::http::{LoginEnd, Shared};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fields {}

/// Ends the sign-in with everything open under it, here and, where it offers that, at the
/// provider.
pub(crate) async fn sign_out(
    State(shared): State<Shared>,
    headers: HeaderMap,
    StrictForm { form: Fields {}, .. }: StrictForm<Fields>,
) -> Response {
    if let Some(key) = cookie::login(&headers)
        && shared.logins.end(key, LoginEnd::SignedOut).await.is_err()
    {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let cookies = [cookie::remove_login(), Notice::SignedOut.set()];
    let cookies = AppendHeaders(cookies.map(|cookie| (header::SET_COOKIE, cookie)));
    let to = shared.provider.logout_url().map_or("/sign-in".to_owned(), String::from);
    (cookies, Redirect::to(&to)).into_response()
}
