//! What a browser brings back: O-01, O-04, O-05, O-20.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::GroupName;
use identity::{Attempt, Callback, SignInRefused};
use openidconnect::http::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::provider::{ACCESS, CODE, REFRESH, SECRET, World, after, callback, now};

#[tokio::test]
async fn a_person_signs_in() {
    let world = World::new().await;
    let signed_in = world.sign_in(|_| {}).await.unwrap();
    let person = signed_in.person;
    assert_eq!(person.key.issuer, world.issuer);
    assert_eq!(person.key.subject, "ana-1");
    assert_eq!(person.username.as_str(), "ana");
    assert_eq!(person.groups.iter().map(GroupName::as_str).collect::<Vec<_>>(), ["oncall"]);
    assert_eq!(person.groups_missing, None);
    assert!(signed_in.renewal.is_some());
    assert_eq!(world.script(|script| script.userinfos), 0, "the ID token said everything");
}

#[tokio::test]
async fn a_sign_in_without_a_refresh_token_cannot_be_renewed() {
    let world = World::new().await;
    let begun = world.begin().await;
    world.answer(world.key.token(&world.claims(&begun.query("nonce"))));
    world.script(|script| script.token.1.as_object_mut().unwrap().remove("refresh_token"));
    let callback = callback(&[("code", CODE), ("state", &begun.query("state"))]);
    let signed_in = world.portal.finish(Some(begun.attempt), callback, now()).await.unwrap();
    assert!(signed_in.renewal.is_none());
}

#[tokio::test]
async fn o_01_a_callback_in_a_browser_that_began_nothing_is_refused() {
    let world = World::new().await;
    let begun = world.begin().await;
    let callback = callback(&[("code", CODE), ("state", &begun.query("state"))]);
    let refused = world.portal.finish(None, callback, now()).await.unwrap_err();
    assert!(matches!(refused, SignInRefused::NotBegun));
    assert!(world.script(|script| script.forms.is_empty()), "the code went nowhere");
}

#[tokio::test]
async fn o_01_a_callback_without_state_is_refused() {
    let world = World::new().await;
    let begun = world.begin().await;
    let refused =
        world.portal.finish(Some(begun.attempt), callback(&[("code", CODE)]), now()).await;
    assert!(matches!(refused, Err(SignInRefused::StateMissing)));
    assert!(world.script(|script| script.forms.is_empty()));
}

#[tokio::test]
async fn o_01_the_state_of_another_browser_is_refused() {
    let world = World::new().await;
    let (mine, another) = (world.begin().await, world.begin().await);
    let states = [
        another.query("state"),
        String::new(),
        "x".to_owned(),
        format!("{}x", mine.query("state")),
    ];
    assert_ne!(mine.query("state"), another.query("state"));
    let kept = serde_json::to_string(&mine.attempt).unwrap();
    for state in states {
        let attempt: Attempt = serde_json::from_str(&kept).unwrap();
        let callback = callback(&[("code", CODE), ("state", &state)]);
        let refused = world.portal.finish(Some(attempt), callback, now()).await;
        assert!(matches!(refused, Err(SignInRefused::StateWrong)), "{state:?}");
    }
    assert!(world.script(|script| script.forms.is_empty()));
}

#[tokio::test]
async fn o_01_a_state_given_twice_does_not_parse() {
    assert!(serde_urlencoded::from_str::<Callback>("code=a&state=b&state=c").is_err());
    assert!(serde_urlencoded::from_str::<Callback>("code=a&state=b&session_state=c").is_ok());
}

#[tokio::test]
async fn o_01_an_attempt_lasts_ten_minutes() {
    let world = World::new().await;
    for (seconds, lasts) in [(600, true), (601, false), (86_400, false), (-60, true), (-61, false)]
    {
        let begun = world.begin().await;
        let callback = callback(&[("error", "access_denied"), ("state", &begun.query("state"))]);
        let refused =
            world.portal.finish(Some(begun.attempt), callback, after(seconds)).await.unwrap_err();
        assert_eq!(!matches!(refused, SignInRefused::TooLate), lasts, "{seconds}: {refused}");
    }
}

