//! Style sheets, scripts and icons.

use axum::body::Body;
use axum::http::{Method, StatusCode};

use crate::world::World;
use crate::world::browser::Answer;

async fn asked(path: &str, name: &str, value: &str) -> Answer {
    let mut browser = World::new().browser();
    let request = browser.request(Method::GET, path).header(name, value);
    browser.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_file_is_sent_as_small_as_the_browser_takes_it() {
    let path = "/assets/main.0123456789ab.css";
    for (accepted, encoding, body) in [
        ("gzip, deflate, br", "br", "(brotli)"),
        ("gzip", "gzip", "(gzip)"),
        ("identity", "", "body { color: black }"),
    ] {
        let answer = asked(path, "accept-encoding", accepted).await;
        assert_eq!(answer.header("content-encoding"), encoding);
        assert_eq!(answer.body, body);
        assert_eq!(answer.header("content-type"), "text/css; charset=utf-8");
        assert_eq!(answer.header("vary"), "accept-encoding");
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    }
}

#[tokio::test]
async fn a_file_without_a_digest_in_its_name_is_asked_for_again() {
    let answer = asked("/assets/icon.svg", "accept", "*/*").await;
    assert_eq!(answer.header("cache-control"), "no-cache");
    let again = asked("/assets/icon.svg", "if-none-match", answer.header("etag")).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert_eq!(again.body, "");
}

#[tokio::test]
async fn n_01_only_files_that_were_built_are_sent() {
    for path in [
        "/assets/none.css",
        "/assets/manifest.json",
        "/assets/..%2fmanifest.json",
        "/assets/main.0123456789ab.css.br",
        "/assets/",
        "/assets/..%2f..%2fCargo.toml",
        "/assets/%00",
    ] {
        let answer = asked(path, "accept", "*/*").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn pages_name_files_by_their_content() {
    let answer = World::new().browser().get("/sign-in").await;
    assert!(answer.body.contains("/assets/main.0123456789ab.css"), "{}", answer.body);
}
