//! What answers tell browsers, and what the log tells operators.

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::http::{Request, StatusCode};

use crate::world::World;
use crate::world::provider::CANARY;

#[tokio::test]
async fn w_11_every_answer_says_what_it_may_do() {
    let world = World::new();
    let mut browser = world.signed_in("ana").await;
    for path in ["/", "/nowhere", "/assets/icon.svg", "/healthz", "/recordings/x/download"] {
        let answer = browser.get(path).await;
        let policy = answer.header("content-security-policy").to_owned();
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
        assert_eq!(
            policy.replace(nonce, "NONCE"),
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
             style-src 'self' 'nonce-NONCE'; connect-src 'self' wss://portal.example; \
             img-src 'self' data:; font-src 'self'; manifest-src 'self'; \
             form-action 'self' https://id.example; frame-ancestors 'none'; base-uri 'none'",
            "{path}"
        );
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("strict-transport-security", "max-age=63072000; includeSubDomains"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        assert_eq!(answer.header("x-request-id").len(), 36, "{path}");
    }
}

#[tokio::test]
async fn w_11_a_nonce_is_never_used_twice_and_no_page_has_inline_code() {
    let world = World::new();
    let mut browser = world.signed_in("ana").await;
    let mut seen = std::collections::BTreeSet::new();
    for path in ["/", "/inbox", "/ns/main/payments", "/sessions", "/recordings", "/sign-in"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(seen.insert(answer.header("content-security-policy").to_owned()));
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        for forbidden in ["onclick=", "onload=", "onsubmit=", "javascript:", " style=\"", "<style>"]
        {
            assert!(!answer.body.contains(forbidden), "{path}: {forbidden}");
        }
        for script in answer.body.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            assert!(tag.contains(" src=") || tag.contains("application/json"), "{path}: {tag}");
        }
    }
}

#[tokio::test]
async fn hsts_is_for_https_only() {
    let world = World::at("http://localhost:8080");
    let request = Request::builder()
        .uri("/sign-in")
        .header("host", "localhost:8080")
        .body(axum::body::Body::empty())
        .unwrap();
    let answer = world.browser().send(request).await;
    assert_eq!(answer.header("strict-transport-security"), "");
    assert!(answer.header("content-security-policy").contains("ws://localhost:8080"));
}

/// A place for log lines.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Lines {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// Takes every log line of this thread, down to the finest.
    fn taken(&self) -> tracing::subscriber::DefaultGuard {
        let lines = self.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_writer(move || lines.clone())
            .finish();
        tracing::subscriber::set_default(subscriber)
    }
}

#[tokio::test]
async fn w_04_t_07_no_secret_is_in_the_log() {
    let lines = Lines::default();
    let _taken = lines.taken();
    let world = World::new();
    let mut browser = world.signed_in("ana").await;
    browser.get("/audit?q=canary-query").await;
    world.clock.advance(crate::world::RECHECK);
    browser.get("/").await;
    let log = lines.text();
    assert!(log.contains("url.path=/sign-in/callback"), "{log}");
    assert!(log.contains("http.response.status_code=303"), "{log}");
    let secrets = browser.cookies.values().map(String::as_str);
    for secret in secrets.chain([CANARY, "code-ana", "state-0", "canary-query"]) {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}

#[tokio::test]
async fn a_line_of_the_log_cannot_be_forged_by_a_path() {
    let lines = Lines::default();
    let _taken = lines.taken();
    World::new().browser().get("/%0a%1b[31mforged").await;
    assert!(!lines.text().contains('\u{1b}'));
}

#[tokio::test]
async fn a_panic_is_an_error_page_with_the_number_that_is_in_the_log() {
    let lines = Lines::default();
    let _taken = lines.taken();
    let world = World::new();
    let mut browser = world.signed_in("ana").await;
    *world.script.panics.lock().unwrap() = true;
    let answer = browser.get("/").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    let number = answer.header("x-request-id");
    assert!(answer.body.contains("Something went wrong"), "{}", answer.body);
    assert!(answer.body.contains(number));
    assert!(!answer.body.contains("told to"), "nothing from inside");
    assert!(lines.text().contains(number));
    assert_eq!(answer.header("x-frame-options"), "DENY");
}
