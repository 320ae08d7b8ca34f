//! From claims to a person: H-01 to H-03, O-11, O-12, O-14.

use identity::{NotIdentified, SignInRefused, UsernameRefused};
use openidconnect::core::CoreJwsSigningAlgorithm;
use serde_json::{Value, json};

use crate::keys;
use crate::provider::{ACCESS, World};

fn without(claim: &str) -> impl FnOnce(&mut Value) {
    move |claims| drop(claims.as_object_mut().unwrap().remove(claim))
}

#[tokio::test]
async fn h_01_a_username_claim_that_is_missing_is_refused() {
    let world = World::new().await;
    world.script(|script| script.userinfo = json!({ "sub": "ana-1" }));
    let refused = world.sign_in(without("preferred_username")).await.unwrap_err();
    assert_eq!(
        refused.words(),
        "Your provider did not say what you are called (preferred_username)."
    );
    let refused =
        world.sign_in(|claims| claims["preferred_username"] = Value::Null).await.unwrap_err();
    assert!(matches!(
        refused,
        SignInRefused::NotIdentified(NotIdentified::Username(UsernameRefused::Missing { .. }))
    ));
}

#[tokio::test]
async fn h_01_a_username_claim_that_is_not_text_is_refused() {
    let world = World::with(|settings| settings.username_claim = "login".to_owned()).await;
    for value in [json!(7), json!(true), json!(["ana"]), json!({ "name": "ana" })] {
        let refused = world.sign_in(|claims| claims["login"] = value).await.unwrap_err();
        assert_eq!(refused.words(), "Your provider's claim login for you is not text.");
    }
    let world = World::new().await;
    let refused = world.sign_in(|claims| claims["preferred_username"] = json!(7)).await;
    assert!(matches!(refused, Err(SignInRefused::NotIdentified(_))));
}

#[tokio::test]
async fn h_01_to_h_03_a_username_that_no_cluster_may_see_is_refused() {
    let world = World::new().await;
    for name in [
        "",
        " ",
        "\t",
        "\u{200b}",
        "\u{3164}",
        "ana ",
        "ana\r\n",
        "a\u{0}na",
        "a\u{202e}na",
        "system:masters",
        "SYSTEM:masters",
        "ｓｙｓｔｅｍ：masters",
        "system\u{2236}node",
        "sys\u{ad}tem:x",
    ] {
        let refused =
            world.sign_in(|claims| claims["preferred_username"] = name.into()).await.unwrap_err();
        let SignInRefused::NotIdentified(NotIdentified::Username(why)) = &refused else {
            panic!("{name:?}: {refused:?}");
        };
        assert!(matches!(why, UsernameRefused::BadName { .. }), "{name:?}");
        assert!(refused.words().contains("cannot be used as a name"), "{}", refused.words());
    }
}

#[tokio::test]
async fn h_02_the_username_is_the_claim_byte_for_byte() {
    let world = World::new().await;
    for name in ["ana@example.com", "Zoë", "a,b%20c", "ANA"] {
        let signed_in =
            world.sign_in(|claims| claims["preferred_username"] = name.into()).await.unwrap();
        assert_eq!(signed_in.person.username.as_str(), name);
    }
}

#[tokio::test]
async fn the_claims_are_the_configured_ones() {
    let world = World::with(|settings| {
        settings.username_claim = "email".to_owned();
        settings.groups_claim = "https://example.com/roles".to_owned();
    })
    .await;
    let person = world
        .sign_in(|claims| {
            claims["https://example.com/roles"] = json!(["leads"]);
            claims["email_verified"] = true.into();
        })
        .await
        .unwrap()
        .person;
    assert_eq!(person.username.as_str(), "ana@example.com");
    assert_eq!(person.groups.first().unwrap().as_str(), "leads");
}

#[tokio::test]
async fn further_claims_become_groups_that_no_group_can_pass_for() {
    let world = World::with(|settings| {
        settings.further_claims = vec!["department".to_owned(), "on_duty".to_owned()];
    })
    .await;
    world.script(|script| script.userinfo = json!({ "sub": "ana-1" }));
    let groups = async |department: Value, groups: Value| {
        let person = world
            .sign_in(|claims| {
                claims["department"] = department;
                claims["on_duty"] = json!(true);
                claims["groups"] = groups;
            })
            .await
            .unwrap()
            .person;
        let names: Vec<_> = person.groups.iter().map(ToString::to_string).collect();
        (names, person.groups_missing)
    };
    let (names, _) = groups(json!("payments"), json!(["oncall"])).await;
    assert_eq!(names, ["department=payments", "on_duty=true", "oncall"]);
    let (names, _) = groups(json!(["a", "b"]), json!([])).await;
    assert_eq!(names, ["department=a", "department=b", "on_duty=true"]);
    let (names, _) = groups(Value::Null, json!(["oncall"])).await;
    assert_eq!(names, ["on_duty=true", "oncall"]);
    for (department, listed) in [
        (json!("payments"), json!(["department=security"])),
        (json!({ "name": "payments" }), json!(["oncall"])),
        (json!("pay\u{200b}ments"), json!(["oncall"])),
    ] {
        let (names, why) = groups(department, listed).await;
        assert!(names.is_empty() && why.is_some(), "{names:?}");
    }
}

