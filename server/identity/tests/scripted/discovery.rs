//! What a provider announces of itself: O-07.

use std::time::Duration;

use identity::{ProviderTrouble, SignInRefused};

use crate::{
    keys::EdKey,
    provider::{CODE, Discovery, World, after, callback, now},
};

#[tokio::test]
async fn nobody_is_asked_before_it_is_needed() {
    let world = World::new().await;
    assert_eq!(world.script(|script| script.discoveries), 0);
    assert!(world.portal.trouble().is_none());
    world.portal.check(now()).await.unwrap();
    world.portal.check(after(3_599)).await.unwrap();
    assert_eq!(world.script(|script| script.discoveries), 1);
}

#[tokio::test]
async fn o_07_a_provider_that_calls_itself_otherwise_is_refused() {
    for other in ["https://another.example", "HERE/", "HERE/tenant", "here"] {
        let world = World::new().await;
        let other = other.replace("HERE", &world.issuer);
        world.script(|script| script.document["issuer"] = other.as_str().into());
        let trouble = world.portal.check(now()).await.unwrap_err();
        match &trouble {
            ProviderTrouble::OtherIssuer(words) => assert!(words.contains(&other), "{words}"),
            ProviderTrouble::Malformed(_) => assert_eq!(other, "here"),
            _ => panic!("{trouble}"),
        }
        assert_eq!(world.portal.trouble().unwrap().to_string(), trouble.to_string());
        assert!(world.portal.begin(now()).await.is_err());
    }
}

#[tokio::test]
async fn o_07_a_redirect_is_not_followed() {
    let world = World::new().await;
    world.script(|script| script.discovery = Discovery::Redirect);
    let trouble = world.portal.check(now()).await.unwrap_err();
    assert!(matches!(trouble, ProviderTrouble::Redirected { .. }), "{trouble}");
}

#[tokio::test]
async fn o_07_a_huge_answer_is_cut_off() {
    let world = World::new().await;
    world.script(|script| script.discovery = Discovery::Huge);
    let trouble = world.portal.check(now()).await.unwrap_err();
    assert!(matches!(trouble, ProviderTrouble::TooLarge { .. }), "{trouble}");
}

#[tokio::test]
async fn o_07_a_slow_answer_is_not_waited_for() {
    let world = World::with(|settings| settings.patience = Duration::from_millis(100)).await;
    world.script(|script| script.discovery = Discovery::Silent);
    let trouble = world.portal.check(now()).await.unwrap_err();
    assert!(matches!(trouble, ProviderTrouble::TooSlow { .. }), "{trouble}");
}

#[tokio::test]
async fn o_07_endpoints_that_others_could_listen_to_are_refused() {
    for endpoint in ["authorization_endpoint", "jwks_uri", "end_session_endpoint"] {
        let world = World::new().await;
        world.script(|script| script.document[endpoint] = "http://idp.example/x".into());
        let trouble = world.portal.check(now()).await.unwrap_err();
        assert!(matches!(trouble, ProviderTrouble::NotSecure { .. }), "{endpoint}: {trouble}");
    }
    let world = World::new().await;
    world.script(|script| script.document["token_endpoint"] = "http://idp.example/x".into());
    let refused = world.sign_in(|_| {}).await.unwrap_err();
    assert_eq!(refused.words(), "The provider cannot be reached. Please try again in a moment.");
}

#[tokio::test]
async fn o_07_a_provider_without_a_token_endpoint_is_refused() {
    let world = World::new().await;
    world.script(|script| script.document.as_object_mut().unwrap().remove("token_endpoint"));
    let trouble = world.portal.check(now()).await.unwrap_err();
    assert!(matches!(trouble, ProviderTrouble::Malformed(_)), "{trouble}");
}

#[tokio::test]
async fn a_provider_that_was_away_is_found_again_and_not_hammered() {
    let world = World::new().await;
    world.script(|script| script.discovery = Discovery::Broken);
    for _ in 0..20 {
        let trouble = world.portal.begin(now()).await.unwrap_err();
        assert!(matches!(trouble, ProviderTrouble::Failing { status: 502, .. }), "{trouble}");
    }
    assert_eq!(world.script(|script| script.discoveries), 1);
    world.script(|script| script.discovery = Discovery::Document);
    assert!(world.portal.check(after(4)).await.is_err());
    world.portal.check(after(5)).await.unwrap();
    assert!(world.portal.trouble().is_none());
    assert_eq!(world.script(|script| script.discoveries), 2);
}

#[tokio::test]
async fn many_who_come_at_once_cause_one_discovery() {
    let world = World::new().await;
    let (one, two, three) = tokio::join!(
        world.portal.begin(now()),
        world.portal.begin(now()),
        world.portal.check(now())
    );
    assert!(one.is_ok() && two.is_ok() && three.is_ok());
    assert_eq!(world.script(|script| script.discoveries), 1);
}

#[tokio::test]
async fn keys_that_were_taken_back_are_forgotten_within_an_hour() {
    let world = World::new().await;
    world.sign_in(|_| {}).await.unwrap();
    world.script(|script| script.keys = vec![EdKey::new(8, "second").jwk()]);
    let (url, attempt) = world.portal.begin(after(3_600)).await.unwrap();
    let query: std::collections::HashMap<_, _> = url.query_pairs().into_owned().collect();
    let mut claims = world.claims(&query["nonce"]);
    claims["exp"] = after(7_200).as_second().into();
    world.answer(world.key.token(&claims));
    let callback = callback(&[("code", CODE), ("state", &query["state"])]);
    let refused = world.portal.finish(Some(attempt), callback, after(3_600)).await;
    assert!(matches!(refused, Err(SignInRefused::NotIdentified(_))));
}

#[tokio::test]
async fn a_key_that_is_not_known_makes_the_keys_be_read_again_a_bounded_number_of_times() {
    let world = World::new().await;
    world.portal.check(now()).await.unwrap();
    let second = EdKey::new(8, "second");
    let sign_in = async |seconds: i64| {
        let begun = world.begin().await;
        world.answer(second.token(&world.claims(&begun.query("nonce"))));
        let callback = callback(&[("code", CODE), ("state", &begun.query("state"))]);
        world.portal.finish(Some(begun.attempt), callback, after(seconds)).await
    };
    for _ in 0..10 {
        assert!(sign_in(6).await.is_err());
    }
    assert_eq!(world.script(|script| script.discoveries), 2);
    world.script(|script| script.keys.push(second.jwk()));
    assert!(sign_in(7).await.is_err(), "too soon after the last reading");
    assert!(sign_in(11).await.is_ok());
    assert_eq!(world.script(|script| script.discoveries), 3);
}
