//! Every route under every kind of actor, from every kind of place.

use std::fmt::Write as _;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use server::http::routes::{Origin, ROUTES, Route, Who};

use crate::world::browser::Browser;
use crate::world::data::{DIGEST, REQUEST, SESSION};
use crate::world::{ORIGIN, World};

const ACTORS: [&str; 5] = ["anonymous", "eve", "ana", "ben", "cleo"];

/// From where a request says it comes.
#[derive(Debug, Clone, Copy)]
enum From {
    OwnPage,
    Elsewhere,
    Nowhere,
}

/// A real address for a route.
fn address(route: &Route) -> String {
    let id = if route.path.starts_with("/requests") { REQUEST } else { SESSION };
    let query = match route.path {
        "/recordings/{id}/stretch" | "/recordings/{id}/transcript" => "?at=7",
        _ => "",
    };
    let path = route
        .path
        .replace("{cluster}", "main")
        .replace("{namespace}", "payments")
        .replace("{id}", id)
        .replace("{file}", "icon.svg")
        .replace("{*function}", "terminal_ticket");
    path + query
}

/// A body that the route takes.
fn body(route: &Route) -> (String, &'static str) {
    let fields = match route.path {
        "/ns/{cluster}/{namespace}" | "/requests/{id}/change" | "/requests/{id}/extend" => {
            "role=observe&length=30m&length_other=&reason=a+good+reason".to_owned()
        }
        "/requests/{id}/comment" => "comment=it+is+worse".to_owned(),
        "/requests/{id}/review" => "words=it+was+needed".to_owned(),
        "/requests/{id}/approve" => format!("digest={DIGEST}&back=inbox"),
        "/requests/{id}/deny" => "why=not+now".to_owned(),
        "/requests/{id}/shell" => "pod=web-1&container=web".to_owned(),
        "/theme" => "theme=dark&back=%2Finbox".to_owned(),
        "/favourite" => "place=main%2Fpayments&favourite=yes".to_owned(),
        "/api/{*function}" => {
            return (format!("{{\"session\":\"{SESSION}\"}}"), "application/json");
        }
        _ => String::new(),
    };
    (fields, "application/x-www-form-urlencoded")
}