#[tokio::test]
async fn an_attempt_survives_being_stored() {
    let world = World::new().await;
    let begun = world.begin().await;
    let (nonce, state) = (begun.query("nonce"), begun.query("state"));
    let stored = serde_json::to_vec(&begun.attempt).unwrap();
    world.answer(world.key.token(&world.claims(&nonce)));
    let attempt: Attempt = serde_json::from_slice(&stored).unwrap();
    let callback = callback(&[("code", CODE), ("state", &state)]);
    assert!(world.portal.finish(Some(attempt), callback, now()).await.is_ok());
}

#[tokio::test]
async fn o_04_the_code_is_bound_to_the_browser_by_pkce_s256() {
    let world = World::new().await;
    let begun = world.begin().await;
    assert_eq!(begun.query("code_challenge_method"), "S256");
    assert_eq!(begun.query("response_type"), "code");
    let challenge = begun.query("code_challenge");
    let callback = callback(&[("code", CODE), ("state", &begun.query("state"))]);
    world.answer("not read in this test");
    let _ = world.portal.finish(Some(begun.attempt), callback, now()).await;
    let form = world.script(|script| script.forms.pop()).unwrap();
    let verifier = form["code_verifier"].as_str().unwrap();
    assert_eq!(BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)), challenge);
    assert_eq!(form["code"], CODE);
}

#[tokio::test]
async fn o_05_the_issuer_in_the_response_is_checked() {
    for (announced, iss, good) in [
        (true, Some("itself"), true),
        (true, None, false),
        (true, Some("https://another.example"), false),
        (true, Some(""), false),
        (false, None, true),
        (false, Some("itself"), true),
        (false, Some("https://another.example"), false),
    ] {
        let world = World::new().await;
        world.script(|script| {
            script.document["authorization_response_iss_parameter_supported"] = announced.into();
        });
        let begun = world.begin().await;
        world.answer(world.key.token(&world.claims(&begun.query("nonce"))));
        let state = begun.query("state");
        let mut query = vec![("code", CODE), ("state", state.as_str())];
        let iss =
            iss.map(|iss| if iss == "itself" { world.issuer.clone() } else { iss.to_owned() });
        query.extend(iss.as_deref().map(|iss| ("iss", iss)));
        let result = world.portal.finish(Some(begun.attempt), callback(&query), now()).await;
        assert_eq!(result.is_ok(), good, "announced: {announced}, iss: {iss:?}");
        assert_eq!(world.script(|script| script.forms.len()), usize::from(good));
    }
}

#[tokio::test]
async fn o_20_the_way_back_comes_from_the_settings() {
    let world = World::new().await;
    let begun = world.begin().await;
    assert_eq!(begun.query("redirect_uri"), "http://localhost:8080/sign-in/callback");
    assert_eq!(begun.query("scope"), "openid profile groups");
    assert!(begun.url.as_str().starts_with(&format!("{}/authorize?", world.issuer)));
    let callback = callback(&[("code", CODE), ("state", &begun.query("state"))]);
    world.answer("not read in this test");
    let _ = world.portal.finish(Some(begun.attempt), callback, now()).await;
    let form = world.script(|script| script.forms.pop()).unwrap();
    assert_eq!(form["redirect_uri"], "http://localhost:8080/sign-in/callback");
}

#[tokio::test]
async fn a_provider_that_refuses_is_believed_only_with_our_state() {
    let world = World::new().await;
    let begun = world.begin().await;
    let answer = callback(&[("error", "access_denied"), ("error_description", "no")]);
    let refused = world.portal.finish(Some(begun.attempt), answer, now()).await.unwrap_err();
    assert!(matches!(refused, SignInRefused::StateMissing));

    let begun = world.begin().await;
    let answer = callback(&[("error", "access_denied"), ("state", &begun.query("state"))]);
    let refused = world.portal.finish(Some(begun.attempt), answer, now()).await.unwrap_err();
    assert_eq!(refused.words(), "The provider did not let you in.");
}

