//! Signing in and out.

use axum::body::Body;
use axum::http::{Method, StatusCode, header};

use crate::world::World;
use crate::world::provider::CANARY;

const LOGIN: &str = "__Host-shorepass";

#[tokio::test]
async fn signing_in_leads_back_to_where_one_wanted_to_go() {
    let world = World::new();
    let mut browser = world.browser();
    let answer = browser.get("/audit?q=a&kind=b").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), "/sign-in?to=%2Faudit%3Fq%3Da%26kind%3Db");
    let to = answer.location().to_owned();
    let page = browser.get(&to).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Continue with Example"), "{}", page.body);
    let answer = browser.sign_in("ana", "/audit?q=a&kind=b").await;
    assert_eq!(answer.location(), "/audit?q=a&kind=b");
    assert!(browser.is_signed_in().await);
    assert_eq!(world.brokers.notes(), ["ana signed in"]);
}

#[tokio::test]
async fn the_cookie_is_for_this_host_only_and_no_script_reads_it() {
    let world = World::new();
    let mut browser = world.browser();
    let answer = browser.sign_in("ana", "/").await;
    let cookies: Vec<_> = answer.headers.get_all(header::SET_COOKIE).iter().collect();
    let cookie = cookies.iter().map(|cookie| cookie.to_str().unwrap());
    let cookie = cookie.into_iter().find(|cookie| cookie.starts_with("__Host-shorepass=")).unwrap();
    let (value, attributes) = cookie.split_once("; ").unwrap();
    assert_eq!(attributes, "HttpOnly; SameSite=Lax; Secure; Path=/");
    assert_eq!(value.len(), "__Host-shorepass=".len() + 22, "128 bits in base64");
}

#[tokio::test]
async fn a_key_that_was_planted_before_signing_in_is_worth_nothing_after() {
    let world = World::new();
    let mut thief = world.signed_in("eve").await;
    let planted = thief.cookies[LOGIN].clone();
    let mut browser = world.browser();
    browser.cookies.insert(LOGIN.into(), planted.clone());
    browser.sign_in("ana", "/").await;
    assert_ne!(browser.cookies[LOGIN], planted);
    assert!(!thief.is_signed_in().await, "what was there before is over");
    assert_eq!(
        world.brokers.notes(),
        ["eve signed in", "eve: signed in anew in the same browser", "ana signed in"]
    );
}

#[tokio::test]
async fn only_paths_of_the_portal_are_led_on_to() {
    let world = World::new();
    for to in ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example"] {
        let answer = world.browser().sign_in("ana", to).await;
        assert_eq!(answer.location(), "/", "{to:?}");
    }
    let mut browser = world.signed_in("ana").await;
    let answer = browser.post("/theme", &[("theme", "dark"), ("back", "//evil.example")]).await;
    assert_eq!(answer.location(), "/");
}

#[tokio::test]
async fn o_01_a_callback_works_once_in_the_browser_that_began_it() {
    let world = World::new();
    let mut browser = world.browser();
    let callback = browser.begin("ana", "/").await;

    let mut other = world.browser();
    assert_eq!(other.get(&callback).await.status, StatusCode::FORBIDDEN, "no cookie");
    other.begin("eve", "/").await;
    assert_eq!(other.get(&callback).await.status, StatusCode::FORBIDDEN, "another attempt");

    let attempt = browser.cookies.clone();
    assert_eq!(browser.get(&callback).await.status, StatusCode::SEE_OTHER);
    browser.cookies.extend(attempt);
    let answer = browser.get(&callback).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "used twice");
    assert!(answer.body.contains("Begun elsewhere."), "{}", answer.body);
    let refused = world.brokers.notes().iter().filter(|note| note.starts_with("refused")).count();
    assert_eq!(refused, 3, "each is in the audit log");
}

#[tokio::test]
async fn o_01_the_cookie_of_an_attempt_lasts_as_long_as_the_attempt() {
    let world = World::new();
    let mut browser = world.browser();
    let answer = browser.get("/sign-in/start").await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-shorepass-attempt="), "{cookie}");
    let lasts = identity::ATTEMPT_LASTS.as_secs();
    assert!(cookie.contains(&format!("Max-Age={lasts}")), "{cookie}");
}

