//! What can become of a request beside yes and no.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

mod world;

use std::time::Duration;

use broker::Bound;
use broker::port::{ClusterState, RightUnknown, Store as _};
use domain::broker::{AskFor, Broker as _, Less, Refusal, Simulation};
use domain::policy::{Holding, Policy, Urgency};
use domain::{Fact, GrantEnd, GrantState, GroupName, RequestState, RoleName, Signer, UNDO};
use futures::StreamExt as _;
use world::{World, ask};

fn less(role: &str, length: &str) -> Less {
    Less { role: role.into(), length: length.into(), scope: String::new() }
}

#[tokio::test]
async fn an_approver_can_give_less_and_never_more() {
    let world = World::new().await;
    let id = world.asked("payments").await;
    let digest = world.digest(&world.ben(), id).await;
    for wrong in [less("", "45m"), less("", "0m"), less("", "soon"), less("root", "")] {
        let refused = world.ben().approve(id, &digest, &wrong).await;
        assert!(matches!(refused, Err(Refusal::Invalid(_))), "{wrong:?}: {refused:?}");
    }
    assert!(world.store.grants().is_empty());
    world.ben().approve(id, &digest, &less("observe", "10m")).await.unwrap();
    world.pass(UNDO).await;
    let grants = world.store.grants();
    assert_eq!(grants[0].group(), "jit:observe:payments");
    assert_eq!(grants[0].remaining(world.now()), Duration::from_mins(10));
    let told = ["request-narrowed", "request-approved", "grant-began"];
    assert_eq!(world.facts()[world.facts().len() - 3..], told);
}

#[tokio::test]
async fn a_grant_may_be_for_one_workload_or_one_pod_alone() {
    let world = World::new().await;
    let mut asked = ask("payments", "shell", "30m");
    asked.scope = "web-1".into();
    let refused = world.ana().send_request(asked.clone()).await;
    assert!(matches!(refused, Err(Refusal::Invalid(_))), "{refused:?}");
    // An approver leaves one pod of a workload, and nothing beside it.
    asked.scope = "Deployment/web".into();
    let id = world.ana().send_request(asked.clone()).await.unwrap();
    let view = world.ben().request(id).await.unwrap();
    assert_eq!(view.parts, ["Pod/web-1".parse().unwrap()]);
    let only = |scope: &str| Less { scope: scope.into(), ..Less::default() };
    for wrong in ["Deployment/api", "Pod/api-1", "Deployment/web", "everything"] {
        let refused = world.ben().approve(id, &view.digest, &only(wrong)).await;
        assert!(matches!(refused, Err(Refusal::Invalid(_))), "{wrong}: {refused:?}");
    }
    world.ben().approve(id, &view.digest, &only("Pod/web-1")).await.unwrap();
    world.pass(UNDO).await;
    world.started(id).await;
    // What is for another workload opens nothing in this one.
    asked.scope = "Deployment/api".into();
    let other = world.ana().send_request(asked).await.unwrap();
    world.approve(&world.ben(), other).await;
    let choice = world.ana().shell_choice(other).await.unwrap();
    assert!(choice.workloads.is_empty(), "{:?}", choice.workloads);
    let refused = world.ana().start_session(other, &world::pod(), &world::container()).await;
    assert!(matches!(refused, Err(Refusal::Forbidden { .. })), "{refused:?}");
    assert_eq!(world.facts().last(), Some(&"refused"));
    // More time is for as much as there was.
    let mut more = ask("payments", "shell", "1h");
    (more.extends, more.scope) = (Some(id), String::new());
    let further = world.ana().send_request(more).await.unwrap();
    let request = world.ana().request(further).await.unwrap().request;
    assert_eq!(request.scope, "Pod/web-1".parse().unwrap());
}

#[tokio::test]
async fn a_03_whoever_approved_more_has_not_approved_less() {
    let world = World::new().await;
    let id = world.asked("staging").await;
    world.approve(&world.ben(), id).await;
    let digest = world.digest(&world.dora(), id).await;
    world.dora().approve(id, &digest, &less("", "5m")).await.unwrap();
    world.pass(UNDO).await;
    assert!(world.store.grants().is_empty(), "ben is asked again");
    world.approve(&world.ben(), id).await;
    assert_eq!(world.store.grants()[0].remaining(world.now()), Duration::from_mins(5));
}

#[tokio::test]
async fn a_03_a_change_makes_approvals_void_and_says_so() {
    let world = World::new().await;
    let id = world.asked("staging").await;
    world.approve(&world.ben(), id).await;
    let shown = world.digest(&world.dora(), id).await;
    let mut changed = ask("staging", "shell", "1h");
    changed.reason = "it is worse than it looked".into();
    let tomorrow = domain::later(world.now(), Duration::from_hours(24));
    changed.starts = tomorrow.strftime("%Y-%m-%dT%H:%M:%S%.f").to_string();
    world.ana().change_request(id, changed.clone()).await.unwrap();
    assert_eq!(world.ana().request(id).await.unwrap().request.starts_at, Some(tomorrow));
    let form = world.ana().ask_form(&AskFor::Change(id)).await.unwrap();
    assert_eq!(form.last.unwrap().starts, tomorrow.strftime("%Y-%m-%dT%H:%M").to_string());
    let Some(Fact::RequestChanged { void, seconds, decision, rule, stamp, .. }) =
        world.store.all_events().pop().map(|event| event.fact)
    else {
        panic!("it is not written down")
    };
    assert_eq!((void, seconds), (1, 3_600));
    let policy = world.portal.policy().digest().to_string();
    assert_eq!((decision.unwrap(), rule.unwrap().as_str()), ("ask".to_owned(), "two"));
    assert_eq!(stamp.unwrap().policy, policy);
    let late = world.dora().approve(id, &shown, &Less::default()).await;
    assert!(matches!(late, Err(Refusal::Conflict { .. })), "{late:?}");
    world.approve(&world.dora(), id).await;
    assert!(world.store.grants().is_empty(), "one approval of what stands there now");
    let other = world.ben().change_request(id, changed.clone()).await;
    assert!(matches!(other, Err(Refusal::Denied { .. })), "{other:?}");
    changed.place = world::place("payments");
    let elsewhere = world.ana().change_request(id, changed).await;
    assert!(matches!(elsewhere, Err(Refusal::Forbidden { .. })), "{elsewhere:?}");
}

#[tokio::test]
async fn an_approver_may_think_again_for_five_seconds() {
    let world = World::new().await;
    let id = world.asked("payments").await;
    let digest = world.digest(&world.ben(), id).await;
    world.ben().approve(id, &digest, &Less::default()).await.unwrap();
    let view = world.ben().request(id).await.unwrap();
    assert!(view.standing.may_take_back && !view.standing.may_decide);
    let other = world.as_person("bea", &["leads"]);
    assert!(!other.request(id).await.unwrap().standing.may_take_back);
    let stranger = other.take_back(id).await;
    assert!(matches!(stranger, Err(Refusal::Conflict { .. })), "{stranger:?}");
    world.pass(Duration::from_secs(4)).await;
    world.ben().take_back(id).await.unwrap();
    world.pass(UNDO).await;
    assert!(world.store.grants().is_empty());
    assert_eq!(world.facts().last(), Some(&"approval-taken-back"));
    world.approve(&world.ben(), id).await;
    assert_eq!(world.store.grants().len(), 1);
    let late = world.ben().take_back(id).await;
    assert!(matches!(late, Err(Refusal::Conflict { .. })), "{late:?}");
}

