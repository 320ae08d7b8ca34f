//! `POST /theme`

use app::Theme;
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use crate::http::page::{LocalPath, StrictForm, theme_cookie};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fields {
    theme: String,
    #[serde(default)]
    back: String,
}

/// Keeps the colours that were chosen, and returns to where they were.
pub(crate) async fn theme(StrictForm { form, .. }: StrictForm<Fields>) -> Response {
    let cookie = AppendHeaders([theme_cookie(Theme::from_word(&form.theme))]);
    let back = LocalPath::parse(&form.back).unwrap_or_default();
    (cookie, Redirect::to(back.as_str())).into_response()
}