#[tokio::test]
async fn o_01_an_attempt_whose_answer_was_refused_is_used_up() {
    let world = World::new();
    let mut browser = world.browser();
    let callback = browser.begin("ana", "/").await;
    let attempt = browser.cookies.clone();
    let wrong = browser.get("/sign-in/callback?state=guess&code=code-ana").await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    browser.cookies.extend(attempt);
    assert_eq!(browser.get(&callback).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_attempt_s_key_signs_nobody_in() {
    let world = World::new();
    let mut browser = world.browser();
    browser.begin("ana", "/").await;
    let key = browser.cookies["__Host-shorepass-attempt"].clone();
    browser.cookies.insert(LOGIN.into(), key);
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn nobody_signs_in_without_an_event_that_says_so() {
    let world = World::new();
    let mut browser = world.browser();
    let callback = browser.begin("ana", "/").await;
    *world.brokers.broken.lock().unwrap() = true;
    let answer = browser.get(&callback).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.body.contains("the database cannot be reached"), "{}", answer.body);
    assert!(!browser.cookies.contains_key(LOGIN));
}

#[tokio::test]
async fn o_07_a_provider_that_is_away_is_named_with_the_reason_and_a_request_number() {
    let world = World::new();
    *world.provider.away.lock().unwrap() = true;
    let answer = world.browser().get("/sign-in/start?to=/inbox").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.body.contains("The identity provider cannot be used: it is away."));
    assert!(answer.body.contains(answer.header("x-request-id")));
    assert!(answer.body.contains("value=\"/inbox\""), "{}", answer.body);
}

#[tokio::test]
async fn o_17_signing_out_ends_the_cookie_for_everybody_who_holds_it() {
    let world = World::new();
    let mut browser = world.signed_in("ana").await;
    let mut copy = browser.clone();
    let answer = browser.post("/sign-out", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), "/sign-in");
    assert!(!browser.cookies.contains_key(LOGIN));
    assert!(!copy.is_signed_in().await);
    assert_eq!(world.brokers.notes(), ["ana signed in", "ana: signed out"]);
    assert!(browser.get("/sign-in").await.body.contains("You are signed out."));
    assert!(!browser.get("/sign-in").await.body.contains("You are signed out."), "said once");
    assert_eq!(browser.post("/sign-out", &[]).await.status, StatusCode::SEE_OTHER, "again");
}

#[tokio::test]
async fn signing_out_leads_over_the_provider_where_it_offers_that() {
    let world = World::new();
    *world.provider.logout.lock().unwrap() = "https://id.example/bye?client_id=p".parse().ok();
    let answer = world.signed_in("ana").await.post("/sign-out", &[]).await;
    assert_eq!(answer.location(), "https://id.example/bye?client_id=p");
    assert!(
        answer.header("content-security-policy").contains("form-action 'self' https://id.example")
    );
}

#[tokio::test]
async fn a_form_sent_after_the_end_of_a_sign_in_says_so_and_leads_back() {
    let world = World::new();
    let path = format!("/requests/{}/approve", crate::world::data::REQUEST);
    let answer = world.browser().post(&path, &[("digest", "d")]).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.body.contains("You are signed out, so nothing was done."));
    assert!(answer.body.contains(&format!("value=\"/requests/{}\"", crate::world::data::REQUEST)));
}

#[tokio::test]
async fn keys_that_are_malformed_or_made_up_are_nobody_s() {
    let world = World::new();
    for key in ["", "x", "AAAAAAAAAAAAAAAAAAAAAA", "../../etc/passwd", "%00", &"A".repeat(4_000)] {
        let mut browser = world.browser();
        browser.cookies.insert(LOGIN.into(), key.to_owned());
        assert!(!browser.is_signed_in().await, "{key:?}");
    }
}

#[tokio::test]
async fn w_04_no_answer_holds_what_the_provider_gave_to_ask_with() {
    let world = World::new();
    let mut browser = world.browser();
    let callback = browser.begin("ana", "/").await;
    let answer = browser.get(&callback).await;
    assert!(!format!("{answer:?}").contains(CANARY));
    let page = browser.get("/").await;
    assert!(!format!("{page:?}").contains(CANARY));
    assert!(!page.body.contains(&browser.cookies[LOGIN]));
}

#[tokio::test]
async fn scripts_that_ask_while_signed_out_are_told_so_without_a_page() {
    let world = World::new();
    let mut browser = world.browser();
    let request = browser
        .request(Method::POST, "/api/terminal_ticket")
        .header(header::ACCEPT, "application/json")
        .body(Body::from("{}"))
        .unwrap();
    let answer = browser.send(request).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.body, "\"SignedOut\"");
    let mut request = browser.request(Method::GET, "/events").body(Body::empty()).unwrap();
    request.headers_mut().insert(header::ACCEPT, "text/event-stream".parse().unwrap());
    assert_eq!(browser.send(request).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_store_that_is_away_signs_nobody_in_and_nobody_out() {
    let world = World::new();
    let mut browser = world.signed_in("ana").await;
    let mut stranger = world.browser();
    let callback = stranger.begin("eve", "/").await;
    world.sessions.breaks();
    for (path, method) in [
        ("/", Method::GET),
        ("/inbox", Method::GET),
        ("/events", Method::GET),
        ("/sign-out", Method::POST),
        ("/sign-in/start", Method::GET),
    ] {
        let answer = match method {
            Method::GET => browser.get(path).await,
            _ => browser.post(path, &[]).await,
        };
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(!answer.body.contains("canary"), "{path}");
    }
    assert_eq!(stranger.get(&callback).await.status, StatusCode::SERVICE_UNAVAILABLE);
    world.sessions.is_mended();
    assert!(browser.is_signed_in().await);
    assert!(!stranger.is_signed_in().await);
}
