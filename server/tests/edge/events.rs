//! Live updates.

use axum::body::{Body, BodyDataStream};
use axum::http::{Method, StatusCode};
use broker::Change;
use futures::StreamExt as _;

use crate::world::browser::Browser;
use crate::world::provider::Word;
use crate::world::{RECHECK, World};

async fn listen(browser: &mut Browser, path: &str) -> BodyDataStream {
    let request = browser.request(Method::GET, path).body(Body::empty()).unwrap();
    let response = browser.open(request).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    response.into_body().into_data_stream()
}

async fn heard(stream: &mut BodyDataStream) -> Option<String> {
    let chunk = stream.next().await?.unwrap();
    Some(String::from_utf8(chunk.to_vec()).unwrap())
}

#[tokio::test]
async fn a_change_is_told_with_its_number_and_its_topics() {
    let world = World::new();
    let mut browser = world.signed_in("ana").await;
    let mut stream = listen(&mut browser, "/events?after=7").await;
    let change = Change { number: 9, topics: vec!["requests", "audit"] };
    world.brokers.changes.send(change).unwrap();
    assert_eq!(
        heard(&mut stream).await.unwrap(),
        "event: change\nid: 9\ndata: [\"requests\",\"audit\"]\n\n"
    );
    assert_eq!(*world.brokers.listened_after.lock().unwrap(), [7]);
}

#[tokio::test]
async fn what_was_heard_last_counts_before_what_the_page_was_rendered_with() {
    let world = World::new();
    let mut browser = world.signed_in("ana").await;
    let request = browser.request(Method::GET, "/events?after=7").header("last-event-id", "12");
    browser.open(request.body(Body::empty()).unwrap()).await;
    assert_eq!(*world.brokers.listened_after.lock().unwrap(), [12]);
}

#[tokio::test(start_paused = true)]
async fn a_silent_stream_says_that_it_lives() {
    let world = World::new();
    let mut browser = world.signed_in("ana").await;
    let mut stream = listen(&mut browser, "/events").await;
    assert_eq!(heard(&mut stream).await.unwrap(), ":\n\n");
}

#[tokio::test]
async fn o_17_signing_out_ends_the_stream() {
    let world = World::new();
    let mut browser = world.signed_in("ana").await;
    let mut other = world.signed_in("ben").await;
    let (mut stream, mut others) =
        (listen(&mut browser, "/events").await, listen(&mut other, "/events").await);
    browser.post("/sign-out", &[]).await;
    assert_eq!(heard(&mut stream).await, None);
    world.brokers.changes.send(Change { number: 1, topics: vec!["audit"] }).unwrap();
    assert!(heard(&mut others).await.is_some(), "nobody else's");
}

#[tokio::test(start_paused = true)]
async fn o_21_a_stream_ends_when_the_provider_does_not_vouch_for_the_person() {
    for word in [Word::Gone, Word::NoGroups] {
        let world = World::new();
        let mut browser = world.signed_in("ben").await;
        let mut stream = listen(&mut browser, "/events").await;
        world.provider.says(word);
        world.clock.advance(RECHECK);
        while let Some(line) = heard(&mut stream).await {
            assert_eq!(line, ":\n\n", "{word:?}");
        }
        assert_eq!(browser.is_signed_in().await, word == Word::NoGroups);
    }
}

#[tokio::test]
async fn streams_end_when_the_portal_stops() {
    let world = World::new();
    let mut browser = world.signed_in("ana").await;
    let mut stream = listen(&mut browser, "/events").await;
    world.stopping.cancel();
    assert_eq!(heard(&mut stream).await, None);
}

#[tokio::test]
async fn one_sign_in_cannot_take_every_stream() {
    let world = World::new();
    let mut browser = world.signed_in("ana").await;
    let mut open = Vec::new();
    for _ in 0..50 {
        open.push(listen(&mut browser, "/events").await);
    }
    assert_eq!(browser.get("/events").await.status, StatusCode::TOO_MANY_REQUESTS);
    drop(open);
    let _open = listen(&mut browser, "/events").await;
}
