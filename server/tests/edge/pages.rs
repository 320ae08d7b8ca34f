//! Pages and files for whoever is signed in.

use axum::http::StatusCode;

use crate::world::World;
use crate::world::data::{REQUEST, SESSION};

#[tokio::test]
async fn a_page_is_rendered_whole_for_whoever_asks() {
    let world = World::new();
    for (name, path, words) in [
        ("eve", "/".to_owned(), "eve"),
        ("ana", "/ns/main/payments".to_owned(), "Request access to payments"),
        ("ana", format!("/requests/{REQUEST}"), "the queue is stuck"),
        ("ben", "/inbox".to_owned(), "the queue is stuck"),
        ("cleo", "/audit".to_owned(), "Audit"),
    ] {
        let answer = world.signed_in(name).await.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{name} {path}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        assert!(answer.body.starts_with("<!DOCTYPE html>"), "{path}");
        assert!(answer.body.contains("</html>"), "{path}");
        assert!(answer.body.contains(words), "{name} {path}: {}", answer.body);
    }
}

#[tokio::test]
async fn what_is_not_theirs_to_see_is_not_there() {
    let world = World::new();
    for (name, path, status) in [
        ("eve", format!("/requests/{REQUEST}"), 404),
        ("eve", format!("/sessions/{SESSION}"), 404),
        ("ana", "/audit".to_owned(), 403),
        ("ana", "/requests/not-an-id".to_owned(), 404),
        ("ana", "/ns/main/Nonsense".to_owned(), 404),
        ("ana", format!("/recordings/{SESSION}/download"), 404),
    ] {
        let answer = world.signed_in(name).await.get(&path).await;
        assert_eq!(answer.status.as_u16(), status, "{name} {path}");
    }
}

#[tokio::test]
async fn a_recording_is_sent_as_a_file() {
    let world = World::new();
    let path = format!("/recordings/{SESSION}/download");
    let answer = world.signed_in("cleo").await.get(&path).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"payments-web-1.cast\""
    );
    assert_eq!(answer.header("content-type"), "application/x-asciicast");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.body, "{\"version\":3}\n[0.1,\"o\",\"hello\"]\n");
}

#[tokio::test]
async fn pages_of_two_people_rendered_at_once_do_not_mix() {
    let world = World::new();
    let (mut ana, mut cleo) = (world.signed_in("ana").await, world.signed_in("cleo").await);
    for _ in 0..20 {
        let (one, two) = tokio::join!(ana.get("/"), cleo.get("/"));
        assert!(one.body.contains(">ana<") && !one.body.contains(">cleo<"), "{}", one.body);
        assert!(two.body.contains(">cleo<") && !two.body.contains(">ana<"), "{}", two.body);
    }
}