#[tokio::test]
async fn who_decides_too_late_reads_who_was_first_and_what_they_decided() {
    let world = World::new().await;
    let told = |refused: Result<(), Refusal>| refused.unwrap_err().to_string();
    let bea = world.as_person("bea", &["leads"]);
    // While ben may still think again, when the grant is made, and when it was denied.
    let id = world.asked("payments").await;
    let digest = world.digest(&bea, id).await;
    world.ben().approve(id, &digest, &Less::default()).await.unwrap();
    let late = told(bea.approve(id, &digest, &Less::default()).await);
    assert_eq!(late, "enough people have approved it already (ben): the grant is made in a moment");
    let why_not = bea.request(id).await.unwrap().standing.why_not;
    assert_eq!(why_not.as_deref(), Some("Enough people have approved it: ben."));
    world.pass(UNDO).await;
    let late = told(bea.deny(id, "logs are enough").await);
    assert_eq!(late, "the request was approved by ben already, and is granted");
    let id = world.asked("payments").await;
    let digest = world.digest(&bea, id).await;
    world.ben().deny(id, "logs are enough").await.unwrap();
    let late = told(bea.approve(id, &digest, &Less::default()).await);
    assert_eq!(late, "the request was denied by ben already: “logs are enough”");
    let id = world.asked("payments").await;
    world.ana().withdraw(id).await.unwrap();
    let late = told(bea.deny(id, "logs are enough").await);
    assert_eq!(late, "the request was withdrawn by ana already");
}

#[tokio::test]
async fn whoever_waits_may_remind_those_who_decide() {
    let world = World::new().await;
    let id = world.asked("payments").await;
    let soon = world.ana().remind(id).await;
    assert!(matches!(soon, Err(Refusal::Conflict { .. })), "{soon:?}");
    world.pass(Duration::from_mins(5)).await;
    let digest = world.digest(&world.ben(), id).await;
    let other = world.ben().remind(id).await;
    assert!(matches!(other, Err(Refusal::Forbidden { .. })), "{other:?}");
    world.ana().remind(id).await.unwrap();
    assert_eq!(world.facts().last(), Some(&"request-reminded"));
    let inbox = world.ben().inbox(None).await.unwrap();
    assert_eq!(inbox.needs_me[0].request.reminded_at, Some(world.now()));
    world.ben().approve(id, &digest, &Less::default()).await.unwrap();
}

#[tokio::test]
async fn who_decides_after_a_time_is_told_then_once_and_the_log_says_so() {
    let world = World::new().await;
    let text = world::POLICY.replace(
        "ask: { count: 1, approvers: [leads] }",
        "ask: { count: 1, approvers: [leads], later: [{ after: 10m, approvers: [bosses] }] }",
    );
    world.portal.adopt_policy(Policy::parse(&text)).await.unwrap();
    let bob = world.as_person("bob", &["bosses"]);
    let escalated = || world.facts().into_iter().filter(|f| *f == "request-escalated").count();
    let id = world.asked("payments").await;
    let newest = world.store.newest_event().await.unwrap();
    let mut page = world.portal.changes(bob.frame().await.unwrap().person, newest);
    world.pass(Duration::from_secs(599)).await;
    assert_eq!((escalated(), bob.frame().await.unwrap().pending), (0, 0));
    for _ in 0..3 {
        world.pass(Duration::from_secs(1)).await;
    }
    assert_eq!((escalated(), bob.frame().await.unwrap().pending), (1, 1));
    assert!(page.next().await.unwrap().topics.contains(&"requests"), "the open page hears of it");
    let events = world.ana().request(id).await.unwrap().events;
    let Fact::RequestEscalated { approvers, after } = &events.last().unwrap().fact else {
        panic!("{events:?}")
    };
    assert_eq!((approvers[0].as_str(), *after), ("bosses", 600));
    // Neither another portal over the same store nor a restart tells it again; a change does.
    let other = World::stopped(std::sync::Arc::clone(&world.store));
    other.clock.advance(Duration::from_secs(700));
    other.portal.sweep().await.unwrap();
    assert_eq!(escalated(), 1);
    world.ana().change_request(id, ask("payments", "shell", "20m")).await.unwrap();
    world.pass(Duration::from_mins(10)).await;
    assert_eq!(escalated(), 2);
}

#[tokio::test]
async fn what_policy_looked_at_is_kept_with_the_request() {
    let world = World::new().await;
    let earlier = world.granted().await;
    assert_eq!(world.ana().request(earlier).await.unwrap().request.circumstances.holds, []);
    let id = world.asked("staging").await;
    let kept = world.ana().request(id).await.unwrap().request.circumstances;
    let role = RoleName::parse("shell").unwrap();
    assert_eq!(kept.holds, [Holding { place: world::place("payments"), role }]);
    assert_eq!(kept.labels.get("team").map(String::as_str), Some("shop"));
    world.ana().end_grant(earlier).await.unwrap();
    world.ana().change_request(id, ask("staging", "shell", "20m")).await.unwrap();
    assert_eq!(world.ana().request(id).await.unwrap().request.circumstances.holds, []);
}

#[tokio::test]
async fn what_the_policy_denies_meanwhile_is_granted_by_nobody() {
    let world = World::new().await;
    let id = world.asked("payments").await;
    let digest = world.digest(&world.ben(), id).await;
    world.ben().approve(id, &digest, &Less::default()).await.unwrap();
    let freeze = "  - { name: freeze, namespaces: [payments], deny: not during the freeze }\n";
    let frozen = Policy::parse(&format!("{}{freeze}", world::POLICY));
    world.portal.adopt_policy(frozen).await.unwrap();
    world.pass(UNDO).await;
    assert!(world.store.grants().is_empty());
    assert_eq!(world.facts().last(), Some(&"refused"));
    assert!(world.ana().request(id).await.unwrap().request.approvals.is_empty());
}