#[tokio::test]
async fn a_code_that_the_provider_does_not_take_is_refused() {
    let world = World::new().await;
    let begun = world.begin().await;
    let answer = json!({ "error": "invalid_grant", "error_description": "used before" });
    world.script(|script| script.token = (StatusCode::BAD_REQUEST, answer));
    let callback = callback(&[("code", CODE), ("state", &begun.query("state"))]);
    let refused = world.portal.finish(Some(begun.attempt), callback, now()).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the provider does not take the code: invalid_grant: used before"
    );
    assert_eq!(refused.words(), "The provider could not sign you in. Please start again.");
}

#[tokio::test]
async fn t_07_no_secret_is_in_any_debug_output_or_error() {
    let secrets = [SECRET, CODE, ACCESS, REFRESH];
    let clean = |text: String| {
        for secret in secrets {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    };
    let world = World::new().await;
    let begun = world.begin().await;
    let (state, nonce) = (begun.query("state"), begun.query("nonce"));
    let shown = format!("{:?}", begun.attempt);
    assert!(!shown.contains(&state) && !shown.contains(&nonce), "{shown}");
    clean(format!("{:?}", callback(&[("code", CODE), ("state", &state)])));
    clean(format!("{:?}", world.portal));
    clean(format!("{:?}", world.sign_in(|_| {}).await.unwrap()));

    // A provider that repeats what it was sent, in every kind of answer.
    let repeated = "canary-code-with-something-long-behind-it";
    let answers = [
        (
            StatusCode::BAD_REQUEST,
            json!({ "error": "invalid_grant", "error_description": repeated }),
        ),
        (StatusCode::BAD_REQUEST, json!(repeated)),
        (StatusCode::OK, json!(repeated)),
        (StatusCode::OK, json!({ "access_token": 7, "id_token": ACCESS })),
        (
            StatusCode::OK,
            json!({ "access_token": ACCESS, "token_type": "Bearer", "id_token": CODE }),
        ),
    ];
    for (status, answer) in answers {
        let begun = world.begin().await;
        world.script(|script| script.token = (status, answer));
        let callback = callback(&[("code", CODE), ("state", &begun.query("state"))]);
        let refused = world.portal.finish(Some(begun.attempt), callback, now()).await.unwrap_err();
        clean(format!("{refused:?}"));
        clean(refused.words());
        let mut error: Option<&dyn std::error::Error> = Some(&refused);
        while let Some(cause) = error {
            clean(cause.to_string());
            error = cause.source();
        }
    }
}

#[tokio::test]
async fn the_secret_goes_where_the_provider_wants_it() {
    for (methods, in_header) in [
        (Value::Null, true),
        (json!(["client_secret_basic", "client_secret_post"]), true),
        (json!(["client_secret_post"]), false),
    ] {
        let world = World::new().await;
        world.script(|script| {
            script.document["token_endpoint_auth_methods_supported"] = methods.clone();
        });
        world.sign_in(|_| {}).await.unwrap();
        let form = world.script(|script| script.forms.pop()).unwrap();
        let header = world.script(|script| script.authorization.take());
        assert_eq!(header.is_some(), in_header, "{methods}");
        assert_eq!(form.get("client_secret").is_some(), !in_header, "{methods}");
    }
}

#[tokio::test]
async fn the_sign_out_address_names_the_client_and_no_token() {
    let back = "http://localhost:8080/".parse().unwrap();
    let world = World::with(|settings| settings.signed_out_uri = Some(back)).await;
    assert_eq!(world.portal.logout_url(), None, "nobody was asked yet");
    world.sign_in(|_| {}).await.unwrap();
    let url = world.portal.logout_url().unwrap();
    assert_eq!(
        url.as_str().strip_prefix(&world.issuer),
        Some("/end?client_id=shorepass&post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A8080%2F")
    );
}
