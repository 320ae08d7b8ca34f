//! Pages, rendered by `app`, and the forms on them.

mod form;
mod local;
mod notice;
mod path_id;
mod refused;
mod request;

pub(crate) use form::StrictForm;
pub(crate) use local::LocalPath;
pub(crate) use notice::Notice;
pub(crate) use path_id::PathId;
pub(crate) use refused::{Redo, done, status};
pub(crate) use request::{PageRequest, favourites, favourites_cookie, theme_cookie};

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::Shared;
use super::login::{Actor, Presence, cookie};

/// Shows the page of an address.
pub(crate) async fn show(page: PageRequest) -> Response {
    page.show().await
}

/// Shows that an address leads nowhere: to whoever is signed in, inside the frame.
pub(crate) async fn missing(State(shared): State<Shared>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    if let Some(key) = cookie::login(&parts.headers)
        && let Ok(Some(login)) = shared.logins.current(key, Presence::of(&parts.headers)).await
    {
        parts.extensions.insert(Actor { key, login });
        return PageRequest::of(&shared, &parts).with_status(StatusCode::NOT_FOUND).show().await;
    }
    StatusCode::NOT_FOUND.into_response()
}
