//! How long a sign-in lasts, and what the provider has to say in it.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, StatusCode};

use crate::world::data::{DIGEST, REQUEST};
use crate::world::provider::Word;
use crate::world::{ABSOLUTE, IDLE, RECHECK, World};

const SECOND: Duration = Duration::from_secs(1);

fn approve() -> String {
    format!("/requests/{REQUEST}/approve")
}

#[tokio::test]
async fn a_sign_in_ends_when_there_is_no_sign_of_life() {
    let world = World::new();
    let mut browser = world.signed_in("ana").await;
    for _ in 0..3 {
        world.clock.advance(IDLE.saturating_sub(SECOND));
        assert!(browser.is_signed_in().await);
    }
    world.clock.advance(IDLE);
    assert!(!browser.is_signed_in().await);
    let notes = world.brokers.notes();
    assert_eq!(notes.last().unwrap(), "ana: there was no sign of life for too long");
}

#[tokio::test]
async fn a_page_that_refreshes_itself_is_no_sign_of_life() {
    let world = World::new();
    let mut browser = world.signed_in("ana").await;
    for _ in 0..2 {
        world.clock.advance(IDLE / 2);
        let request = browser.request(Method::GET, "/inbox").header("shorepass-refresh", "1");
        browser.send(request.body(Body::empty()).unwrap()).await;
    }
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn a_sign_in_ends_at_its_absolute_limit_whatever_happens() {
    let world = World::new();
    let mut browser = world.signed_in("ana").await;
    let step = IDLE / 2;
    let mut passed = Duration::ZERO;
    while passed + step < ABSOLUTE {
        world.clock.advance(step);
        passed += step;
        assert!(browser.is_signed_in().await, "after {passed:?}");
    }
    world.clock.advance(ABSOLUTE.saturating_sub(passed));
    assert!(!browser.is_signed_in().await);
    let notes = world.brokers.notes();
    assert_eq!(notes.last().unwrap(), "ana: the sign-in lasted as long as any may");
}

#[tokio::test]
async fn o_21_the_provider_is_asked_again_once_each_interval() {
    let world = World::new();
    let mut browser = world.signed_in("ben").await;
    world.clock.advance(RECHECK.saturating_sub(SECOND));
    assert!(browser.is_signed_in().await);
    assert_eq!(world.provider.asked(), 0);
    world.clock.advance(SECOND);
    let hold = world.provider.gate.acquire_many(1_000).await.unwrap();
    let waiting: Vec<_> = (0..5)
        .map(|_| {
            let mut tab = browser.clone();
            tokio::spawn(async move { tab.is_signed_in().await })
        })
        .collect();
    while world.provider.asked() == 0 {
        tokio::task::yield_now().await;
    }
    drop(hold);
    for tab in waiting {
        assert!(tab.await.unwrap());
    }
    assert_eq!(world.provider.asked(), 1, "for all who wait");
}

#[tokio::test]
async fn o_21_whoever_the_provider_does_not_vouch_for_is_signed_out() {
    for word in [Word::Gone, Word::Other] {
        let world = World::new();
        let mut browser = world.signed_in("ben").await;
        world.provider.says(word);
        assert!(browser.is_signed_in().await);
        world.clock.advance(RECHECK);
        assert!(!browser.is_signed_in().await, "{word:?}");
        let notes = world.brokers.notes();
        let last = notes.last().unwrap();
        assert_eq!(last, "ben: the identity provider no longer vouches for the person");
    }
}

#[tokio::test]
async fn a_provider_that_is_away_is_waited_for_one_more_interval() {
    let world = World::new();
    let mut browser = world.signed_in("ben").await;
    world.provider.says(Word::Away);
    world.clock.advance(RECHECK);
    assert!(browser.is_signed_in().await);
    assert!(browser.is_signed_in().await);
    assert_eq!(world.provider.asked(), 1, "it is left alone for a while");
    world.clock.advance(RECHECK.saturating_sub(SECOND));
    assert!(browser.is_signed_in().await);
    assert_eq!(world.provider.asked(), 2);
    world.clock.advance(SECOND);
    assert!(!browser.is_signed_in().await);
    let notes = world.brokers.notes();
    let last = notes.last().unwrap();
    assert_eq!(last, "ben: the identity provider could not be asked about the person");
}

#[tokio::test]
async fn a_provider_that_comes_back_in_time_keeps_the_sign_in() {
    let world = World::new();
    let mut browser = world.signed_in("ben").await;
    world.provider.says(Word::Away);
    world.clock.advance(RECHECK);
    assert!(browser.is_signed_in().await);
    world.provider.says(Word::Same);
    world.clock.advance(RECHECK.saturating_sub(SECOND));
    assert!(browser.is_signed_in().await);
    world.clock.advance(RECHECK.saturating_sub(SECOND));
    assert!(browser.is_signed_in().await);
}

#[tokio::test]
async fn o_15_rights_are_looked_up_again_when_an_approver_decides() {
    let world = World::new();
    let mut browser = world.signed_in("ben").await;
    world.provider.says(Word::NoGroups);
    world.clock.advance(RECHECK / 2);
    let answer = browser.post(&approve(), &[("digest", DIGEST)]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.body.contains("You are no approver any more."), "{}", answer.body);
    assert_eq!(world.provider.asked(), 1);
    assert!(world.script.calls().is_empty());
}

#[tokio::test]
async fn o_15_nothing_is_decided_while_the_provider_is_away() {
    let world = World::new();
    let mut browser = world.signed_in("ben").await;
    world.provider.says(Word::Away);
    world.clock.advance(RECHECK / 2);
    let deny = format!("/requests/{REQUEST}/deny");
    for (path, field) in [(approve(), ("digest", DIGEST)), (deny, ("why", "typed words"))] {
        let answer = browser.post(&path, &[field]).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(answer.body.contains("Nothing was decided"), "{}", answer.body);
    }
    assert!(world.script.calls().is_empty());
    world.provider.says(Word::Same);
    world.clock.advance(Duration::from_secs(10));
    let answer = browser.post(&approve(), &[("digest", DIGEST)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(world.script.calls(), [format!("ben approves {DIGEST}")]);
}

#[tokio::test]
async fn a_sign_out_during_a_re_check_is_not_undone_by_it() {
    let world = World::new();
    let mut browser = world.signed_in("ben").await;
    world.clock.advance(RECHECK);
    let hold = world.provider.gate.acquire_many(1_000).await.unwrap();
    let mut waiting = browser.clone();
    let waiting = tokio::spawn(async move { waiting.is_signed_in().await });
    while world.provider.asked() == 0 {
        tokio::task::yield_now().await;
    }
    browser.post("/sign-out", &[]).await;
    drop(hold);
    assert!(!waiting.await.unwrap());
    assert_eq!(world.brokers.notes(), ["ben signed in", "ben: signed out"]);
}

#[tokio::test]
async fn what_the_provider_gives_to_ask_again_with_is_kept_when_the_browser_goes() {
    let world = World::new();
    let browser = world.signed_in("ben").await;
    world.clock.advance(RECHECK);
    let hold = world.provider.gate.acquire_many(1_000).await.unwrap();
    let mut gone = browser.clone();
    let going = tokio::spawn(async move { gone.is_signed_in().await });
    while world.provider.asked() == 0 {
        tokio::task::yield_now().await;
    }
    going.abort();
    drop(hold);
    let mut back = browser.clone();
    assert!(back.is_signed_in().await);
    assert_eq!(world.provider.asked(), 1, "the answer to the first question counted");
}
