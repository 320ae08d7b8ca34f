//! `POST /favourite`

use axum::http::HeaderMap;
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use crate::http::page::{LocalPath, StrictForm, favourites, favourites_cookie};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fields {
    /// As `cluster/namespace`.
    place: String,
    favourite: String,
    #[serde(default)]
    back: String,
}

/// Marks a namespace in this browser, or takes the mark away, and returns to where they were.
pub(crate) async fn favourite(
    headers: HeaderMap,
    StrictForm { form, .. }: StrictForm<Fields>,
) -> Response {
    let marked = favourites(&headers).with(&form.place, form.favourite == "yes");
    let back = LocalPath::parse(&form.back).unwrap_or_default();
    (AppendHeaders([favourites_cookie(&marked)]), Redirect::to(back.as_str())).into_response()
}
