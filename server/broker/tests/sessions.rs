//! Sessions: who may start, join and end them, and that each ends.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

mod world;

use std::sync::Arc;
use std::time::Duration;

use broker::FirstMessage;
use broker::port::{RecorderError, Shortage};
use domain::broker::{Broker as _, Refusal, SessionView};
use domain::wire::{CloseCode, Size};
use domain::{ContainerName, Fact, LeftBehind, SessionEnd, SessionId, SessionState, UNDO};
use tokio::sync::Notify;
use world::terminal::QuietViewer;
use world::{World, ask, container, login, pod};

fn how(state: &SessionState) -> &SessionEnd {
    match state {
        SessionState::Ended { how, .. } => how,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_is_announced_before_the_cluster_hears_of_it() {
    let world = World::new().await;
    let session = world.started(world.granted().await).await;
    assert_eq!(world.facts().last(), Some(&"session-starting"));
    assert!(world.cluster.opened.lock().unwrap().is_empty());
    let _viewer = world.attach(session).await;
    world.until(session, "live").await;
    let opened = world.cluster.opened.lock().unwrap()[0].clone();
    let identity = opened.identity("shorepass:");
    assert_eq!(
        (identity.user.as_str(), identity.group.as_str()),
        ("shorepass:ana", "jit:shell:payments")
    );
}

#[tokio::test(start_paused = true)]
async fn the_end_is_written_after_the_processes_were_looked_for() {
    let world = World::new().await;
    let session = world.started(world.granted().await).await;
    let _viewer = world.attach(session).await;
    world.until(session, "live").await;
    world.ana().end_session(session).await.unwrap();
    let state = world.until(session, "ended").await;
    assert_eq!(*how(&state), SessionEnd::EndedByPerson);
    assert_eq!(world.cluster.cleaned.lock().unwrap().len(), 1);
    assert_eq!(
        world.facts()[4..],
        ["session-starting", "session-live", "session-ending", "session-ended"]
    );
    // The API server's log names our own events.
    let events = world.store.all_events();
    let of = |word| events.iter().find(|event| event.fact.word() == word).unwrap().id;
    let told = world.cluster.audit_ids.lock().unwrap().clone();
    assert_eq!(told, [of("session-starting"), of("session-ending")]);
}

#[tokio::test(start_paused = true)]
async fn an_end_is_written_once_though_the_database_answered_too_late() {
    let world = World::new().await;
    let session = world.started(world.granted().await).await;
    let _viewer = world.attach(session).await;
    world.until(session, "live").await;
    world.store.answer_late();
    world.ana().end_session(session).await.unwrap();
    world.until(session, "ended").await;
    tokio::time::sleep(Duration::from_mins(1)).await;
    let ends = world.facts().iter().filter(|fact| **fact == "session-ended").count();
    assert_eq!(ends, 1);
    // Where the answer to its beginning came too late, it ends, and its end is written.
    let session = world.started(world.granted().await).await;
    world.store.answer_late();
    let _viewer = world.attach(session).await;
    let state = world.until(session, "ended").await;
    let SessionState::Ended { recording, .. } = state else { panic!("it has not ended") };
    assert!(recording.is_some());
}

#[tokio::test(start_paused = true)]
async fn nobody_runs_more_than_they_may_by_asking_at_once() {
    let world = World::new().await;
    let id = world.granted().await;
    let (ana, pod, container) = (world.ana(), pod(), container());
    let starts = (0..20).map(|_| ana.start_session(id, &pod, &container));
    let started = futures::future::join_all(starts).await;
    assert_eq!(started.iter().filter(|started| started.is_ok()).count(), 3);
}

#[test]
fn what_another_portal_may_be_running_is_left_alone_until_its_time_is_over() {
    let portal = || {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_all().start_paused(true).build().unwrap()
    };
    let first = portal();
    let (store, session) = first.block_on(async {
        let world = World::new().await;
        let session = world.started(world.granted().await).await;
        let _viewer = world.attach(session).await;
        world.until(session, "live").await;
        (Arc::clone(&world.store), session)
    });
    // It dies, and its recording with it.
    drop(first);
    portal().block_on(async {
        let other = World::stopped(store);
        *other.recorder.proves.lock().unwrap() = Err(RecorderError::NotFound);
        other.portal.start().await.unwrap();
        tokio::time::sleep(Duration::from_mins(30)).await;
        assert_eq!(other.state(session).await.word(), "live");
        tokio::time::sleep(Duration::from_mins(2)).await;
        assert_eq!(*how(&other.until(session, "ended").await), SessionEnd::PortalStopped);
    });
}

/// A session that ended and left this behind, as it was looked for again and again.
async fn left_behind(world: &World, leaves: impl IntoIterator<Item = LeftBehind>) -> SessionId {
    world.cluster.leaves.lock().unwrap().extend(leaves);
    world.ended().await
}

async fn left(world: &World, session: SessionId) -> LeftBehind {
    match world.state(session).await {
        SessionState::Ended { left, .. } => left,
        other => panic!("{other:?}"),
    }
}

/// Waits until what is left is written down anew.
async fn cleaned_up(world: &World) {
    while world.facts().last() != Some(&"session-cleaned-up") {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_container_that_was_out_of_reach_is_looked_into_again() {
    let world = World::new().await;
    let found = [LeftBehind::Unknown, LeftBehind::Unknown, LeftBehind::Processes { count: 2 }];
    let session = left_behind(&world, found).await;
    assert_eq!(left(&world, session).await, LeftBehind::Unknown);
    assert_eq!(world.facts().last(), Some(&"session-ended"), "nobody waits for the container");
    cleaned_up(&world).await;
    assert_eq!(left(&world, session).await, LeftBehind::Nothing);
    assert_eq!(world.cleaned(), 4);
    tokio::time::sleep(Duration::from_hours(1)).await;
    assert_eq!(world.cleaned(), 4, "nothing was left");
}

#[tokio::test(start_paused = true)]
async fn what_stays_in_a_container_is_named_and_not_looked_for_for_ever() {
    let world = World::new().await;
    let stays = LeftBehind::Processes { count: 1 };
    let session = left_behind(&world, std::iter::repeat_n(stays, 1_000)).await;
    cleaned_up(&world).await;
    assert_eq!(left(&world, session).await, stays);
    let looked = world.cleaned();
    tokio::time::sleep(Duration::from_hours(1)).await;
    assert_eq!(world.cleaned(), looked);
}

#[tokio::test(start_paused = true)]
async fn a_17_a_container_that_was_out_of_reach_is_looked_into_after_a_restart() {
    let world = World::new().await;
    let session = left_behind(&world, [LeftBehind::Unknown]).await;
    world.portal.stop().await;
    let next = World::stopped(Arc::clone(&world.store));
    next.portal.start().await.unwrap();
    cleaned_up(&next).await;
    assert_eq!(left(&next, session).await, LeftBehind::Nothing);
    assert_eq!(next.cleaned(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_12_a_grant_for_logs_opens_no_shell() {
    let world = World::new().await;
    let id = world.ana().send_request(ask("payments", "observe", "1h")).await.unwrap();
    let refused = world.ana().start_session(id, &pod(), &container()).await;
    assert!(matches!(refused, Err(Refusal::Forbidden { .. })), "{refused:?}");
    assert_eq!(world.facts().last(), Some(&"refused"));
}

#[tokio::test(start_paused = true)]
async fn nobody_uses_somebody_else_s_grant() {
    let world = World::new().await;
    let id = world.granted().await;
    for other in [world.ben(), world.cleo(), world.dora(), world.eve()] {
        assert!(other.start_session(id, &pod(), &container()).await.is_err());
    }
}

#[tokio::test(start_paused = true)]
async fn a_stale_link_opens_nothing() {
    let world = World::new().await;
    let id = world.granted().await;
    world.clock.advance(Duration::from_mins(30));
    let refused = world.ana().start_session(id, &pod(), &container()).await;
    assert!(matches!(refused, Err(Refusal::Conflict { .. })), "{refused:?}");
}

#[tokio::test(start_paused = true)]
async fn a_container_that_does_not_run_is_refused_in_plain_words() {
    let world = World::new().await;
    let id = world.granted().await;
    let down = ContainerName::parse("down").unwrap();
    let refused = world.ana().start_session(id, &pod(), &down).await.unwrap_err();
    assert_eq!(refused.to_string(), "the container is not running: Waiting: CrashLoopBackOff");
}

#[tokio::test(start_paused = true)]
async fn a_14_a_session_revoked_while_it_opens_never_starts() {
    let world = World::new().await;
    let held = Arc::new(Notify::new());
    *world.cluster.hold_opening.lock().unwrap() = Some(Arc::clone(&held));
    let id = world.granted().await;
    let session = world.started(id).await;
    let viewer = world.attach(session).await;
    tokio::task::yield_now().await;
    world.ben().end_grant(id).await.unwrap();
    let state = world.until(session, "ended").await;
    assert!(matches!(how(&state), SessionEnd::Revoked { .. }));
    held.notify_waiters();
    assert_eq!(viewer.await.unwrap(), CloseCode::Ended);
    assert!(world.cluster.opened.lock().unwrap().is_empty());
    assert_eq!(world.cleaned(), 2, "the API server may have opened it after the first look");
}

#[tokio::test(start_paused = true)]
async fn a_14_a_grant_that_another_process_ends_ends_what_runs_here() {
    let world = World::new().await;
    let id = world.granted().await;
    let session = world.started(id).await;
    let _viewer = world.attach(session).await;
    world.until(session, "live").await;
    let other = World::stopped(Arc::clone(&world.store));
    other.ben().end_grant(id).await.unwrap();
    world.pass(Duration::from_secs(1)).await;
    let state = world.until(session, "ended").await;
    assert!(matches!(how(&state), SessionEnd::Revoked { by } if by.username.as_str() == "ben"));
}

#[tokio::test(start_paused = true)]
async fn what_another_process_runs_is_left_to_it() {
    let world = World::new().await;
    let session = world.started(world.granted().await).await;
    let _viewer = world.attach(session).await;
    world.until(session, "live").await;
    let other = World::stopped(Arc::clone(&world.store));
    *other.recorder.proves.lock().unwrap() = Err(RecorderError::NotFound);
    other.portal.start().await.unwrap();
    tokio::task::yield_now().await;
    assert_eq!(other.state(session).await.word(), "live");
    assert_eq!(other.cleaned(), 0);
}

#[tokio::test(start_paused = true)]
async fn nobody_else_runs_what_a_store_of_its_own_knows() {
    let world = World::new().await;
    let session = world.started(world.granted().await).await;
    let next = World::stopped_alone(Arc::clone(&world.store));
    *next.recorder.proves.lock().unwrap() = Err(RecorderError::NotFound);
    next.portal.start().await.unwrap();
    let settles = next.until(session, "ended");
    let state = tokio::time::timeout(Duration::from_secs(10), settles).await.unwrap();
    assert_eq!(*how(&state), SessionEnd::PortalStopped);
}

#[tokio::test(start_paused = true)]
async fn a_session_that_an_approver_ends_cannot_be_opened_again() {
    let world = World::new().await;
    let id = world.granted().await;
    let session = world.started(id).await;
    let _viewer = world.attach(session).await;
    world.until(session, "live").await;
    world.ben().end_session(session).await.unwrap();
    let state = world.until(session, "ended").await;
    assert!(matches!(how(&state), SessionEnd::Revoked { by } if by.username.as_str() == "ben"));
    assert!(world.ana().start_session(id, &pod(), &container()).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn giving_a_grant_back_ends_its_sessions() {
    let world = World::new().await;
    let id = world.granted().await;
    let session = world.started(id).await;
    let _viewer = world.attach(session).await;
    world.until(session, "live").await;
    world.ana().end_grant(id).await.unwrap();
    assert_eq!(*how(&world.until(session, "ended").await), SessionEnd::EndedByPerson);
    assert!(matches!(world.ana().end_grant(id).await, Err(Refusal::Conflict { .. })));
}

#[tokio::test(start_paused = true)]
async fn w_03_a_ticket_is_for_one_person_one_sign_in_and_one_session() {
    let world = World::new().await;
    let session = world.started(world.granted().await).await;
    let ana = world.ana().frame().await.unwrap().person;
    let ben = world.ben().frame().await.unwrap().person;
    for (person, sign_in) in [(&ben, login("ben")), (&ana, login("ben")), (&ben, login("ana"))] {
        let ticket = world.ana().terminal_ticket(session).await.unwrap();
        let size = Size { columns: 80, rows: 24 };
        let first = FirstMessage { offset: 0, turn: 0, size, ticket: ticket.secret };
        let code =
            world.portal.attach(person, sign_in, session, first, &mut QuietViewer::new()).await;
        assert_eq!(code, CloseCode::NotAllowed);
    }
    assert!(matches!(world.state(session).await, SessionState::Starting));
}

#[tokio::test(start_paused = true)]
async fn s_05_setting_the_wall_clock_back_prolongs_nothing() {
    let world = World::new().await;
    let id = world.granted().await;
    world.clock.step(-3_600);
    let refused = world.ana().start_session(id, &pod(), &container()).await;
    assert!(refused.is_err(), "the grant has not begun on a clock that was set back");
    world.clock.step(3_600 - 600);
    let again = world.ana().start_session(id, &pod(), &container()).await;
    assert!(again.is_err());
    world.clock.step(601);
    let session = world.started(id).await;
    let _viewer = world.attach(session).await;
    world.until(session, "live").await;
    let deadline = world.bridge.deadlines.lock().unwrap()[0];
    let made = Duration::from_secs(1_000) + UNDO;
    assert_eq!(deadline.since_boot, made + Duration::from_secs(30 * 60 - 1));
}

#[tokio::test(start_paused = true)]
async fn s_05_a_clock_that_is_set_back_after_the_end_prolongs_nothing_beside_other_grants() {
    let world = World::new().await;
    let id = world.granted().await;
    // The end has passed by the clock that cannot be stepped, and not by the wall clock.
    world.clock.advance(Duration::from_mins(30));
    world.clock.step(-20 * 60);
    world.granted().await;
    let session = world.started(id).await;
    let _viewer = world.attach(session).await;
    let state = world.until(session, "ended").await;
    assert_eq!(*how(&state), SessionEnd::TimeIsUp);
}

#[tokio::test(start_paused = true)]
async fn a_grant_that_begins_later_lasts_as_long_as_it_says() {
    let world = World::new().await;
    let mut planned = ask("payments", "shell", "30m");
    let start = domain::later(world.now(), Duration::from_hours(1));
    planned.starts = start.strftime("%Y-%m-%dT%H:%M:%S%.f").to_string();
    let id = world.ana().send_request(planned).await.unwrap();
    world.approve(&world.ben(), id).await;
    assert!(world.ana().start_session(id, &pod(), &container()).await.is_err(), "too early");
    world.pass(Duration::from_hours(1)).await;
    let session = world.started(id).await;
    let _viewer = world.attach(session).await;
    world.until(session, "live").await;
    let deadline = world.bridge.deadlines.lock().unwrap()[0];
    assert_eq!(deadline.since_boot, Duration::from_secs(1_000) + Duration::from_mins(90));
}

#[tokio::test(start_paused = true)]
async fn t_08_nothing_starts_when_it_cannot_be_recorded() {
    let world = World::new().await;
    let id = world.granted().await;
    world.recorder.break_down();
    let refused = world.ana().start_session(id, &pod(), &container()).await;
    assert!(matches!(refused, Err(Refusal::Unavailable { .. })), "{refused:?}");
}

#[tokio::test(start_paused = true)]
async fn t_08_nothing_starts_when_the_disk_is_nearly_full_and_what_runs_goes_on() {
    let world = World::new().await;
    let id = world.granted().await;
    let session = world.started(id).await;
    let _viewer = world.attach(session).await;
    world.until(session, "live").await;
    *world.recorder.shortage.lock().unwrap() = Some(Shortage { free: 100 << 20, needed: 1 << 30 });
    let words = "the disk for recordings is nearly full: 100 MiB are free, and 1024 MiB must be \
                 before a session starts";
    let refused = world.ana().start_session(id, &pod(), &container()).await.unwrap_err();
    assert_eq!(refused.to_string(), words);
    assert_eq!(world.portal.ready().await.unwrap_err().to_string(), words);
    let warnings = world.eve().frame().await.unwrap().warnings;
    assert_eq!(warnings, ["The disk is nearly full: no session can be opened."]);
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert_eq!(world.state(session).await.word(), "live");
    *world.recorder.shortage.lock().unwrap() = None;
    world.started(id).await;
}

#[tokio::test(start_paused = true)]
async fn one_person_runs_a_bounded_number_of_sessions() {
    let world = World::new().await;
    let id = world.granted().await;
    for _ in 0..3 {
        world.started(id).await;
    }
    let refused = world.ana().start_session(id, &pod(), &container()).await;
    assert!(matches!(refused, Err(Refusal::Conflict { .. })), "{refused:?}");
}

#[tokio::test(start_paused = true)]
async fn a_session_nobody_attaches_to_ends() {
    let world = World::new().await;
    let session = world.started(world.granted().await).await;
    tokio::task::yield_now().await;
    tokio::time::advance(Duration::from_secs(31)).await;
    assert_eq!(*how(&world.until(session, "ended").await), SessionEnd::Abandoned);
    assert!(world.cluster.opened.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_17_what_ran_when_the_portal_died_is_ended_at_the_next_start() {
    let world = World::new().await;
    let id = world.granted().await;
    let session = world.started(id).await;
    let _viewer = world.attach(session).await;
    world.until(session, "live").await;

    let next = World::stopped(Arc::clone(&world.store));
    next.portal.start().await.unwrap();
    let state = next.until(session, "ended").await;
    assert_eq!(*how(&state), SessionEnd::PortalStopped);
    assert_eq!(next.cluster.cleaned.lock().unwrap().len(), 1);
    // Nothing was left open: a start in between sealed it, and died before it could say so.
    let SessionState::Ended { recording, .. } = state else { panic!("it has not ended") };
    assert_eq!(recording, next.recorder.proves.lock().unwrap().clone().ok());
}

#[tokio::test(start_paused = true)]
async fn what_an_earlier_process_ran_is_said_to_be_lost_at_once() {
    let world = World::new().await;
    let session = world.started(world.granted().await).await;
    let _viewer = world.attach(session).await;
    world.until(session, "live").await;
    // The next process has not even begun to settle it.
    let next = World::stopped_alone(Arc::clone(&world.store));
    assert_eq!(next.state(session).await.word(), "live");
    let lost = Refusal::Over { how: SessionEnd::PortalStopped };
    assert_eq!(next.ana().terminal_ticket(session).await, Err(lost.clone()));
    next.portal.start().await.unwrap();
    next.until(session, "ended").await;
    assert_eq!(next.ana().terminal_ticket(session).await, Err(lost));
}

#[tokio::test(start_paused = true)]
async fn what_runs_at_another_portal_is_not_said_to_be_lost() {
    let world = World::new().await;
    let session = world.started(world.granted().await).await;
    let _viewer = world.attach(session).await;
    world.until(session, "live").await;
    let other = World::stopped(Arc::clone(&world.store));
    let refused = other.ana().terminal_ticket(session).await;
    assert!(matches!(refused, Err(Refusal::Conflict { .. })), "{refused:?}");
    let cleaning = Arc::new(Notify::new());
    *world.cluster.hold_cleaning.lock().unwrap() = Some(Arc::clone(&cleaning));
    world.ana().end_session(session).await.unwrap();
    while world.facts().last() != Some(&"session-ending") {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let over = Refusal::Over { how: SessionEnd::EndedByPerson };
    assert_eq!(other.ana().terminal_ticket(session).await, Err(over));
    cleaning.notify_one();
}

#[tokio::test(start_paused = true)]
async fn the_grace_time_is_that_of_the_role() {
    let world = World::new().await;
    let session = world.started(world.granted().await).await;
    let _viewer = world.attach(session).await;
    world.until(session, "live").await;
    assert_eq!(*world.bridge.graces.lock().unwrap(), [Duration::from_secs(40)]);
}

#[tokio::test(start_paused = true)]
async fn before_a_restart_everybody_hears_of_it_and_nothing_starts() {
    let world = World::new().await;
    let id = world.granted().await;
    let (live, waiting) = (world.started(id).await, world.started(id).await);
    let _viewer = world.attach(live).await;
    world.until(live, "live").await;
    let portal = Arc::clone(&world.portal);
    let drained = tokio::spawn(async move { portal.drain(Duration::from_secs(30)).await });
    assert_eq!(*how(&world.until(waiting, "ended").await), SessionEnd::PortalStopped);
    assert_eq!(world.bridge.restarts.lock().unwrap().len(), 1);
    let refused = world.ana().start_session(id, &pod(), &container()).await;
    assert!(matches!(refused, Err(Refusal::Conflict { .. })), "{refused:?}");
    assert!(world.portal.ready().await.is_err());
    let warnings = world.eve().frame().await.unwrap().warnings;
    assert!(warnings[0].contains("terminals end in 30 s"), "{warnings:?}");

    assert!(!drained.is_finished(), "one session still runs");
    world.ana().end_session(live).await.unwrap();
    tokio::time::timeout(Duration::from_secs(20), drained).await.unwrap().unwrap();
    assert_eq!(*how(&world.state(live).await), SessionEnd::EndedByPerson);
}

#[tokio::test(start_paused = true)]
async fn a_session_that_is_being_opened_hears_of_the_restart_once_it_runs() {
    let world = World::new().await;
    let held = Arc::new(Notify::new());
    *world.cluster.hold_opening.lock().unwrap() = Some(Arc::clone(&held));
    let session = world.started(world.granted().await).await;
    let viewer = world.attach(session).await;
    tokio::task::yield_now().await;
    let portal = Arc::clone(&world.portal);
    let drained = tokio::spawn(async move { portal.drain(Duration::from_secs(30)).await });
    tokio::task::yield_now().await;
    assert!(world.bridge.restarts.lock().unwrap().is_empty());
    held.notify_waiters();
    world.until(session, "live").await;
    assert_eq!(world.bridge.restarts.lock().unwrap().len(), 1);

    drained.await.unwrap();
    assert!(!viewer.is_finished(), "the time is over and it still runs");
    world.portal.stop().await;
    assert_eq!(*how(&world.state(session).await), SessionEnd::PortalStopped);
    viewer.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn that_somebody_watches_is_told_to_everybody_concerned() {
    let world = World::new().await;
    let id = world.granted().await;
    let session = world.started(id).await;
    let _viewer = world.attach(session).await;
    world.until(session, "live").await;
    let _watcher = world.attach_as(&world.cleo(), "cleo", session).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let watched = world.store.all_events().into_iter().find(|event| event.fact == Fact::Watched);
    let watched = watched.unwrap();
    assert_eq!((watched.request, watched.place), (Some(id), Some(world::place("payments"))));
}

#[tokio::test(start_paused = true)]
async fn strangers_see_no_session_and_end_none() {
    let world = World::new().await;
    let session = world.started(world.granted().await).await;
    assert_eq!(world.eve().session(session).await, Err(Refusal::NotFound));
    assert_eq!(world.eve().end_session(session).await, Err(Refusal::NotFound));
    assert!(world.eve().sessions().await.unwrap().is_empty());
    assert_eq!(world.eve().terminal_ticket(session).await.err(), Some(Refusal::NotFound));
    assert_eq!(world.cleo().sessions().await.unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_session_is_seen_beside_the_others_that_its_person_has_under_the_grant() {
    let world = World::new().await;
    let id = world.granted().await;
    let first = world.started(id).await;
    world.clock.advance(Duration::from_secs(1));
    let second = world.started(id).await;
    let seen = world.ana().session(second).await.unwrap();
    let ids =
        |view: &SessionView| view.terminals.iter().map(|row| row.session.id).collect::<Vec<_>>();
    assert_eq!(ids(&seen), [first, second]);
    assert!(seen.may_open);
    let looked_at = world.ben().session(second).await.unwrap();
    assert!(!looked_at.may_open && looked_at.terminals.is_empty(), "they are ana's");

    world.ana().end_session(first).await.unwrap();
    world.until(first, "ended").await;
    assert_eq!(ids(&world.ana().session(second).await.unwrap()), [second]);
    let ended = world.ana().session(first).await.unwrap();
    assert_eq!(ids(&ended), [first, second], "its own tab stays");
    assert!(ended.may_open);

    world.ana().end_grant(id).await.unwrap();
    world.until(second, "ended").await;
    assert!(!world.ana().session(second).await.unwrap().may_open);
}

#[tokio::test(start_paused = true)]
async fn t_08_a_session_ends_when_the_audit_log_cannot_be_written() {
    let world = World::new().await;
    let session = world.started(world.granted().await).await;
    let viewer = world.attach(session).await;
    world.until(session, "live").await;
    world.store.break_down(true);
    tokio::time::timeout(Duration::from_secs(5), viewer).await.unwrap().unwrap();
    world.store.break_down(false);
    assert_eq!(*how(&world.until(session, "ended").await), SessionEnd::NotRecorded);
}
