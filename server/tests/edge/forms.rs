//! Forms: what is read, what is refused, and what is shown then.

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use domain::SessionEnd;
use domain::broker::{FieldProblem, Part, Refusal};

use crate::world::World;
use crate::world::browser::{Answer, Browser};
use crate::world::data::{DIGEST, REQUEST, SESSION};

const NS: &str = "/ns/main/payments";

async fn raw(browser: &mut Browser, path: &str, kind: &str, body: impl Into<Body>) -> Answer {
    let mut request = browser.request(Method::POST, path).body(body.into()).unwrap();
    request.headers_mut().insert(header::CONTENT_TYPE, kind.parse().unwrap());
    browser.send(request).await
}

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn a_request_is_sent_and_said_to_be_once() {
    let world = World::new();
    let mut browser = world.signed_in("ana").await;
    let fields = [
        ("role", "shell"),
        ("length", "other"),
        ("length_other", "45m"),
        ("reason", "it is stuck"),
    ];
    let answer = browser.post(NS, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), format!("/requests/{REQUEST}"));
    assert_eq!(world.script.calls(), ["ana asks main/payments shell \"45m\" \"it is stuck\""]);
    let page = format!("/requests/{REQUEST}");
    assert!(browser.get(&page).await.body.contains("Your request was sent."));
    assert!(!browser.get(&page).await.body.contains("Your request was sent."));
}

#[tokio::test]
async fn a_length_that_was_offered_counts_before_one_that_was_typed() {
    let world = World::new();
    let mut browser = world.signed_in("ana").await;
    let fields = [("role", "shell"), ("length", "30m"), ("length_other", "9h"), ("reason", "r")];
    browser.post(NS, &fields).await;
    assert_eq!(world.script.calls(), ["ana asks main/payments shell \"30m\" \"r\""]);
}

#[tokio::test]
async fn a_refused_form_is_shown_again_with_everything_that_was_typed() {
    let world = World::new();
    let mut browser = world.signed_in("ana").await;
    let problem = "at least 10 characters".to_owned();
    world.script.refuses(Refusal::Invalid(vec![FieldProblem { field: "reason", problem }]));
    let typed = "<b>short</b>";
    let fields =
        [("role", "shell"), ("length", "other"), ("length_other", "17m"), ("reason", typed)];
    let answer = browser.post(NS, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("At least 10 characters."), "{}", answer.body);
    assert!(answer.body.contains("value=\"17m\""));
    assert!(answer.body.contains("&lt;b&gt;short"), "as text, never as markup: {}", answer.body);
    assert!(!answer.body.contains(typed));
}

