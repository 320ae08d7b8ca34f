//! Asking, deciding, and ending.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

mod world;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use domain::broker::{AskFor, Broker as _, Less, Refusal};
use domain::{RequestDigest, RequestState, UNDO};
use world::{World, ask, place};

#[tokio::test]
async fn policy_can_grant_at_once() {
    let world = World::new().await;
    let id = world.ana().send_request(ask("payments", "observe", "1h")).await.unwrap();
    let view = world.ana().request(id).await.unwrap();
    assert!(matches!(view.request.state, RequestState::Approved { .. }));
    assert_eq!(view.remaining, Duration::from_hours(1));
    assert_eq!(world.facts(), ["portal-started", "request-sent", "grant-began"]);
}

#[tokio::test]
async fn two_approvers_make_a_grant_and_one_does_not() {
    let world = World::new().await;
    let id = world.asked("staging").await;
    world.approve(&world.ben(), id).await;
    assert!(world.store.grants().is_empty());
    world.approve(&world.dora(), id).await;
    let grants = world.store.grants();
    assert_eq!(grants.len(), 1);
    assert_eq!(grants[0].group(), "jit:shell:staging");
}

#[tokio::test]
async fn a_01_nobody_approves_their_own_request() {
    let world = World::new().await;
    let lead_on_call = world.as_person("lea", &["oncall", "leads"]);
    let id = lead_on_call.send_request(ask("payments", "shell", "30m")).await.unwrap();
    let digest = world.digest(&lead_on_call, id).await;
    let refused = lead_on_call.approve(id, &digest, &Less::default()).await;
    assert!(matches!(refused, Err(Refusal::Forbidden { .. })), "{refused:?}");
    assert!(world.store.grants().is_empty());
    assert_eq!(world.facts().last(), Some(&"refused"));
}

#[tokio::test]
async fn a_02_one_person_counts_once_however_often_they_click() {
    let world = World::new().await;
    let id = world.asked("staging").await;
    let digest = world.digest(&world.ben(), id).await;
    let clicks = (0..20).map(|_| {
        let (ben, digest) = (world.ben(), digest.clone());
        tokio::spawn(async move { ben.approve(id, &digest, &Less::default()).await })
    });
    let mut counted = 0;
    for click in clicks.collect::<Vec<_>>() {
        counted += u32::from(click.await.unwrap().is_ok());
    }
    assert_eq!(counted, 1);
    assert!(world.store.grants().is_empty());
}

#[tokio::test]
async fn a_02_a_hundred_approvers_at_once_make_one_grant() {
    let world = World::new().await;
    let id = world.asked("staging").await;
    let digest = world.digest(&world.ben(), id).await;
    let approvals: Vec<_> = (0..100)
        .map(|number| {
            let approver = world.as_person(&format!("lead-{number}"), &["leads"]);
            let digest = digest.clone();
            tokio::spawn(async move { approver.approve(id, &digest, &Less::default()).await })
        })
        .collect();
    for approval in approvals {
        let _ = approval.await.unwrap();
    }
    assert!(world.store.grants().is_empty(), "they may think again");
    world.clock.advance(UNDO);
    let sweeps: Vec<_> = (0..20)
        .map(|_| {
            let portal = Arc::clone(&world.portal);
            tokio::spawn(async move { portal.sweep().await })
        })
        .collect();
    for sweep in sweeps {
        sweep.await.unwrap().unwrap();
    }
    assert_eq!(world.store.grants().len(), 1);
    let began = world.facts().iter().filter(|fact| **fact == "grant-began").count();
    assert_eq!(began, 1);
}

#[tokio::test]
async fn a_03_an_approval_is_for_exactly_the_request_that_was_shown() {
    let world = World::new().await;
    let id = world.asked("payments").await;
    let other = RequestDigest("0".repeat(64));
    let refused = world.ben().approve(id, &other, &Less::default()).await;
    assert!(matches!(refused, Err(Refusal::Conflict { .. })), "{refused:?}");
    assert!(world.store.grants().is_empty());
}

#[tokio::test]
async fn only_approvers_decide_and_strangers_see_nothing() {
    let world = World::new().await;
    let id = world.asked("payments").await;
    let digest = world.digest(&world.ben(), id).await;
    let other = world.as_person("otto", &["oncall"]);
    assert_eq!(other.request(id).await, Err(Refusal::NotFound));
    assert_eq!(other.approve(id, &digest, &Less::default()).await, Err(Refusal::NotFound));
    assert_eq!(world.eve().deny(id, "not like this").await, Err(Refusal::NotFound));
    let auditor = world.cleo().approve(id, &digest, &Less::default()).await;
    assert!(matches!(auditor, Err(Refusal::Forbidden { .. })), "{auditor:?}");
    assert!(world.store.grants().is_empty());
}

#[tokio::test]
async fn a_denied_request_stays_denied() {
    let world = World::new().await;
    let id = world.asked("payments").await;
    let missing = world.ben().deny(id, " ").await;
    assert!(matches!(missing, Err(Refusal::Invalid(_))), "{missing:?}");
    world.ben().deny(id, "not during the freeze").await.unwrap();
    let digest = world.digest(&world.ben(), id).await;
    let late = world.ben().approve(id, &digest, &Less::default()).await;
    assert!(matches!(late, Err(Refusal::Conflict { .. })), "{late:?}");
}