#[tokio::test]
async fn o_11_whether_an_address_is_verified_changes_nothing_for_whom_it_does_not_name() {
    let world = World::new().await;
    let expected = world.sign_in(|_| {}).await.unwrap().person;
    for verified in [json!(true), json!(false), json!("true")] {
        let person =
            world.sign_in(|claims| claims["email_verified"] = verified).await.unwrap().person;
        assert_eq!(person, expected);
    }
}

/// A world in which people are called by their addresses.
async fn by_address() -> World {
    World::with(|settings| settings.username_claim = "email".to_owned()).await
}

#[track_caller]
fn assert_not_verified(refused: &SignInRefused) {
    let SignInRefused::NotIdentified(NotIdentified::Username(why)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(
        why.to_string(),
        "the username is the claim \"email\", and the claim \"email_verified\" is not true"
    );
    assert_eq!(
        refused.words(),
        "Your provider does not say that your e-mail address is verified. Verify it there, then \
         sign in again."
    );
}

#[tokio::test]
async fn o_11_an_address_names_nobody_unless_the_provider_says_that_it_is_verified() {
    let world = by_address().await;
    let person =
        world.sign_in(|claims| claims["email_verified"] = true.into()).await.unwrap().person;
    assert_eq!(person.username.as_str(), "ana@example.com");
    world.script(|script| script.userinfo = json!({ "sub": "ana-1" }));
    for verified in [json!(false), json!("true"), Value::Null] {
        let refused =
            world.sign_in(|claims| claims["email_verified"] = verified).await.unwrap_err();
        assert_not_verified(&refused);
    }
    assert_not_verified(&world.sign_in(|_| {}).await.unwrap_err());
}

#[tokio::test]
async fn o_11_userinfo_says_of_the_address_that_it_knows_whether_it_is_verified() {
    let world = by_address().await;
    let (hers, another) = ("ana@example.com", "ben@example.com");
    let lacks = |claims: &mut Value| {
        without("email")(claims);
        // Of which address is not said.
        claims["email_verified"] = true.into();
    };
    for (userinfo, verified) in [
        (json!({ "email": hers, "email_verified": true }), true),
        (json!({ "email": hers, "email_verified": false }), false),
        (json!({ "email": hers, "email_verified": "true" }), false),
        (json!({ "email": hers }), false),
    ] {
        let mut said = userinfo.clone();
        said["sub"] = "ana-1".into();
        world.script(|script| script.userinfo = said);
        for signed_in in [world.sign_in(|_| {}).await, world.sign_in(lacks).await] {
            assert_eq!(signed_in.is_ok(), verified, "{userinfo}: {signed_in:?}");
        }
    }
    for userinfo in [
        json!({ "sub": "ana-1", "email": another, "email_verified": true }),
        json!({ "sub": "ana-1", "email_verified": true }),
    ] {
        world.script(|script| script.userinfo = userinfo);
        assert_not_verified(&world.sign_in(|_| {}).await.unwrap_err());
    }
}

#[tokio::test]
async fn o_11_a_sign_in_ends_when_its_address_is_no_longer_verified() {
    let world = by_address().await;
    let signed_in = world.sign_in(|claims| claims["email_verified"] = true.into()).await.unwrap();
    let renewal = signed_in.renewal.unwrap();
    let verified = |said: bool| move |claims: &mut Value| claims["email_verified"] = said.into();
    assert!(world.recheck(&renewal, verified(true)).await.is_ok());
    assert!(world.recheck(&renewal, verified(false)).await.unwrap_err().ends_sign_in());
}

#[tokio::test]
async fn o_12_the_same_address_with_another_subject_is_another_person() {
    let world = World::new().await;
    let one = world.sign_in(|_| {}).await.unwrap().person;
    let two = world.sign_in(|claims| claims["sub"] = "ana-2".into()).await.unwrap().person;
    assert_eq!(one.username, two.username);
    assert_ne!(one.key, two.key);
}

#[tokio::test]
async fn o_12_the_same_subject_of_another_issuer_is_another_person() {
    let (here, there) = (World::new().await, World::new().await);
    let one = here.sign_in(|_| {}).await.unwrap().person;
    let two = there.sign_in(|_| {}).await.unwrap().person;
    assert_eq!(one.key.subject, two.key.subject);
    assert_ne!(one.key, two.key);
}

#[tokio::test]
async fn o_14_unusable_groups_are_no_groups_and_the_person_is_told_why() {
    let world = World::new().await;
    world.script(|script| script.userinfo = json!({ "sub": "ana-1" }));
    let many: Vec<_> = (0..201).map(|number| format!("group-{number}")).collect();
    let not_a_name = "Your provider's claim groups for you holds something that is not a name.";
    for (groups, words) in [
        (Value::Null, "Your provider sent no groups for you."),
        (json!("oncall"), "Your provider's claim groups for you is not a list."),
        (json!({ "oncall": true }), "Your provider's claim groups for you is not a list."),
        (json!(many), "Your provider sent more than 200 groups for you."),
        (json!(["oncall", 7]), not_a_name),
        (json!(["oncall", ""]), not_a_name),
        (json!(["oncall", "lea\u{200b}ds"]), not_a_name),
    ] {
        let person =
            world.sign_in(|claims| claims["groups"] = groups.clone()).await.unwrap().person;
        assert!(person.groups.is_empty(), "{groups}");
        assert_eq!(person.groups_missing.as_deref(), Some(words), "{groups}");
    }
}

#[tokio::test]
async fn o_14_a_link_instead_of_groups_is_no_groups_and_is_not_followed() {
    let world = World::new().await;
    world.script(|script| script.userinfo = json!({ "sub": "ana-1", "groups": ["security"] }));
    let link = |claims: &mut Value| {
        without("groups")(claims);
        claims["_claim_names"] = json!({ "groups": "src1" });
        claims["_claim_sources"] =
            json!({ "src1": { "endpoint": "https://graph.example/groups" } });
    };
    let marked = |claims: &mut Value| claims["hasgroups"] = true.into();
    for person in
        [world.sign_in(link).await.unwrap().person, world.sign_in(marked).await.unwrap().person]
    {
        assert!(person.groups.is_empty());
        assert_eq!(
            person.groups_missing.as_deref(),
            Some("You are in so many groups that your provider sent a link instead of groups.")
        );
    }
    assert_eq!(world.script(|script| script.userinfos), 0);
}

#[tokio::test]
async fn o_14_two_hundred_groups_and_an_empty_list_are_fine() {
    let world = World::new().await;
    let many: Vec<_> = (0..200).map(|number| format!("group-{number}")).collect();
    for (groups, count) in [(json!(many), 200), (json!([]), 0), (json!(["a", "a"]), 1)] {
        let person = world.sign_in(|claims| claims["groups"] = groups).await.unwrap().person;
        assert_eq!(person.groups.len(), count);
        assert_eq!(person.groups_missing, None);
    }
}

#[tokio::test]
async fn what_the_id_token_lacks_comes_from_userinfo_and_nothing_else_does() {
    let world = World::new().await;
    world.script(|script| {
        script.userinfo = json!({
            "sub": "ana-1", "preferred_username": "ana", "groups": ["security"],
        });
    });
    let person = world.sign_in(without("groups")).await.unwrap().person;
    assert_eq!(person.groups.first().unwrap().as_str(), "security");
    assert_eq!(
        world.script(|script| script.authorization.take()).unwrap(),
        format!("Bearer {ACCESS}")
    );
    let person = world.sign_in(without("preferred_username")).await.unwrap().person;
    assert_eq!(person.groups.first().unwrap().as_str(), "oncall", "the ID token comes first");
}

#[tokio::test]
async fn userinfo_in_a_signed_token_is_read_as_well() {
    let world = by_address().await;
    let (key, sign) = keys::rsa(CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256);
    let mut said = json!({
        "iss": world.issuer, "aud": "shorepass", "sub": "ana-1", "email": "ana@example.com",
        "email_verified": true,
    });
    let header = json!({ "alg": "RS256", "kid": "rsa" });
    let verified = keys::token(&header, &said, &sign);
    said["email_verified"] = "true".into();
    let text = keys::token(&header, &said, &sign);
    world.script(|script| (script.keys.push(key), script.userinfo = verified.into()));
    assert_eq!(world.sign_in(|_| {}).await.unwrap().person.username.as_str(), "ana@example.com");
    world.script(|script| script.userinfo = text.into());
    assert_not_verified(&world.sign_in(|_| {}).await.unwrap_err());
}

#[tokio::test]
async fn userinfo_of_another_subject_is_refused() {
    let world = World::new().await;
    world.script(|script| script.userinfo = json!({ "sub": "ben-1", "groups": ["security"] }));
    let refused = world.sign_in(without("groups")).await.unwrap_err();
    assert!(
        matches!(refused, SignInRefused::NotIdentified(NotIdentified::Token(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn userinfo_that_does_not_answer_is_not_taken_for_no_groups() {
    let world = World::new().await;
    let refused = world.sign_in(without("groups")).await.unwrap_err();
    assert!(
        matches!(refused, SignInRefused::NotIdentified(NotIdentified::Provider(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn an_access_token_that_is_no_header_is_refused() {
    let world = World::new().await;
    let begun = world.begin().await;
    let mut claims = world.claims(&begun.query("nonce"));
    without("groups")(&mut claims);
    world.answer(world.key.token(&claims));
    world.script(|script| script.token.1["access_token"] = "a\r\nX-Remote-User: ben".into());
    let callback = crate::provider::callback(&[("code", "c"), ("state", &begun.query("state"))]);
    let refused = world.portal.finish(Some(begun.attempt), callback, crate::provider::now()).await;
    assert!(matches!(refused, Err(SignInRefused::NotIdentified(NotIdentified::Token(_)))));
}