fn request(browser: &Browser, route: &Route, from: From) -> Request<Body> {
    let (body, kind) = body(route);
    let mut request = browser.request(Method::GET, &address(route)).method(route.method.clone());
    request = match from {
        From::OwnPage if route.origin == Origin::Own => request.header(header::ORIGIN, ORIGIN),
        From::OwnPage | From::Nowhere => request,
        From::Elsewhere => request.header(header::ORIGIN, "https://evil.example"),
    };
    if route.path.ends_with("/terminal") {
        request = request
            .header(header::CONNECTION, "upgrade")
            .header(header::UPGRADE, "websocket")
            .header(header::SEC_WEBSOCKET_VERSION, "13")
            .header(header::SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ==");
    }
    if route.method == Method::POST {
        request = request.header(header::CONTENT_TYPE, kind);
    }
    let body = if route.method == Method::POST { Body::from(body) } else { Body::empty() };
    request.body(body).unwrap()
}

#[tokio::test]
async fn w_13_every_route_asks_what_its_policy_says_of_every_kind_of_actor() {
    let mut table = String::new();
    for route in ROUTES {
        let mut line = format!("{:4} {:27}", route.method.as_str(), route.path);
        for actor in ACTORS {
            let mut from_own_page = StatusCode::default();
            for from in [From::OwnPage, From::Elsewhere, From::Nowhere] {
                let world = World::new();
                let mut browser = match actor {
                    "anonymous" => world.browser(),
                    name => world.signed_in(name).await,
                };
                let request = request(&browser, route, from);
                // The stream of events does not end by itself: its head is enough.
                let status = browser.open(request).await.status();
                let own_page = matches!(from, From::OwnPage);
                if route.origin == Origin::Own && !own_page {
                    assert_eq!(status, StatusCode::FORBIDDEN, "{route:?} {actor} {from:?}");
                    assert!(world.script.calls().is_empty(), "{route:?} {actor} {from:?}");
                }
                if route.who == Who::SignedIn && actor == "anonymous" {
                    assert!(
                        matches!(status.as_u16(), 303 | 401 | 403),
                        "{route:?} {from:?}: {status}"
                    );
                    assert!(world.script.calls().is_empty(), "{route:?} {from:?}");
                }
                if own_page {
                    from_own_page = status;
                    write!(line, " {}", status.as_u16()).unwrap();
                }
                if route.origin == Origin::Any {
                    assert_eq!(status, from_own_page, "{route:?} {actor} {from:?}");
                }
            }
        }
        writeln!(table, "{line}").unwrap();
    }
    // Anonymous, eve, ana, ben, cleo, each from the portal's own pages. 426: the gate lets the
    // socket through, and this connection is none that can become one.
    insta::assert_snapshot!(table, @r"
    GET  /                           303 200 200 200 200
    GET  /ns/{cluster}/{namespace}   303 200 200 200 200
    POST /ns/{cluster}/{namespace}   401 403 303 403 403
    GET  /requests/{id}              303 404 200 200 200
    POST /requests/{id}/withdraw     401 404 303 403 403
    POST /requests/{id}/approve      401 403 403 303 403
    POST /requests/{id}/remind       401 404 303 403 403
    POST /requests/{id}/take-back    401 404 303 403 403
    POST /requests/{id}/deny         401 404 403 303 403
    GET  /requests/{id}/change       303 404 200 404 404
    POST /requests/{id}/change       401 404 303 404 404
    GET  /requests/{id}/extend       303 404 200 404 404
    POST /requests/{id}/extend       401 404 303 404 404
    POST /requests/{id}/comment      401 404 303 303 303
    POST /requests/{id}/review       401 404 403 403 303
    POST /requests/{id}/end          401 404 303 303 303
    GET  /requests/{id}/shell        303 404 200 404 404
    POST /requests/{id}/shell        401 404 303 404 404
    GET  /inbox                      303 200 200 200 200
    GET  /sessions                   303 200 200 200 200
    GET  /sessions/{id}              303 404 200 200 200
    POST /sessions/{id}/end          401 404 303 303 303
    GET  /sessions/{id}/terminal     401 426 426 426 426
    GET  /recordings                 303 200 200 200 200
    GET  /recordings/{id}            303 404 200 200 200
    POST /recordings/{id}/review     401 404 403 303 303
    GET  /recordings/{id}/outline    303 404 404 404 200
    GET  /recordings/{id}/stretch    303 404 404 404 200
    GET  /recordings/{id}/transcript 303 404 200 200 200
    GET  /recordings/{id}/proof      303 404 200 200 200
    GET  /recordings/{id}/download   303 404 404 404 200
    GET  /policy                     303 200 200 200 200
    GET  /audit                      303 403 403 403 200
    GET  /events                     303 200 200 200 200
    POST /api/{*function}            401 403 200 200 200
    GET  /sign-in                    200 200 200 200 200
    GET  /sign-in/start              303 303 303 303 303
    GET  /sign-in/callback           403 403 403 403 403
    POST /sign-out                   303 303 303 303 303
    POST /theme                      303 303 303 303 303
    POST /favourite                  401 303 303 303 303
    GET  /assets/{file}              200 200 200 200 200
    GET  /healthz                    200 200 200 200 200
    GET  /readyz                     200 200 200 200 200
    ");
}

#[tokio::test]
async fn w_13_a_method_that_is_not_listed_is_not_served() {
    let world = World::new();
    let mut browser = world.signed_in("ana").await;
    for (method, path, allowed) in [
        (Method::DELETE, format!("/requests/{REQUEST}"), "GET, HEAD"),
        (Method::PUT, "/".to_owned(), "GET, HEAD"),
        (Method::POST, "/inbox".to_owned(), "GET, HEAD"),
        (Method::GET, format!("/requests/{REQUEST}/approve"), "POST"),
        (Method::GET, "/sign-out".to_owned(), "POST"),
        (Method::POST, format!("/sessions/{SESSION}/terminal"), "GET, HEAD"),
    ] {
        let request = browser.request(method, &path).body(Body::empty()).unwrap();
        let answer = browser.send(request).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert_eq!(answer.header("allow"), allowed, "{path}");
    }
    assert!(world.script.calls().is_empty());
}

#[tokio::test]
async fn head_is_answered_like_get_without_a_body() {
    let world = World::new();
    let mut browser = world.signed_in("ana").await;
    for path in ["/", "/inbox", "/assets/icon.svg", "/healthz"] {
        let request = browser.request(Method::HEAD, path).body(Body::empty()).unwrap();
        let answer = browser.send(request).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.body, "", "{path}");
    }
}

#[tokio::test]
async fn an_address_that_leads_nowhere_says_so_to_everybody() {
    let world = World::new();
    for (mut browser, words) in
        [(world.browser(), "leads to nothing"), (world.signed_in("ana").await, "To the namespaces")]
    {
        for path in ["/nowhere", "/requests", "/requests/1/2/3/4", "/assets/none.js"] {
            let answer = browser.get(path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            assert!(answer.body.contains(answer.header("x-request-id")), "{path}");
        }
        assert!(browser.get("/nowhere").await.body.contains(words), "{words}");
    }
}

#[tokio::test]
async fn the_probes_say_whether_the_portal_lives_and_can_record() {
    let world = World::new();
    let mut browser = world.browser();
    assert_eq!(browser.get("/healthz").await.body, "ok\n");
    assert_eq!(browser.get("/readyz").await.body, "ready\n");
    *world.brokers.broken.lock().unwrap() = true;
    let answer = browser.get("/readyz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.body, "not ready: the database cannot be reached\n");
    assert_eq!(browser.get("/healthz").await.status, StatusCode::OK);
}
