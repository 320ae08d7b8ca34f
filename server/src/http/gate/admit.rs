//! Holds a request against its line among the routes.

use axum::Json;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::origin;
use crate::http::Shared;
use crate::http::login::{Actor, Presence, cookie};
use crate::http::page::{LocalPath, PageRequest};
use crate::http::routes::{self, Origin, Who};

/// Lets a request through to its route, or answers for it.
pub(crate) async fn admit(
    State(shared): State<Shared>,
    path: MatchedPath,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(route) = routes::find(request.method(), path.as_str()) else {
        let allowed = routes::methods_of(path.as_str());
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, allowed)]).into_response();
    };
    if route.origin == Origin::Own && !origin::is_own(request.headers(), &shared.public_url) {
        return StatusCode::FORBIDDEN.into_response();
    }
    if route.who == Who::Anyone {
        return next.run(request).await;
    }
    let presence = if routes::BACKGROUND.contains(&route.path) {
        Presence::Background
    } else {
        Presence::of(request.headers())
    };
    let current = match cookie::login(request.headers()) {
        None => None,
        Some(key) => match shared.logins.current(key, presence).await {
            Ok(login) => login.map(|login| Actor { key, login }),
            Err(_) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        },
    };
    match current {
        Some(actor) => {
            request.extensions_mut().insert(actor);
            next.run(request).await
        }
        None => stranger(&shared, path.as_str(), request).await,
    }
}

/// Whoever is not signed in is shown the way in, and returns from there to where they wanted.
async fn stranger(shared: &Shared, route: &str, request: Request) -> Response {
    let wanted = request.uri().path_and_query().map_or("/", |path| path.as_str());
    // A form leads back to the page it is on: that of the same path, or of the one above.
    let page = match routes::find(&Method::GET, route) {
        Some(_) => wanted,
        None => wanted.rsplit_once('/').map_or("/", |(above, _)| above),
    };
    let to = LocalPath::parse(page).unwrap_or_default();
    let is_page = request.headers().get(header::ACCEPT).is_none_or(|accept| {
        accept.to_str().is_ok_and(|accept| accept.contains("text/html") || accept.contains("*/*"))
    });
    if route.starts_with("/api/") {
        // Every server function's error says it like this.
        return (StatusCode::UNAUTHORIZED, Json("SignedOut")).into_response();
    }
    if !is_page || request.headers().contains_key(header::UPGRADE) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return Redirect::to(&to.sign_in()).into_response();
    }
    let (parts, _) = request.into_parts();
    let problem = "You are signed out, so nothing was done. Sign in and send it again.";
    PageRequest::of(shared, &parts).sign_in(&to, problem, StatusCode::UNAUTHORIZED).await
}