#[tokio::test]
async fn a_form_without_a_role_says_what_is_missing() {
    let world = World::new();
    let answer = world.signed_in("ana").await.post(NS, &[("reason", "kept words")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("Choose what you need."), "{}", answer.body);
    assert!(answer.body.contains("kept words"));
    assert!(world.script.calls().is_empty());
}

#[tokio::test]
async fn every_refusal_has_its_status_and_its_words() {
    for (refusal, status, words) in [
        (Refusal::Conflict { what: "it was decided".into() }, 409, "It was decided."),
        (Refusal::Forbidden { why: "not your own".into() }, 403, "Not your own."),
        (Refusal::Over { how: SessionEnd::Abandoned }, 409, "The session is over: no terminal"),
        (Refusal::NotFound, 404, "There is no such thing here"),
        (Refusal::Unavailable { part: Part::Store }, 503, "The database cannot be reached."),
    ] {
        let world = World::new();
        let mut browser = world.signed_in("ben").await;
        world.script.refuses(refusal);
        let path = format!("/requests/{REQUEST}/approve");
        let answer = browser.post(&path, &[("digest", DIGEST)]).await;
        assert_eq!(answer.status.as_u16(), status);
        assert!(answer.body.contains(words), "{words}: {}", answer.body);
    }
}

#[tokio::test]
async fn decisions_made_in_the_inbox_lead_back_to_it() {
    let world = World::new();
    let mut browser = world.signed_in("ben").await;
    let approve = format!("/requests/{REQUEST}/approve");
    let answer = browser.post(&approve, &[("digest", DIGEST), ("back", "inbox")]).await;
    assert_eq!(answer.location(), "/inbox");
    let answer = browser.post(&approve, &[("digest", DIGEST)]).await;
    assert_eq!(answer.location(), format!("/requests/{REQUEST}"));
    let problem = "say why".to_owned();
    world.script.refuses(Refusal::Invalid(vec![FieldProblem { field: "why", problem }]));
    let deny = format!("/requests/{REQUEST}/deny");
    let answer = browser.post(&deny, &[("why", "typed words"), ("back", "inbox")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("<h1"), "{}", answer.body);
    assert!(answer.body.contains("typed words"));
}

#[tokio::test]
async fn opening_and_ending_lead_to_the_session() {
    let world = World::new();
    let mut browser = world.signed_in("ana").await;
    let open = format!("/requests/{REQUEST}/shell");
    let answer = browser.post(&open, &[("pod", "web-1"), ("container", "web")]).await;
    assert_eq!(answer.location(), format!("/sessions/{SESSION}"));
    let end = format!("/sessions/{SESSION}/end");
    assert_eq!(browser.post(&end, &[]).await.location(), format!("/sessions/{SESSION}"));
    assert_eq!(browser.post(&end, &[("back", "sessions")]).await.location(), "/sessions");
    let answer = browser.post(&format!("/requests/{REQUEST}/end"), &[]).await;
    assert_eq!(answer.location(), format!("/requests/{REQUEST}"));
    assert_eq!(
        world.script.calls(),
        [
            "ana opens web-1/web",
            "ana ends the session",
            "ana ends the session",
            "ana ends the grant"
        ]
    );
}

#[tokio::test]
async fn n_01_names_that_follow_no_grammar_reach_nobody() {
    let world = World::new();
    let mut browser = world.signed_in("ana").await;
    for path in [
        "/ns/main/kube_system",
        "/ns/main/..%2fpayments",
        "/ns/Main/payments",
        "/requests/1/withdraw",
        "/requests/..%2f..%2fx/withdraw",
        "/sessions/%00/end",
    ] {
        let answer = browser.post(path, &[]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    let open = format!("/requests/{REQUEST}/shell");
    for (pod, container) in [("../web", "web"), ("web-1", "a/b"), ("", ""), ("web-1", "web;ls")] {
        let answer = browser.post(&open, &[("pod", pod), ("container", container)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{pod} {container}");
    }
    assert!(world.script.calls().is_empty());
}

#[tokio::test]
async fn n_06_fields_that_are_unknown_or_stand_twice_are_refused() {
    let world = World::new();
    let mut browser = world.signed_in("ben").await;
    let approve = format!("/requests/{REQUEST}/approve");
    let withdraw = format!("/requests/{REQUEST}/withdraw");
    for (path, body) in [
        (approve.as_str(), "digest=a&digest=b"),
        (approve.as_str(), "digest=a&approver=ana"),
        (approve.as_str(), "digest=a&back=https://evil.example"),
        (approve.as_str(), ""),
        (approve.as_str(), "digest[]=a"),
        (withdraw.as_str(), "as=ana"),
        (NS, "role=shell&role=observe"),
        (NS, "role=shell&person=ana"),
        ("/theme", "theme=dark&theme=light"),
        ("/favourite", "place=main/payments&favourite=yes&of=ben"),
        ("/sign-out", "everywhere=1"),
    ] {
        let answer = raw(&mut browser, path, FORM, body.to_owned()).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {body}");
    }
    assert!(world.script.calls().is_empty());
    assert!(browser.is_signed_in().await);
}

#[tokio::test]
async fn bodies_of_another_kind_or_size_are_refused() {
    let world = World::new();
    let mut browser = world.signed_in("ana").await;
    let unknown = StatusCode::UNSUPPORTED_MEDIA_TYPE;
    assert_eq!(raw(&mut browser, NS, "text/plain", "role=shell").await.status, unknown);
    assert_eq!(raw(&mut browser, NS, "application/json", "{}").await.status, unknown);
    let long = "x".repeat(64 * 1024 + 1);
    let answer = raw(&mut browser, NS, FORM, format!("reason={long}")).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let api = "/api/terminal_ticket";
    let answer = raw(&mut browser, api, "application/json", format!("\"{long}\"")).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let endless = Body::from_stream(futures::stream::repeat_with(|| {
        Ok::<_, std::convert::Infallible>("x".repeat(1_024))
    }));
    let answer = raw(&mut browser, NS, FORM, endless).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(world.script.calls().is_empty());
}

#[tokio::test]
async fn a_theme_is_kept() {
    let world = World::new();
    let mut browser = world.browser();
    let answer = browser.post("/theme", &[("theme", "dark"), ("back", "/sign-in")]).await;
    assert_eq!(answer.location(), "/sign-in");
    assert!(browser.get("/sign-in").await.body.contains("data-theme=\"dark\""));
    browser.post("/theme", &[("theme", "\"><script>")]).await;
    assert!(!browser.get("/sign-in").await.body.contains("data-theme="));
}

#[tokio::test]
async fn a_favourite_is_kept_by_the_browser() {
    let world = World::new();
    let mut browser = world.signed_in("ana").await;
    let mark = [("place", "main/payments"), ("favourite", "yes"), ("back", "/?q=pay")];
    let answer = browser.post("/favourite", &mark).await;
    assert_eq!(answer.location(), "/?q=pay");
    let kept = "__Host-shorepass-favourites=main/payments; HttpOnly; SameSite=Lax; Secure; Path=/";
    assert!(answer.header("set-cookie").starts_with(kept), "{}", answer.header("set-cookie"));
    let more = [("place", "main/staging"), ("favourite", "yes")];
    let answer = browser.post("/favourite", &more).await;
    assert!(answer.header("set-cookie").contains("=main/staging.main/payments;"));
    let less = [("place", "main/staging"), ("favourite", "no")];
    let answer = browser.post("/favourite", &less).await;
    assert!(answer.header("set-cookie").contains("=main/payments;"));
    let odd = [("place", "x; Domain=evil.example"), ("favourite", "yes")];
    let answer = browser.post("/favourite", &odd).await;
    assert!(answer.header("set-cookie").contains("=main/payments;"));
}

#[tokio::test]
async fn w_03_a_ticket_is_had_by_the_server_function() {
    let world = World::new();
    let mut browser = world.signed_in("ana").await;
    let body = format!("{{\"session\":\"{SESSION}\"}}");
    let answer = raw(&mut browser, "/api/terminal_ticket", "application/json", body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert!(answer.body.contains("\"secret\":[7,7"), "{}", answer.body);
    assert_eq!(world.script.calls(), ["ana takes a ticket"]);
}

#[tokio::test]
async fn whoever_may_not_have_a_ticket_is_told_why() {
    let world = World::new();
    let mut browser = world.signed_in("eve").await;
    let body = format!("{{\"session\":\"{SESSION}\"}}");
    let answer = raw(&mut browser, "/api/terminal_ticket", "application/json", body).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.body.starts_with("{\"Never\":"), "{}", answer.body);
}

#[tokio::test(start_paused = true)]
async fn w_05_a_body_that_never_comes_is_not_waited_for() {
    let world = World::new();
    let mut browser = world.signed_in("ana").await;
    let never = Body::from_stream(futures::stream::pending::<Result<String, std::io::Error>>());
    let answer = raw(&mut browser, NS, FORM, never).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.body.contains(answer.header("x-request-id")));
}
