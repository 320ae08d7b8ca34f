//! Asking again: O-14, O-15, O-21.

use axum::http::StatusCode;
use domain::GroupName;
use identity::{NotIdentified, ProviderTrouble, RecheckRefused, Renewal, TokenRefused};
use serde_json::{Value, json};

use crate::provider::{ACCESS, Discovery, REFRESH, World, after, now};

async fn signed_in(world: &World) -> Renewal {
    world.sign_in(|_| {}).await.unwrap().renewal.unwrap()
}

#[tokio::test]
async fn o_15_a_recheck_brings_the_groups_of_this_moment() {
    let world = World::new().await;
    let renewal = signed_in(&world).await;
    let rechecked =
        world.recheck(&renewal, |claims| claims["groups"] = json!(["payments-leads"])).await;
    let groups = rechecked.unwrap().person.groups;
    assert_eq!(groups.iter().map(GroupName::as_str).collect::<Vec<_>>(), ["payments-leads"]);
    let form = world.script(|script| script.forms.pop()).unwrap();
    assert_eq!(form["grant_type"], "refresh_token");
    assert_eq!(form["refresh_token"], REFRESH);
}

#[tokio::test]
async fn o_14_groups_that_vanish_are_not_kept() {
    let world = World::new().await;
    let renewal = signed_in(&world).await;
    let rechecked = world.recheck(&renewal, |claims| claims["groups"] = json!("oncall")).await;
    let person = rechecked.unwrap().person;
    assert!(person.groups.is_empty());
    assert!(person.groups_missing.is_some());
}

#[tokio::test]
async fn a_renewal_survives_being_stored_and_the_newest_refresh_token_counts() {
    let world = World::new().await;
    let stored = serde_json::to_vec(&signed_in(&world).await).unwrap();
    let renewal: Renewal = serde_json::from_slice(&stored).unwrap();
    let claims = {
        let mut claims = world.claims("");
        claims.as_object_mut().unwrap().remove("nonce");
        claims
    };
    world.answer(world.key.token(&claims));
    world.script(|script| script.token.1["refresh_token"] = "the second".into());
    let second = world.portal.recheck(&renewal, now()).await.unwrap().renewal;
    world.script(|script| script.token.1.as_object_mut().unwrap().remove("refresh_token"));
    let third = world.portal.recheck(&second, now()).await.unwrap().renewal;
    world.portal.recheck(&third, now()).await.unwrap();
    let sent: Vec<_> = world.script(|script| {
        script.forms.iter().filter_map(|form| form.get("refresh_token").cloned()).collect()
    });
    assert_eq!(sent, [REFRESH, "the second", "the second"]);
}

#[tokio::test]
async fn o_21_somebody_whom_the_provider_no_longer_vouches_for_is_gone() {
    let world = World::new().await;
    let renewal = signed_in(&world).await;
    let answer = json!({ "error": "invalid_grant", "error_description": "account disabled" });
    world.script(|script| script.token = (StatusCode::BAD_REQUEST, answer));
    let refused = world.portal.recheck(&renewal, now()).await.unwrap_err();
    assert!(matches!(&refused, RecheckRefused::Gone(words) if words.contains("account disabled")));
    assert!(refused.ends_sign_in());
}

#[tokio::test]
async fn a_provider_that_is_away_ends_nothing() {
    let world = World::new().await;
    let renewal = signed_in(&world).await;
    for (status, answer) in [
        (StatusCode::BAD_GATEWAY, json!("<html>")),
        (StatusCode::TOO_MANY_REQUESTS, json!({})),
        (StatusCode::INTERNAL_SERVER_ERROR, json!({ "error": "invalid_grant" })),
        (StatusCode::UNAUTHORIZED, json!({ "error": "invalid_client" })),
        (StatusCode::BAD_REQUEST, json!({ "error": "temporarily_unavailable" })),
    ] {
        world.script(|script| script.token = (status, answer));
        let refused = world.portal.recheck(&renewal, now()).await.unwrap_err();
        assert!(matches!(refused, RecheckRefused::ProviderAway(_)), "{status}: {refused:?}");
        assert!(!refused.ends_sign_in());
    }
    world.script(|script| script.discovery = Discovery::Broken);
    let refused = world.portal.recheck(&renewal, after(3_600)).await.unwrap_err();
    assert!(
        matches!(refused, RecheckRefused::ProviderAway(ProviderTrouble::Failing { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn o_21_an_answer_for_another_subject_is_refused() {
    let world = World::new().await;
    let renewal = signed_in(&world).await;
    let refused =
        world.recheck(&renewal, |claims| claims["sub"] = "ben-1".into()).await.unwrap_err();
    assert!(matches!(
        refused,
        RecheckRefused::NotIdentified(NotIdentified::Token(TokenRefused::OtherSubject))
    ));
    assert!(refused.ends_sign_in());
}

#[tokio::test]
async fn o_03_a_recheck_may_repeat_the_nonce_of_the_sign_in_and_no_other() {
    let world = World::new().await;
    let begun = world.begin().await;
    let nonce = begun.query("nonce");
    world.answer(world.key.token(&world.claims(&nonce)));
    let callback = crate::provider::callback(&[("code", "c"), ("state", &begun.query("state"))]);
    let signed_in = world.portal.finish(Some(begun.attempt), callback, now()).await.unwrap();
    let renewal = signed_in.renewal.unwrap();
    assert!(world.recheck(&renewal, |claims| claims["nonce"] = nonce.into()).await.is_ok());
    let refused = world.recheck(&renewal, |claims| claims["nonce"] = "x".into()).await.unwrap_err();
    assert!(refused.ends_sign_in());
}

#[tokio::test]
async fn an_answer_that_does_not_hold_ends_the_sign_in() {
    let world = World::new().await;
    let renewal = signed_in(&world).await;
    let changes: [fn(&mut Value); 4] = [
        |claims| claims["exp"] = after(-3_600).as_second().into(),
        |claims| claims["iss"] = "https://another.example".into(),
        |claims| claims["aud"] = "another".into(),
        |claims| claims["preferred_username"] = "system:masters".into(),
    ];
    for change in changes {
        let refused = world.recheck(&renewal, change).await.unwrap_err();
        assert!(matches!(refused, RecheckRefused::NotIdentified(_)), "{refused:?}");
        assert!(refused.ends_sign_in());
    }
}

#[tokio::test]
async fn without_a_new_id_token_userinfo_speaks_for_it() {
    let world = World::new().await;
    let renewal = signed_in(&world).await;
    let answer = json!({ "access_token": ACCESS, "token_type": "Bearer" });
    world.script(|script| {
        script.token = (StatusCode::OK, answer);
        script.userinfo = json!({
            "sub": "ana-1", "preferred_username": "ana", "groups": ["security"],
        });
    });
    let person = world.portal.recheck(&renewal, now()).await.unwrap().person;
    assert_eq!(person.groups.first().unwrap().as_str(), "security");

    world.script(|script| script.userinfo["sub"] = "ben-1".into());
    assert!(world.portal.recheck(&renewal, now()).await.unwrap_err().ends_sign_in());

    world.script(|script| script.document.as_object_mut().unwrap().remove("userinfo_endpoint"));
    let refused = world.portal.recheck(&renewal, after(3_600)).await.unwrap_err();
    assert!(matches!(
        refused,
        RecheckRefused::NotIdentified(NotIdentified::Token(TokenRefused::Missing))
    ));
}
