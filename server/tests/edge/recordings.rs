//! What a player asks for, and the form beside it.

use axum::http::StatusCode;

use crate::world::World;
use crate::world::data::SESSION;

fn path(rest: &str) -> String {
    format!("/recordings/{SESSION}{rest}")
}

#[tokio::test]
async fn an_outline_says_where_a_recording_can_be_entered() {
    let world = World::new();
    let answer = world.signed_in("cleo").await.get(&path("/outline")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.body, r#"{"length":1000,"bytes":9,"marks":[[0,0],[500,5]]}"#);
}

#[tokio::test]
async fn a_stretch_is_bytes_that_no_browser_takes_for_anything_else() {
    let world = World::new();
    let answer = world.signed_in("cleo").await.get(&path("/stretch?at=7")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/octet-stream");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.body.ends_with("hello"), "{:?}", answer.body);
}

#[tokio::test]
async fn a_transcript_is_sent_by_place_or_by_what_is_looked_for() {
    let world = World::new();
    let mut cleo = world.signed_in("cleo").await;
    for (query, line) in [
        ("at=7", r#"[7,"from At(7)"]"#),
        ("line=3", r#"[7,"from Line(3)"]"#),
        ("q=no+such%20file", r#"[8,"found no such file"]"#),
    ] {
        let answer = cleo.get(&path(&format!("/transcript?{query}"))).await;
        assert_eq!(answer.body, format!(r#"{{"first":0,"lines":[{line}],"total":1}}"#));
    }
}

#[tokio::test]
async fn a_proof_is_said_in_words() {
    let world = World::new();
    let answer = world.signed_in("cleo").await.get(&path("/proof")).await;
    let words = "verified: blake3 d1ge57, as event 7 of the audit log says";
    assert_eq!(answer.body, format!(r#"{{"verified":true,"words":"{words}"}}"#));
}

#[tokio::test]
async fn what_is_asked_for_in_no_known_way_is_not_there() {
    let world = World::new();
    let mut cleo = world.signed_in("cleo").await;
    for rest in [
        "/stretch",
        "/stretch?at=",
        "/stretch?at=-1",
        "/stretch?at=1&at=2",
        "/stretch?at=1&more=1",
        "/stretch?at=99999999999999999999",
        "/transcript",
        "/transcript?at=1&q=x",
        "/transcript?line=x",
    ] {
        let answer = cleo.get(&path(rest)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{rest}");
    }
    for id in ["nonsense", "..%2F..%2Fetc%2Fpasswd"] {
        let answer = cleo.get(&format!("/recordings/{id}/outline")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{id}");
    }
}

#[tokio::test]
async fn a_review_leads_back_to_the_recording_and_is_said_once() {
    let world = World::new();
    let mut cleo = world.signed_in("cleo").await;
    let answer = cleo.post(&path("/review"), &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), path(""));
    assert_eq!(world.script.calls(), ["cleo reviews the recording"]);
    assert!(cleo.get(&path("")).await.body.contains("You marked the recording as reviewed."));
}

#[tokio::test]
async fn a_review_with_a_field_too_many_or_of_one_s_own_session_is_refused() {
    let world = World::new();
    let answer = world.signed_in("cleo").await.post(&path("/review"), &[("by", "ben")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = world.signed_in("ana").await.post(&path("/review"), &[]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.body.contains("That is not yours to do."), "{}", answer.body);
    assert!(world.script.calls().is_empty());
}
