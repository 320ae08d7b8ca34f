//! Words for errors that come without any.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::trace::REQUEST_ID;
use crate::http::Shared;

/// Gives a bare error a page that needs no part of the portal to be rendered.
pub(crate) async fn explain(
    State(shared): State<Shared>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let status = response.status();
    let failed = status.is_client_error() || status.is_server_error();
    if failed && !response.headers().contains_key(header::CONTENT_TYPE) {
        let id = response.headers().get(REQUEST_ID);
        let id = id.and_then(|id| id.to_str().ok()).unwrap_or_default();
        let (title, next) = words(status);
        let style = shared.assets.path("main.css");
        *response.body_mut() = Body::from(format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{title} · Shorepass</title>\n<link rel=\"stylesheet\" href=\"{style}\">\n\
             <main class=\"alone\"><section class=\"refused\">\n<h1>{title}</h1>\n<p>{next}</p>\n\
             <p class=\"muted\">Request <code>{id}</code></p>\n</section></main>\n</html>\n"
        ));
        let headers = response.headers_mut();
        headers.remove(header::CONTENT_LENGTH);
        let html = HeaderValue::from_static("text/html; charset=utf-8");
        headers.insert(header::CONTENT_TYPE, html);
    }
    response
}

/// What happened, and what to do next. Nothing of the request is repeated.
fn words(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::UNAUTHORIZED => ("You are signed out", "Sign in and try again."),
        StatusCode::FORBIDDEN => (
            "This came from another site",
            "Nothing was done. Open the page in Shorepass and send it from there.",
        ),
        StatusCode::NOT_FOUND => {
            ("Not found", "The link may be old or mistyped, or it leads to nothing you may see.")
        }
        StatusCode::MISDIRECTED_REQUEST => {
            ("Wrong address", "Shorepass is not reached by this name. Ask for its address.")
        }
        StatusCode::PAYLOAD_TOO_LARGE => ("Too large", "Nothing was done. Send less."),
        StatusCode::TOO_MANY_REQUESTS => {
            ("Too many at once", "Close some pages of Shorepass and try again.")
        }
        StatusCode::SERVICE_UNAVAILABLE => {
            ("Out of order", "A part that is needed does not answer. Try again in a minute.")
        }
        status if status.is_server_error() => {
            ("Something went wrong", "It is in the log, under the number below.")
        }
        _ => ("This cannot be read", "Nothing was done. Load the page again and repeat it."),
    }
}