#[tokio::test]
async fn a_request_lapses_when_nobody_decides() {
    let world = World::new().await;
    let id = world.asked("payments").await;
    let digest = world.digest(&world.ben(), id).await;
    world.clock.advance(Duration::from_hours(4));
    let late = world.ben().approve(id, &digest, &Less::default()).await;
    assert!(matches!(late, Err(Refusal::Conflict { .. })), "{late:?}");
    assert!(world.store.grants().is_empty());
}

#[tokio::test]
async fn a_07_lengths_and_reasons_out_of_bounds_are_refused_together() {
    let world = World::new().await;
    for length in ["0m", "-5m", "121m", "3h", "", "soon", "10s", "99999999d"] {
        let mut asked = ask("payments", "shell", length);
        asked.reason = "short".into();
        let Err(Refusal::Invalid(problems)) = world.ana().send_request(asked).await else {
            panic!("{length:?} was accepted");
        };
        let fields: Vec<_> = problems.iter().map(|problem| problem.field).collect();
        assert_eq!(fields, ["length", "reason"]);
    }
    assert_eq!(world.facts(), ["portal-started"]);
}

#[tokio::test]
async fn what_policy_does_not_allow_is_refused_and_written_down() {
    let world = World::new().await;
    for (who, namespace, role) in [
        (world.eve(), "payments", "observe"),
        (world.ana(), "kube-system", "observe"),
        (world.ana(), "staging", "observe"),
        (world.ana(), "payments", "root"),
    ] {
        let refused = who.send_request(ask(namespace, role, "30m")).await;
        assert!(matches!(refused, Err(Refusal::Denied { .. })), "{refused:?}");
        assert_eq!(world.facts().last(), Some(&"refused"));
    }
    assert_eq!(
        world.ana().ask_form(&AskFor::Place(place("kube-system"))).await,
        Err(Refusal::NotFound)
    );
}

#[tokio::test]
async fn nothing_begins_when_the_store_fails() {
    let world = World::new().await;
    world.store.break_down(true);
    let refused = world.ana().send_request(ask("payments", "observe", "1h")).await;
    assert!(matches!(refused, Err(Refusal::Unavailable { .. })), "{refused:?}");
    world.store.break_down(false);
    assert!(world.store.grants().is_empty());
}

#[tokio::test]
async fn eve_is_told_why_she_can_request_nothing() {
    let world = World::new().await;
    let home = world.eve().home().await.unwrap();
    let nothing = home.nothing.unwrap();
    assert!(home.rows.is_empty());
    assert_eq!(nothing.rules.len(), 4);
    assert_eq!(nothing.operators.len(), 1);
}

#[tokio::test]
async fn the_inbox_sorts_by_who_must_act() {
    let world = World::new().await;
    let id = world.asked("staging").await;
    assert_eq!(world.ben().inbox(None).await.unwrap().needs_me.len(), 1);
    assert_eq!(world.ben().frame().await.unwrap().pending, 1);
    world.approve(&world.ben(), id).await;
    let inbox = world.ben().inbox(None).await.unwrap();
    assert_eq!((inbox.needs_me.len(), inbox.waiting.len()), (0, 1));
    assert_eq!(world.dora().inbox(None).await.unwrap().needs_me.len(), 1);
    world.approve(&world.dora(), id).await;
    assert_eq!(world.dora().inbox(None).await.unwrap().decided.len(), 1);
    assert_eq!(world.eve().inbox(None).await.unwrap().decided.len(), 0);
}

#[tokio::test]
async fn a_refused_policy_file_leaves_the_old_one_in_force_and_says_so() {
    let world = World::new().await;
    let before = world.portal.policy().digest().clone();
    world.portal.adopt_policy(domain::policy::Policy::parse("rules: 3")).await.unwrap();
    assert_eq!(*world.portal.policy().digest(), before);
    let frame = world.ana().frame().await.unwrap();
    assert!(frame.warnings[0].contains("policy file was refused"), "{:?}", frame.warnings);
    assert_eq!(world.facts().last(), Some(&"policy-refused"));
}

#[tokio::test]
async fn who_would_be_refused_by_the_cluster_is_told_before_they_try() {
    let world = World::new().await;
    let id = world.granted().await;
    assert_eq!(world.ana().shell_choice(id).await.unwrap().refused_group, None);
    world.cluster.onboarded.store(false, Ordering::SeqCst);
    let choice = world.ana().shell_choice(id).await.unwrap();
    assert_eq!(choice.refused_group.as_deref(), Some("jit:shell:payments"));
}

#[tokio::test]
async fn what_was_asked_for_last_comes_first() {
    let world = World::new().await;
    let first = async || {
        let rows = world.ana().home().await.unwrap().rows;
        rows.iter().map(|row| row.place.namespace.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(first().await, ["payments", "staging"], "the most dangerous");
    world.asked("staging").await;
    assert_eq!(first().await, ["staging", "payments"]);
    world.pass(Duration::from_mins(1)).await;
    world.asked("payments").await;
    assert_eq!(first().await, ["payments", "staging"]);
}
