//! `GET /assets/{file}`

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::store::Built;
use crate::http::Shared;

/// What is at a name with a digest never changes.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// What may change is asked for again each time, by its tag.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// Sends a built file, compressed as the browser likes it.
pub(crate) async fn file(
    State(shared): State<Shared>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Some(file) = shared.site.file(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let cached = if file.never_changes { FOREVER } else { ASK_AGAIN };
    let Ok(tag) = HeaderValue::from_str(&file.tag) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let known = [
        (header::CACHE_CONTROL, cached),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
        (header::ETAG, tag.clone()),
    ];
    if headers.get(header::IF_NONE_MATCH) == Some(&tag) {
        return (StatusCode::NOT_MODIFIED, known).into_response();
    }
    let (content, encoding) = chosen(file, &headers);
    let encoding = encoding.map(|encoding| [(header::CONTENT_ENCODING, encoding)]);
    let kind = [(header::CONTENT_TYPE, kind(&name))];
    let encoding = encoding.map(axum::response::AppendHeaders);
    (known, kind, encoding, content).into_response()
}

/// The smallest form that the browser takes.
fn chosen(file: &Built, headers: &HeaderMap) -> (axum::body::Bytes, Option<&'static str>) {
    if let Some(brotli) = file.brotli.as_ref().filter(|_| takes(headers, "br")) {
        (brotli.clone(), Some("br"))
    } else if let Some(gzip) = file.gzip.as_ref().filter(|_| takes(headers, "gzip")) {
        (gzip.clone(), Some("gzip"))
    } else {
        (file.plain.clone(), None)
    }
}

/// Whether an encoding is taken (RFC 9110, 12.5.3); weights other than zero do not matter here.
fn takes(headers: &HeaderMap, encoding: &str) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|item| {
            let (name, weight) = item.split_once(';').unwrap_or((item, "q=1"));
            let weight = weight.trim().trim_start_matches("q=").parse::<f32>().unwrap_or(0.0);
            name.trim().eq_ignore_ascii_case(encoding) && weight > 0.0
        })
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("webmanifest") => "application/manifest+json",
        Some("json") => "application/json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_taken_unless_its_weight_is_zero() {
        for (accepted, taken) in [
            ("gzip, deflate, br, zstd", true),
            ("BR;q=0.5", true),
            ("br;q=0, gzip", false),
            ("gzip", false),
            ("*", false),
            ("br;q=lots", false),
        ] {
            let value = HeaderValue::from_static(accepted);
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, value)]);
            assert_eq!(takes(&headers, "br"), taken, "{accepted}");
        }
    }
}
