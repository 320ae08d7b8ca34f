//! From where, and by which name, the portal is called.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};

use crate::world::data::{REQUEST, SESSION};
use crate::world::{HOST, ORIGIN, World};

const STRANGERS: [&str; 12] = [
    "null",
    "",
    "http://portal.example",
    "https://portal.example:8443",
    "https://portal.example:443",
    "https://portal.example.evil.example",
    "https://evil-portal.example",
    "https://portal.example/",
    "https://PORTAL.example",
    "https://portal.example@evil.example",
    "https://portal.example, https://evil.example",
    "file://",
];

#[tokio::test]
async fn w_01_only_the_portal_s_own_origin_changes_anything_or_opens_a_socket() {
    let world = World::new();
    let mut browser = world.signed_in("ana").await;
    let withdraw = format!("/requests/{REQUEST}/withdraw");
    let socket = format!("/sessions/{SESSION}/terminal");
    for origin in STRANGERS {
        for (method, path) in [
            (Method::POST, withdraw.as_str()),
            (Method::POST, "/sign-out"),
            (Method::POST, "/theme"),
            (Method::POST, "/favourite"),
            (Method::POST, "/api/terminal_ticket"),
            (Method::GET, socket.as_str()),
        ] {
            let mut request = browser.request(method, path).body(Body::empty()).unwrap();
            request.headers_mut().insert(header::ORIGIN, origin.parse().unwrap());
            let answer = browser.send(request).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{origin} {path}");
        }
    }
    assert!(world.script.calls().is_empty());
    assert!(browser.is_signed_in().await);
}

#[tokio::test]
async fn w_01_an_origin_that_stands_twice_or_not_at_all_is_refused() {
    let world = World::new();
    let mut browser = world.signed_in("ana").await;
    let path = format!("/requests/{REQUEST}/withdraw");
    let mut twice = browser.request(Method::POST, &path).body(Body::empty()).unwrap();
    twice.headers_mut().append(header::ORIGIN, ORIGIN.parse().unwrap());
    assert_eq!(browser.send(twice).await.status, StatusCode::FORBIDDEN);
    let mut never = browser.request(Method::POST, &path).body(Body::empty()).unwrap();
    never.headers_mut().remove(header::ORIGIN);
    // What a browser says beside it does not stand in for it.
    never.headers_mut().insert("sec-fetch-site", "same-origin".parse().unwrap());
    assert_eq!(browser.send(never).await.status, StatusCode::FORBIDDEN);
    assert!(world.script.calls().is_empty());
}

#[tokio::test]
async fn w_01_pages_let_browsers_send_the_origin_with_forms() {
    let world = World::new();
    // Under `no-referrer` browsers send `Origin: null` with form posts.
    let answer = world.browser().get("/sign-in").await;
    assert_eq!(answer.header("referrer-policy"), "same-origin");
}

async fn called(world: &World, uri: &str, hosts: &[&str]) -> StatusCode {
    let mut request = Request::builder().uri(uri).body(Body::empty()).unwrap();
    for host in hosts {
        request.headers_mut().append(header::HOST, host.parse().unwrap());
    }
    world.browser().send(request).await.status
}

#[tokio::test]
async fn w_02_a_name_that_is_not_configured_is_refused() {
    let world = World::new();
    for host in ["portal.example", "portal.example:443", "PORTAL.example"] {
        assert_eq!(called(&world, "/sign-in", &[host]).await, StatusCode::OK, "{host}");
    }
    for host in [
        "evil.example",
        "portal.example.evil.example",
        "portal.example:8443",
        "portal.example.",
        "127.0.0.1",
        "",
    ] {
        let status = called(&world, "/sign-in", &[host]).await;
        assert_eq!(status, StatusCode::MISDIRECTED_REQUEST, "{host:?}");
    }
    let refused = StatusCode::MISDIRECTED_REQUEST;
    assert_eq!(called(&world, "/sign-in", &[]).await, refused);
    assert_eq!(called(&world, "/sign-in", &[HOST, "evil.example"]).await, refused);
    assert_eq!(called(&world, "/sign-in", &[HOST, HOST]).await, refused);
    assert_eq!(called(&world, "https://evil.example/sign-in", &[HOST]).await, refused);
    assert_eq!(called(&world, "/nowhere", &["evil.example"]).await, refused);
    assert_eq!(called(&world, "/healthz", &["10.0.0.7:8080"]).await, StatusCode::OK);
}

#[tokio::test]
async fn w_02_a_port_that_is_configured_belongs_to_the_name() {
    let world = World::at("http://localhost:8080");
    assert_eq!(called(&world, "/sign-in", &["localhost:8080"]).await, StatusCode::OK);
    let refused = StatusCode::MISDIRECTED_REQUEST;
    assert_eq!(called(&world, "/sign-in", &["localhost"]).await, refused);
    assert_eq!(called(&world, "/sign-in", &["127.0.0.1:8080"]).await, refused);
}

#[tokio::test]
async fn o_20_forwarded_names_change_nothing() {
    let world = World::new();
    let mut browser = world.browser();
    for path in ["/", "/sign-in/start?to=/inbox"] {
        let mut request = browser.request(Method::GET, path).body(Body::empty()).unwrap();
        for name in ["x-forwarded-host", "x-forwarded-proto", "x-forwarded-for", "forwarded"] {
            request.headers_mut().insert(name, "evil.example".parse().unwrap());
        }
        let answer = browser.send(request).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert!(!answer.location().contains("evil"), "{}", answer.location());
    }
}