#[tokio::test]
async fn a_grant_may_wait_for_its_first_use() {
    let world = World::new().await;
    let text = world::POLICY.to_owned() + "clock: { starts: first-use, use_within: 20m }\n";
    world.portal.adopt_policy(Policy::parse(&text)).await.unwrap();
    let id = world.granted().await;
    world.pass(Duration::from_mins(19)).await;
    let view = world.ana().request(id).await.unwrap();
    assert_eq!(view.remaining, Duration::from_mins(1));
    assert!(!view.standing.may_extend && view.standing.may_open_shell);
    assert!(world.ana().home().await.unwrap().rows[0].held[0].unclaimed);
    let mut more = ask("payments", "shell", "1h");
    more.extends = Some(id);
    let early = world.ana().send_request(more).await;
    assert!(matches!(early, Err(Refusal::Conflict { .. })), "{early:?}");
    world.started(id).await;
    let grant = world.store.grants()[0].clone();
    assert_eq!((grant.remaining(world.now()), grant.unclaimed), (Duration::from_mins(30), None));
    assert!(world.facts().contains(&"grant-claimed"));
    world.started(id).await;
    let claimed = world.facts().into_iter().filter(|fact| *fact == "grant-claimed").count();
    assert_eq!(claimed, 1, "a second shell claims nothing");

    let other = world.granted().await;
    world.pass(Duration::from_mins(20)).await;
    let refused = world.ana().start_session(other, &world::pod(), &world::container()).await;
    assert!(matches!(refused, Err(Refusal::Conflict { .. })), "{refused:?}");
    let how =
        world.store.grants().into_iter().map(|grant| grant.state).find_map(|state| match state {
            GrantState::Ended { how, .. } => Some(how),
            GrantState::Active => None,
        });
    assert_eq!(how, Some(GrantEnd::Unused));
}

#[tokio::test]
async fn a_05_whoever_lost_the_right_before_the_grant_does_not_count() {
    let world = World::new().await;
    let id = world.asked("staging").await;
    let ben = world.ben().frame().await.unwrap().person;
    world.approve(&world.ben(), id).await;
    world.store.signed_in(&ben.key, [GroupName::parse("others").unwrap()].into());
    world.approve(&world.dora(), id).await;
    assert!(world.store.grants().is_empty());
    assert!(world.facts().contains(&"approval-voided"));
    let view = world.dora().request(id).await.unwrap();
    assert_eq!(view.request.approvals.len(), 1);
    // Who spoke for two groups and is left in one has not approved what stands there.
    let both = world.as_person("bea", &["leads", "platform"]);
    let key = both.frame().await.unwrap().person.key;
    let digest = world.digest(&both, id).await;
    both.approve(id, &digest, &Less::default()).await.unwrap();
    world.store.signed_in(&key, [GroupName::parse("leads").unwrap()].into());
    world.pass(UNDO).await;
    assert!(world.store.grants().is_empty());
}

#[tokio::test]
async fn a_05_what_policy_denies_to_the_person_of_today_is_not_granted() {
    let world = World::new().await;
    let id = world.asked("payments").await;
    let ana = world.ana().frame().await.unwrap().person;
    let digest = world.digest(&world.ben(), id).await;
    world.ben().approve(id, &digest, &Less::default()).await.unwrap();
    world.store.signed_in(&ana.key, [GroupName::parse("others").unwrap()].into());
    world.pass(UNDO).await;
    assert!(world.store.grants().is_empty());
    assert_eq!(world.facts().last(), Some(&"refused"));
}

#[tokio::test]
async fn a_05_the_approvals_of_a_disowned_account_are_void() {
    let world = World::new().await;
    let id = world.asked("staging").await;
    let ben = world.ben().frame().await.unwrap().person;
    world.approve(&world.ben(), id).await;
    world.portal.disowned(&ben.key).await.unwrap();
    world.approve(&world.dora(), id).await;
    assert!(world.store.grants().is_empty());
}

#[tokio::test]
async fn broken_glass_is_granted_at_once_told_to_all_and_reviewed_by_somebody_else() {
    let world = World::new().await;
    let mut urgent = ask("payments", "shell", "30m");
    urgent.urgency = Urgency::BreakGlass;
    let id = world.ana().send_request(urgent).await.unwrap();
    assert_eq!(world.store.grants().len(), 1);
    // Those who would have been asked see it, on every page, and those who review it must act.
    let waiting = world.ben().inbox(None).await.unwrap().waiting;
    assert_eq!(waiting.len(), 1);
    let warned = async |who: Bound| who.frame().await.unwrap().warnings;
    assert_eq!(
        warned(world.ben()).await,
        ["ana broke the glass in payments: you would have been asked. The review is owed."]
    );
    for other in [world.ana(), world.cleo(), world.dora()] {
        assert!(warned(other).await.is_empty());
    }
    assert_eq!(world.cleo().frame().await.unwrap().pending, 1);
    assert!(world.cleo().inbox(None).await.unwrap().needs_me[0].standing.may_review);
    let short = world.cleo().review_glass(id, "fine").await;
    assert!(matches!(short, Err(Refusal::Invalid(_))), "{short:?}");
    for who in [world.ana(), world.ben()] {
        let refused = who.review_glass(id, "this was surely needed").await;
        assert!(matches!(refused, Err(Refusal::Forbidden { .. })), "{refused:?}");
    }
    world.cleo().review_glass(id, "the queue was stuck, and nobody answered").await.unwrap();
    assert_eq!(world.cleo().frame().await.unwrap().pending, 0);
    assert!(warned(world.ben()).await.is_empty());
    assert_eq!(world.facts().last(), Some(&"glass-reviewed"));
}

#[tokio::test]
async fn the_glass_is_not_for_everybody() {
    let world = World::new().await;
    for namespace in ["staging", "kube-system"] {
        let mut urgent = ask(namespace, "shell", "30m");
        urgent.urgency = Urgency::BreakGlass;
        let refused = world.ana().send_request(urgent).await;
        assert!(matches!(refused, Err(Refusal::Denied { .. })), "{refused:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn more_time_is_asked_for_again_and_running_sessions_go_on() {
    let world = World::new().await;
    let id = world.granted().await;
    let session = world.started(id).await;
    let _browser = world.attach(session).await;
    world.until(session, "live").await;
    let first = world.store.grants()[0].clone();
    let mut more = ask("payments", "shell", "1h");
    more.extends = Some(id);
    let further = world.ana().send_request(more.clone()).await.unwrap();
    assert_eq!(world.store.grants().len(), 1, "somebody decides on it first");
    world.approve(&world.ben(), further).await;
    let until = domain::later(first.not_after, Duration::from_hours(1));
    loop {
        let row = world.ana().session(session).await.unwrap().row;
        if row.session.not_after == until {
            assert_eq!(row.request, further);
            break;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert!(world.facts().contains(&"session-extended"));
    assert_eq!(world.bridge.prolonged(), 1);
    // It is a session of both.
    for request in [id, further] {
        let shown = world.ana().request(request).await.unwrap().sessions;
        assert_eq!(shown.iter().map(|row| row.session.id).collect::<Vec<_>>(), [session]);
    }
    // Ending one of the two ends both, and what runs.
    world.ben().end_grant(id).await.unwrap();
    world.until(session, "ended").await;
    let active = world.store.grants().into_iter().filter(|grant| grant.check(world.now()).is_ok());
    assert_eq!(active.count(), 0);
    let over = world.ana().send_request(more).await;
    assert!(matches!(over, Err(Refusal::Conflict { .. })), "{over:?}");
}

#[tokio::test(start_paused = true)]
async fn broken_glass_stays_marked_and_seen_by_its_reviewers_when_it_is_prolonged() {
    let world = World::new().await;
    let text = world::POLICY.replace("reviewers: [security]", "reviewers: [reviewers]");
    world.portal.adopt_policy(Policy::parse(&text)).await.unwrap();
    let rita = world.as_person("rita", &["reviewers"]);
    let mut urgent = ask("payments", "shell", "30m");
    urgent.urgency = Urgency::BreakGlass;
    let id = world.ana().send_request(urgent).await.unwrap();
    let session = world.started(id).await;
    let _browser = world.attach(session).await;
    world.until(session, "live").await;
    let mut more = ask("payments", "shell", "1h");
    more.extends = Some(id);
    let further = world.ana().send_request(more).await.unwrap();
    world.approve(&world.ben(), further).await;
    while world.ana().session(session).await.unwrap().row.request != further {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert!(world.store.grants().iter().all(|grant| grant.broke_glass));
    // She decides nothing on what prolongs it, and looks after what runs all the same.
    let row = rita.session(session).await.unwrap().row;
    assert!(row.broke_glass && row.may_end);
    assert_eq!(rita.request(id).await.unwrap().sessions.len(), 1);
    assert_eq!(rita.request(further).await, Err(Refusal::NotFound));
}

#[tokio::test]
async fn more_time_is_for_what_is_held_and_while_it_is_held() {
    let world = World::new().await;
    let id = world.granted().await;
    let mut more = ask("payments", "shell", "1h");
    more.extends = Some(id);
    let mut elsewhere = more.clone();
    elsewhere.place = world::place("staging");
    let mut other = more.clone();
    other.role = "observe".parse().unwrap();
    let mut urgent = more.clone();
    urgent.urgency = Urgency::BreakGlass;
    for wrong in [elsewhere, other, urgent] {
        let refused = world.ana().send_request(wrong).await;
        assert!(matches!(refused, Err(Refusal::Forbidden { .. })), "{refused:?}");
    }
    // What ends before others decide is prolonged by nobody, nor is what ends before the grant.
    let early = world.ana().send_request(more.clone()).await.unwrap();
    let late = world.ana().send_request(more).await.unwrap();
    let digest = world.digest(&world.ben(), late).await;
    world.ben().approve(late, &digest, &Less::default()).await.unwrap();
    world.ana().end_grant(id).await.unwrap();
    let digest = world.digest(&world.ben(), early).await;
    let refused = world.ben().approve(early, &digest, &Less::default()).await;
    assert!(matches!(refused, Err(Refusal::Conflict { .. })), "{refused:?}");
    world.pass(UNDO).await;
    assert_eq!(world.store.grants().len(), 1);
    assert_eq!(world.facts().last(), Some(&"refused"));
}

#[tokio::test]
async fn a_07_no_more_time_is_ahead_of_anybody_than_policy_grants_at_once() {
    let world = World::new().await;
    let id = world.granted().await;
    let mut more = ask("payments", "shell", "2h");
    more.extends = Some(id);
    let refused = world.ana().send_request(more.clone()).await;
    assert!(matches!(refused, Err(Refusal::Invalid(_))), "{refused:?}");
    let form = world.ana().ask_form(&AskFor::More(id)).await.unwrap();
    assert_eq!(form.offers[0].ruling.longest, Duration::from_mins(90));
    more.length = "1h30m".into();
    let further = world.ana().send_request(more.clone()).await.unwrap();
    world.approve(&world.ben(), further).await;
    (more.extends, more.length) = (Some(further), "1m".into());
    let refused = world.ana().send_request(more.clone()).await;
    assert!(matches!(refused, Err(Refusal::Conflict { .. })), "{refused:?}");
    world.pass(Duration::from_mins(1)).await;
    assert!(world.ana().send_request(more).await.is_ok());
}

#[tokio::test]
async fn a_12_more_time_can_be_given_shorter_and_not_otherwise() {
    let world = World::new().await;
    let id = world.granted().await;
    let mut more = ask("payments", "shell", "1h");
    more.extends = Some(id);
    let further = world.ana().send_request(more).await.unwrap();
    let view = world.ben().request(further).await.unwrap();
    assert!(view.smaller.is_empty() && view.parts.is_empty());
    let one_pod = Less { scope: "Pod/web-1".into(), ..Less::default() };
    for wrong in [less("observe", ""), one_pod] {
        let refused = world.ben().approve(further, &view.digest, &wrong).await;
        assert!(matches!(refused, Err(Refusal::Invalid(_))), "{wrong:?}: {refused:?}");
    }
    world.ben().approve(further, &view.digest, &less("", "10m")).await.unwrap();
    world.pass(UNDO).await;
    assert_eq!(world.store.grants().len(), 2);
    // Nor does a change make it wider than what is held.
    let mut change = ask("payments", "shell", "5m");
    change.extends = Some(further);
    let waiting = world.ana().send_request(change.clone()).await.unwrap();
    (change.extends, change.scope) = (None, "Pod/web-1".into());
    world.ana().change_request(waiting, change).await.unwrap();
    let request = world.ana().request(waiting).await.unwrap().request;
    assert_eq!(request.scope, domain::Scope::Namespace);
}

#[tokio::test]
async fn a_14_more_time_that_is_granted_as_its_base_is_ended_ends_with_it() {
    let world = World::new().await;
    let id = world.granted().await;
    let base = world.store.grants()[0].id;
    let mut more = ask("payments", "shell", "1h");
    more.extends = Some(id);
    let further = world.ana().send_request(more).await.unwrap();
    world.approve(&world.ben(), further).await;
    // Whoever ended the base did not see the grant that was being made.
    let mut ended = world.store.grant(base).await.unwrap().unwrap();
    let by = Signer::from(&world.ben().frame().await.unwrap().person);
    ended.value = ended.value.end(GrantEnd::Revoked { by }, world.now()).unwrap();
    world.store.save_grant(&ended, &[]).await.unwrap();
    world.pass(Duration::from_secs(1)).await;
    let active = world.store.grants().into_iter().filter(|grant| grant.check(world.now()).is_ok());
    assert_eq!(active.count(), 0);
}

#[tokio::test]
async fn a_grant_can_begin_later() {
    let world = World::new().await;
    let mut planned = ask("payments", "observe", "1h");
    for wrong in ["yesterday", "1999-01-01T00:00", "2999-01-01T00:00"] {
        planned.starts = wrong.into();
        let refused = world.ana().send_request(planned.clone()).await;
        assert!(matches!(refused, Err(Refusal::Invalid(_))), "{wrong}: {refused:?}");
    }
    let tomorrow = domain::later(world.now(), Duration::from_hours(24));
    planned.starts = tomorrow.strftime("%Y-%m-%dT%H:%M:%S%.f").to_string();
    let id = world.ana().send_request(planned).await.unwrap();
    let view = world.ana().request(id).await.unwrap();
    assert_eq!(view.grant.map(|grant| grant.not_before), Some(tomorrow));
    assert!(view.remaining.is_zero() && !view.standing.may_open_shell && view.standing.may_end);
    let held = &world.ana().home().await.unwrap().rows[0].held[0];
    assert_eq!(held.begins, Some(tomorrow));
}

#[tokio::test]
async fn the_form_remembers_the_last_time_and_what_is_prolonged_or_changed() {
    let world = World::new().await;
    let form = |for_what| {
        let ana = world.ana();
        async move { ana.ask_form(&for_what).await.unwrap() }
    };
    assert_eq!(form(AskFor::Place(world::place("payments"))).await.last, None);
    let id = world.granted().await;
    let shown = form(AskFor::Place(world::place("payments"))).await;
    assert_eq!(shown.waits.values().collect::<Vec<_>>(), [&UNDO]);
    let again = shown.last.unwrap();
    assert_eq!((again.length.as_str(), again.role.as_str()), ("30m", "shell"));
    let more = form(AskFor::More(id)).await;
    assert!(more.extends.is_some());
    assert_eq!(more.offers.len(), 1);
    let waiting = world.asked("staging").await;
    assert!(form(AskFor::Change(waiting)).await.changes.is_some());
    let foreign = world.ben().ask_form(&AskFor::Change(waiting)).await;
    assert!(matches!(foreign, Err(Refusal::Conflict { .. })), "{foreign:?}");
}

#[tokio::test]
async fn one_person_has_no_more_at_once_than_policy_says() {
    let world = World::new().await;
    let text = world::POLICY.to_owned() + "limits: { open_requests: 1, active_grants: 1 }\n";
    world.portal.adopt_policy(Policy::parse(&text)).await.unwrap();
    let id = world.asked("payments").await;
    let second = world.ana().send_request(ask("staging", "shell", "30m")).await;
    assert!(matches!(second, Err(Refusal::Conflict { .. })), "{second:?}");
    world.approve(&world.ben(), id).await;
    let second = world.ana().send_request(ask("payments", "observe", "30m")).await;
    assert!(matches!(second, Err(Refusal::Conflict { .. })), "{second:?}");
    // A second account has no limits of its own, and what begins later counts, too.
    let text = text + "aliases: [[ana, ana-admin]]\n";
    world.portal.adopt_policy(Policy::parse(&text)).await.unwrap();
    let second = world.as_person("ana-admin", &["oncall"]);
    let refused = second.send_request(ask("payments", "observe", "30m")).await;
    assert!(matches!(refused, Err(Refusal::Conflict { .. })), "{refused:?}");
    world.ana().end_grant(id).await.unwrap();
    let mut planned = ask("payments", "observe", "30m");
    let tomorrow = domain::later(world.now(), Duration::from_hours(24));
    planned.starts = tomorrow.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    second.send_request(planned).await.unwrap();
    let refused = world.ana().send_request(ask("payments", "observe", "30m")).await;
    assert!(matches!(refused, Err(Refusal::Conflict { .. })), "{refused:?}");
}

#[tokio::test]
async fn tickets_and_patterns_are_asked_for_by_name() {
    let world = World::new().await;
    let text = world::POLICY.to_owned() + "ticket: { pattern: 'OPS-[0-9]+', example: OPS-12 }\n";
    let text = text.replace("at_least: 10", "at_least: 10, pattern: '(?i)deploy'");
    world.portal.adopt_policy(Policy::parse(&text)).await.unwrap();
    let mut asked = ask("payments", "observe", "30m");
    asked.reason = "something is wrong here".into();
    let Err(Refusal::Invalid(problems)) = world.ana().send_request(asked.clone()).await else {
        panic!("it was accepted")
    };
    let fields: Vec<_> = problems.iter().map(|problem| problem.field).collect();
    assert_eq!(fields, ["reason", "ticket"]);
    asked.reason = "wrong since the last deploy".into();
    asked.ticket = " OPS-7 ".into();
    let id = world.ana().send_request(asked).await.unwrap();
    let request = world.ana().request(id).await.unwrap().request;
    assert_eq!(request.ticket.as_deref(), Some("OPS-7"));
}

#[tokio::test]
async fn a_ticket_that_only_a_condition_looks_at_is_kept_and_counts_to_the_end() {
    let world = World::new().await;
    let form = world.ana().ask_form(&AskFor::Place(world::place("payments"))).await.unwrap();
    assert!(!form.ticket_may_count);
    let text =
        world::POLICY.replace("ask: { count: 1", "when: request.ticket != '', ask: { count: 1");
    world.portal.adopt_policy(Policy::parse(&text)).await.unwrap();
    let form = world.ana().ask_form(&AskFor::Place(world::place("payments"))).await.unwrap();
    assert!(form.ticket_may_count);
    let mut asked = ask("payments", "shell", "30m");
    let refused = world.ana().send_request(asked.clone()).await;
    assert!(matches!(refused, Err(Refusal::Denied { .. })), "{refused:?}");
    asked.ticket = "OPS\n7".into();
    let refused = world.ana().send_request(asked.clone()).await;
    assert!(matches!(refused, Err(Refusal::Invalid(_))), "{refused:?}");
    asked.ticket = " OPS-7 ".into();
    let id = world.ana().send_request(asked).await.unwrap();
    world.approve(&world.ben(), id).await;
    let request = world.ana().request(id).await.unwrap().request;
    assert_eq!(request.ticket.as_deref(), Some("OPS-7"));
    assert!(matches!(request.state, RequestState::Approved { .. }), "{request:?}");
}

#[tokio::test]
async fn people_talk_about_a_request_they_may_see() {
    let world = World::new().await;
    let id = world.asked("payments").await;
    world.ben().comment(id, "which pod?").await.unwrap();
    world.ana().comment(id, "web-1").await.unwrap();
    assert_eq!(world.eve().comment(id, "hello").await, Err(Refusal::NotFound));
    let empty = world.ben().comment(id, "  ").await;
    assert!(matches!(empty, Err(Refusal::Invalid(_))), "{empty:?}");
    let said = world.facts().into_iter().filter(|fact| *fact == "commented").count();
    assert_eq!(said, 2);
}

#[tokio::test]
async fn an_approver_sees_what_went_before_and_what_a_shell_reaches() {
    let world = World::new().await;
    let first = world.asked("payments").await;
    world.ben().deny(first, "logs are enough").await.unwrap();
    world.granted().await;
    let id = world.asked("payments").await;
    let insight = world.ben().request(id).await.unwrap().insight.unwrap();
    assert_eq!((insight.before.approved, insight.before.denied), (1, 1));
    let reached = ["its account web may read secrets", "runs privileged"];
    assert_eq!(insight.reach.unwrap()[0].what, reached);
    *world.cluster.powers.lock().unwrap() = Err(RightUnknown);
    let insight = world.ben().request(id).await.unwrap().insight.unwrap();
    assert_eq!(
        insight.reach.unwrap()[0].what[0],
        "acts as account web; the cluster did not say what that may do"
    );
    // While it is away nobody knows, and nobody says that there is nothing.
    let away = ClusterState::Unreachable { since: world.now(), why: "it is away".into() };
    *world.cluster.state.lock().unwrap() = away;
    let view = world.ben().request(id).await.unwrap();
    assert_eq!((view.insight.unwrap().reach, view.pods), (None, None));
    let own = world.ana().request(id).await.unwrap();
    assert_eq!(own.insight, None);
    assert!(matches!(own.request.state, RequestState::Pending));
}

#[tokio::test]
async fn the_policy_says_why_to_everybody_about_themselves_and_to_overseers_about_all() {
    let world = World::new().await;
    let about = |username: &str, groups: &str| Simulation {
        username: username.into(),
        groups: groups.into(),
        namespace: "payments".into(),
        role: "shell".into(),
        ..Simulation::default()
    };
    let own = world.ana().simulate(&about("", "")).await.unwrap();
    assert_eq!(own.ruling.rule.as_ref().unwrap().as_str(), "one");
    assert_eq!(own.account.unwrap().subject, "ana");
    assert_eq!(own.rules.iter().filter(|rule| rule.decides).count(), 1);
    let why = own.rules.iter().find(|rule| rule.name.as_str() == "two").unwrap();
    assert_eq!(why.why, "is for namespaces staging");
    let other = world.ana().simulate(&about("ben", "leads")).await;
    assert!(matches!(other, Err(Refusal::Forbidden { .. })), "{other:?}");
    let unknown = world.dora().simulate(&about("zoe", "")).await.unwrap();
    assert!(unknown.groups.is_empty());
    let other = world.dora().simulate(&about("zoe", "oncall, leads")).await.unwrap();
    assert!(other.ruling.decision.is_requestable());
    let before = world.facts().len();
    let view = world.ana().policy_view().await.unwrap();
    assert_eq!((view.rules, view.roles.len()), (None, 2), "roles to choose from, and no rules");
    assert_eq!(world.facts().len(), before, "looking at one's own page is no offence");
    world.granted().await;
    let known = world.dora().simulate(&about("ana", "")).await.unwrap();
    assert_eq!(known.groups, [GroupName::parse("oncall").unwrap()]);
    assert_eq!(known.holds.len(), 1);
    let rules = world.dora().policy_view().await.unwrap().rules.unwrap();
    let granted = rules.iter().map(|rule| (rule.name.as_str(), rule.decided.approved));
    let expected = [("look", 0), ("one", 1), ("two", 0), ("need", 0), ("never", 0)];
    assert_eq!(granted.collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn the_policy_says_that_a_namespace_is_unknown_to_whoever_may_ask_for_it() {
    let world = World::new().await;
    let anywhere = "  - { name: any, groups: [oncall], namespaces: ['shop-*'], approve: {} }\n";
    let text = format!("{}{anywhere}", world::POLICY);
    world.portal.adopt_policy(Policy::parse(&text)).await.unwrap();
    let about = |namespace: &str| Simulation {
        namespace: namespace.into(),
        role: "shell".into(),
        ..Simulation::default()
    };
    for (who, namespace, known) in [
        (world.ana(), "payments", true),
        (world.ana(), "shop-1", false),
        // Who may not ask for it is not told what is there.
        (world.ana(), "nowhere", true),
        (world.dora(), "nowhere", false),
    ] {
        let said = who.simulate(&about(namespace)).await.unwrap();
        assert_eq!(said.known, known, "{namespace}");
    }
}

#[tokio::test]
async fn what_a_rule_refused_is_in_the_log_and_counts_for_thirty_days() {
    let world = World::new().await;
    for _ in 0..2 {
        let refused = world.ana().send_request(ask("kube-system", "shell", "30m")).await;
        let Err(Refusal::Denied { rule: Some(rule), why, .. }) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(rule.as_str(), "never");
        assert!(why.contains("cluster components are not reached"), "{why}");
    }
    let refused = world.eve().send_request(ask("payments", "shell", "30m")).await;
    assert!(matches!(refused, Err(Refusal::Denied { rule: None, .. })), "{refused:?}");
    assert_eq!(world.facts().iter().filter(|fact| **fact == "refused").count(), 3);
    let policy = world.portal.policy().digest().to_string();
    for event in world.store.all_events() {
        let Fact::Refused { stamp, .. } = event.fact else { continue };
        assert_eq!(stamp.map(|stamp| stamp.policy), Some(policy.clone()));
    }
    let refused = async || {
        let rules = world.dora().policy_view().await.unwrap().rules.unwrap();
        let counts = rules.iter().map(|rule| (rule.name.to_string(), rule.decided.refused));
        counts.filter(|(_, count)| *count > 0).collect::<Vec<_>>()
    };
    assert_eq!(refused().await, [("never".to_owned(), 2)]);
    world.pass(Duration::from_hours(31 * 24)).await;
    assert_eq!(refused().await, []);
}

#[tokio::test]
async fn nobody_gets_more_than_they_may_by_asking_at_once() {
    let world = World::new().await;
    let ana = world.ana();
    let asked = (0..40).map(|_| ana.send_request(ask("payments", "shell", "30m")));
    let sent = futures::future::join_all(asked).await;
    let most = world.portal.policy().limits().open_requests;
    assert_eq!(sent.iter().filter(|sent| sent.is_ok()).count(), usize::from(most));
}

#[tokio::test]
async fn what_is_held_stays_on_the_first_page_whatever_becomes_of_its_role_and_its_cluster() {
    let world = World::new().await;
    let id = world.granted().await;
    let without = world::POLICY.replace("  shell:", "  terminal:").replace("[shell]", "[terminal]");
    world.portal.adopt_policy(Policy::parse(&without)).await.unwrap();
    world.cluster.namespaces.lock().unwrap().clear();
    let away = ClusterState::Unreachable { since: world.now(), why: "it is away".into() };
    *world.cluster.state.lock().unwrap() = away;
    let home = world.ana().home().await.unwrap();
    let held = &home.rows[0].held[0];
    assert_eq!((held.request, held.name.as_str(), &held.role), (id, "shell", &None));
    assert_eq!((home.rows[0].pods, home.unreachable[0].namespaces), (None, 0));
}

#[tokio::test]
async fn a_grant_waits_while_the_labels_of_its_namespace_are_unknown() {
    let world = World::new().await;
    let id = world.asked("payments").await;
    let digest = world.digest(&world.ben(), id).await;
    world.ben().approve(id, &digest, &Less::default()).await.unwrap();
    let known = std::mem::take(&mut *world.cluster.namespaces.lock().unwrap());
    let away = ClusterState::Unreachable { since: world.now(), why: "it is away".into() };
    *world.cluster.state.lock().unwrap() = away;
    world.pass(UNDO).await;
    assert!(world.store.grants().is_empty());
    *world.cluster.namespaces.lock().unwrap() = known;
    *world.cluster.state.lock().unwrap() = ClusterState::Reachable;
    world.pass(UNDO).await;
    assert_eq!(world.store.grants().len(), 1, "the approval was kept");
    // One that is gone is not granted.
    let id = world.asked("payments").await;
    let digest = world.digest(&world.ben(), id).await;
    world.ben().approve(id, &digest, &Less::default()).await.unwrap();
    world.cluster.namespaces.lock().unwrap().clear();
    world.pass(UNDO).await;
    assert_eq!(world.store.grants().len(), 1);
    assert_eq!(world.facts().last(), Some(&"refused"));
}

#[tokio::test]
async fn a_request_has_a_hundred_comments_and_no_more() {
    let world = World::new().await;
    let id = world.asked("payments").await;
    for _ in 0..100 {
        world.ana().comment(id, "still stuck").await.unwrap();
    }
    let refused = world.ana().comment(id, "still stuck").await;
    assert!(matches!(refused, Err(Refusal::Conflict { .. })), "{refused:?}");
}

#[tokio::test]
async fn what_waits_is_not_granted_beyond_the_grants_that_one_person_may_have() {
    let world = World::new().await;
    let text = world::POLICY.to_owned() + "limits: { open_requests: 5, active_grants: 1 }\n";
    world.portal.adopt_policy(Policy::parse(&text)).await.unwrap();
    let both = [world.asked("payments").await, world.asked("payments").await];
    let late = world.asked("payments").await;
    for id in both {
        let digest = world.digest(&world.ben(), id).await;
        world.ben().approve(id, &digest, &Less::default()).await.unwrap();
    }
    world.pass(UNDO).await;
    assert_eq!(world.store.grants().len(), 1);
    assert_eq!(world.facts().last(), Some(&"refused"));
    let digest = world.digest(&world.ben(), late).await;
    let refused = world.ben().approve(late, &digest, &Less::default()).await;
    let Err(Refusal::Conflict { what }) = refused else { panic!("{refused:?}") };
    assert_eq!(what, "ana holds as many grants as the policy allows at once");
    // More time is for what is held.
    let held = world.store.grants()[0].request;
    let mut more = ask("payments", "shell", "30m");
    more.extends = Some(held);
    let further = world.ana().send_request(more).await.unwrap();
    world.approve(&world.ben(), further).await;
    assert_eq!(world.store.grants().len(), 2);
}

#[tokio::test]
async fn a_start_is_ruled_on_as_of_then_and_broken_glass_has_none() {
    let world = World::new().await;
    let tomorrow = domain::later(world.now(), Duration::from_hours(24));
    let day = |at: jiff::Timestamp| at.strftime("%Y-%m-%d").to_string();
    let by_day = |at| {
        let today =
            format!("roles: [observe], namespaces: [payments], when: time.date == '{}'", day(at));
        let text = world::POLICY.replace("roles: [observe], namespaces: [payments]", &today);
        Policy::parse(&text)
    };
    let mut planned = ask("payments", "observe", "1h");
    planned.starts = tomorrow.strftime("%Y-%m-%dT%H:%M:%S%.f").to_string();
    world.portal.adopt_policy(by_day(world.now())).await.unwrap();
    let refused = world.ana().send_request(planned.clone()).await;
    assert!(matches!(refused, Err(Refusal::Denied { .. })), "{refused:?}");
    world.ana().send_request(ask("payments", "observe", "1h")).await.unwrap();
    world.portal.adopt_policy(by_day(tomorrow)).await.unwrap();
    world.ana().send_request(planned.clone()).await.unwrap();
    // Nor is what others approve granted for a day on which it is denied.
    let mut shell = ask("payments", "shell", "1h");
    shell.starts = planned.starts.clone();
    let id = world.ana().send_request(shell.clone()).await.unwrap();
    let digest = world.digest(&world.ben(), id).await;
    world.ben().approve(id, &digest, &Less::default()).await.unwrap();
    let freeze =
        format!("  - {{ name: freeze, when: time.date == '{}', deny: frozen }}\n", day(tomorrow));
    let frozen = Policy::parse(&format!("{}{freeze}", world::POLICY));
    world.portal.adopt_policy(frozen).await.unwrap();
    let before = world.store.grants().len();
    world.pass(UNDO).await;
    assert_eq!(world.store.grants().len(), before);
    assert_eq!(world.facts().last(), Some(&"refused"));
    // Broken glass is for now.
    world.portal.adopt_policy(Policy::parse(world::POLICY)).await.unwrap();
    shell.urgency = Urgency::BreakGlass;
    let refused = world.ana().send_request(shell).await;
    let Err(Refusal::Invalid(problems)) = refused else { panic!("{refused:?}") };
    assert_eq!(problems[0].field, "starts");
}

/// The policy with another rule for looking, which an approver may leave of a shell.
fn leaving(rule: &str) -> Policy {
    let text =
        world::POLICY.replace("  - { name: look,", &format!("  - {rule}\n  - {{ name: look,"));
    let text =
        text.replace("namespaces: [payments], approve: {}", "namespaces: [staging], approve: {}");
    Policy::parse(&text).unwrap()
}

#[tokio::test]
async fn a_07_what_an_approver_leaves_is_put_to_policy() {
    let world = World::new().await;
    let leave = async |rule: &str, length: &str| {
        let id = world.asked("payments").await;
        let rule = format!(
            "{{ name: less, groups: [oncall], roles: [observe], namespaces: [payments], {rule} }}"
        );
        world.portal.adopt_policy(Ok(leaving(&rule))).await.unwrap();
        let digest = world.digest(&world.ben(), id).await;
        let left = world.ben().approve(id, &digest, &less("observe", length)).await;
        (id, left)
    };
    for (rule, length, why) in [
        ("deny: not for looking", "", "the policy denies it now: not for looking"),
        ("longest: 10m, ask: { approvers: [leads] }", "", "at most 10 min now"),
        ("ask: { approvers: [platform] }", "", "asks others for what would be left"),
    ] {
        let (id, refused) = leave(rule, length).await;
        let Err(Refusal::Conflict { what }) = refused else { panic!("{rule}: {refused:?}") };
        assert!(what.contains(why), "{what}");
        let request = world.ana().request(id).await.unwrap().request;
        assert_eq!(request.role.as_str(), "shell", "nothing was left of it");
        world.ana().withdraw(id).await.unwrap();
    }
    let clock = "clock: { starts: first-use, use_within: 5m }, ask: { approvers: [leads] }";
    let (id, left) = leave(clock, "20m").await;
    left.unwrap();
    world.pass(UNDO).await;
    let grant = world.ana().request(id).await.unwrap().grant.unwrap();
    assert!(grant.unclaimed.is_some(), "it has the clock of its own rule");
    assert_eq!(grant.remaining(world.now()), Duration::from_mins(5));
}

#[tokio::test]
async fn a_05_those_whom_policy_asks_by_now_decide() {
    let asks = |quorum: &str| {
        let text = world::POLICY.replace("count: 1, approvers: [leads]", quorum);
        Policy::parse(&text)
    };
    let approve = async |world: &World, id| {
        let digest = world.digest(&world.ben(), id).await;
        world.ben().approve(id, &digest, &Less::default()).await
    };
    // After the approval and before the grant: others, or more.
    for quorum in ["count: 1, approvers: [platform]", "count: 2, approvers: [leads, platform]"] {
        let world = World::new().await;
        let id = world.asked("payments").await;
        approve(&world, id).await.unwrap();
        world.portal.adopt_policy(asks(quorum)).await.unwrap();
        world.pass(UNDO).await;
        assert!(world.store.grants().is_empty(), "{quorum}");
        assert_eq!(world.facts().last(), Some(&"approval-voided"));
        let row = &world.dora().inbox(None).await.unwrap().needs_me[0];
        assert_eq!((row.request.id, row.request.approvals.len()), (id, 0));
    }
    // Before the approval: who is not asked any more approves nothing, and the others are asked.
    let world = World::new().await;
    let id = world.asked("payments").await;
    world.portal.adopt_policy(asks("count: 1, approvers: [platform]")).await.unwrap();
    let refused = approve(&world, id).await;
    assert!(matches!(refused, Err(Refusal::Conflict { .. })), "{refused:?}");
    assert_eq!(world.facts().last(), Some(&"refused"));
    world.approve(&world.dora(), id).await;
    assert_eq!(world.store.grants().len(), 1);
    // Where more are asked by now, the approval counts as one of them.
    let world = World::new().await;
    let id = world.asked("payments").await;
    world.portal.adopt_policy(asks("count: 2, approvers: [leads, platform]")).await.unwrap();
    approve(&world, id).await.unwrap();
    world.pass(UNDO).await;
    assert!(world.store.grants().is_empty());
    world.approve(&world.dora(), id).await;
    assert_eq!(world.store.grants().len(), 1);
    // What asks the same is granted, and so is what would be granted at once.
    for policy in [asks("approvers: [leads], count: 1"), {
        Policy::parse(
            &world::POLICY.replace("ask: { count: 1, approvers: [leads] }", "approve: {}"),
        )
    }] {
        let world = World::new().await;
        let id = world.asked("payments").await;
        approve(&world, id).await.unwrap();
        world.portal.adopt_policy(policy).await.unwrap();
        world.pass(UNDO).await;
        assert_eq!(world.store.grants().len(), 1);
    }
}

#[tokio::test]
async fn a_02_an_approver_with_two_accounts_counts_once_whenever_that_is_declared() {
    let world = World::new().await;
    let declared = world::POLICY.to_owned() + "aliases: [[ben, ben-admin]]\n";
    let id = world.asked("staging").await;
    world.approve(&world.ben(), id).await;
    let other = world.as_person("ben-admin", &["platform"]);
    let digest = world.digest(&other, id).await;
    other.approve(id, &digest, &Less::default()).await.unwrap();
    world.portal.adopt_policy(Policy::parse(&declared)).await.unwrap();
    world.pass(UNDO).await;
    assert!(world.store.grants().is_empty());
    assert_eq!(world.facts().last(), Some(&"approval-voided"));
    let again = other.approve(id, &digest, &Less::default()).await;
    assert!(matches!(again, Err(Refusal::Conflict { .. })), "{again:?}");
    assert!(other.request(id).await.unwrap().standing.may_take_back);
    other.take_back(id).await.unwrap();
    assert!(world.ana().request(id).await.unwrap().request.approvals.is_empty());
}

#[tokio::test]
async fn an_approval_of_the_last_seconds_can_be_taken_back() {
    let world = World::new().await;
    let id = world.asked("payments").await;
    world.pass(Duration::from_hours(4) - Duration::from_secs(2)).await;
    let digest = world.digest(&world.ben(), id).await;
    world.ben().approve(id, &digest, &Less::default()).await.unwrap();
    world.pass(Duration::from_secs(3)).await;
    let standing = world.ben().request(id).await.unwrap().standing;
    assert!(standing.may_take_back);
    assert_eq!(standing.why_not.as_deref(), Some("You approved this request."));
    world.ben().take_back(id).await.unwrap();
    world.pass(UNDO).await;
    let request = world.ana().request(id).await.unwrap().request;
    assert!(matches!(request.state, RequestState::Lapsed { .. }), "{:?}", request.state);
}

#[tokio::test]
async fn a_role_is_less_where_it_lists_fewer_commands_and_no_other() {
    let world = World::new().await;
    let role = |name: &str, commands: &str| {
        format!(
            "  {name}: {{ title: T, summary: S., actions: [view, check], longest: 2h, \
             guarantee: recorded-only, commands: {{ {commands} }} }}\n"
        )
    };
    let (disk, load) = ("disk: { title: D, run: [df, -h] }", "load: { title: L, run: [uptime] }");
    let roles = [
        role("disk", disk),
        role("both", &format!("{disk}, {load}")),
        role("other", "disk: { title: D, run: [df, /] }"),
    ];
    let text = world::POLICY.replace("roles:\n", &format!("roles:\n{}", roles.concat()));
    let text = text.replace(
        "roles: [shell], namespaces: [payments], ask",
        "roles: [both], namespaces: [payments], ask",
    );
    world.portal.adopt_policy(Policy::parse(&text)).await.unwrap();
    let id = world.ana().send_request(ask("payments", "both", "30m")).await.unwrap();
    let smaller = world.ben().request(id).await.unwrap().smaller;
    assert_eq!(smaller.iter().map(|role| role.name.as_str()).collect::<Vec<_>>(), ["disk"]);
}

#[tokio::test]
async fn a_07_limits_are_kept_to_their_edge() {
    let world = World::new().await;
    let text = world::POLICY.to_owned() + "ticket: { pattern: 'O+', example: OO }\n";
    world.portal.adopt_policy(Policy::parse(&text)).await.unwrap();
    let edge = || {
        let mut asked = ask("payments", "observe", "8h");
        (asked.reason, asked.ticket) = ("x".repeat(1_000), "O".repeat(200));
        let furthest = domain::later(world.now(), Duration::from_hours(14 * 24));
        asked.starts = furthest.strftime("%Y-%m-%dT%H:%M:%S%.f").to_string();
        asked
    };
    world.ana().send_request(edge()).await.unwrap();
    let mut beyond = edge();
    (beyond.length, beyond.reason) = ("481m".into(), "x".repeat(1_001));
    beyond.ticket = "O".repeat(201);
    let later = domain::later(world.now(), Duration::from_secs(14 * 24 * 3_600 + 1));
    beyond.starts = later.strftime("%Y-%m-%dT%H:%M:%S%.f").to_string();
    let Err(Refusal::Invalid(problems)) = world.ana().send_request(beyond).await else {
        panic!("it was accepted")
    };
    let fields: Vec<_> = problems.iter().map(|problem| problem.field).collect();
    assert_eq!(fields, ["length", "starts", "reason", "ticket"]);
}
