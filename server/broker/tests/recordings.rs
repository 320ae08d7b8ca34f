//! Recordings: who may read, search, prove and review them, and what is written down of it.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

mod world;

use std::sync::Arc;
use std::time::Duration;

use broker::port::{Line, RecorderError};
use domain::broker::{
    Broker as _, Condition, Look, Proof, RecordingFilter, Refusal, Searched, Spot,
};
use domain::policy::Policy;
use domain::{Fact, Sealed, SessionId, SessionState};
use tokio::sync::Notify;
use world::World;

fn look() -> Look {
    Look::default()
}

async fn removed(world: &World, id: SessionId) {
    let fact = Fact::RecordingRemoved { why: "it is older than 90 d".into() };
    world.portal.note_recording(id, fact).await.unwrap();
}

fn shown(text: &str) -> RecordingFilter {
    RecordingFilter { shown: Some(text.into()), ..RecordingFilter::default() }
}

#[tokio::test(start_paused = true)]
async fn its_person_approvers_and_auditors_read_a_recording_and_each_opening_is_an_event() {
    let world = World::new().await;
    let id = world.ended().await;
    let before = world.facts().len();
    for reader in [world.ana(), world.ben(), world.cleo()] {
        let view = reader.recording(id, &look()).await.unwrap();
        assert!(matches!(view.condition, Condition::Playable(_)), "{:?}", view.condition);
    }
    assert_eq!(world.facts()[before..], ["recording-read"; 3]);
    assert_eq!(world.eve().recording(id, &look()).await.err(), Some(Refusal::NotFound));
    assert_eq!(world.facts().last(), Some(&"refused"));
}

#[tokio::test(start_paused = true)]
async fn what_an_open_page_asks_for_is_no_event_of_its_own() {
    let world = World::new().await;
    let id = world.ended().await;
    let cleo = world.cleo();
    cleo.recording(id, &look()).await.unwrap();
    let before = world.facts().len();
    cleo.outline(id).await.unwrap();
    cleo.stretch(id, 0).await.unwrap();
    cleo.transcript(id, Spot::At(0)).await.unwrap();
    cleo.find_in_recording(id, "error").await.unwrap();
    cleo.prove_recording(id).await.unwrap();
    assert_eq!(world.facts().len(), before);
}

#[tokio::test(start_paused = true)]
async fn whoever_goes_past_the_page_is_written_down_all_the_same() {
    let world = World::new().await;
    let id = world.ended().await;
    world.cleo().stretch(id, 0).await.unwrap();
    assert_eq!(world.facts().last(), Some(&"recording-read"));
    let before = world.facts().len();
    assert!(world.eve().stretch(id, 0).await.is_err());
    assert!(world.eve().outline(id).await.is_err());
    assert!(world.eve().transcript(id, Spot::At(0)).await.is_err());
    assert!(world.eve().find_in_recording(id, "x").await.is_err());
    assert!(world.eve().prove_recording(id).await.is_err());
    assert_eq!(world.facts()[before..], ["refused"; 5]);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_read_that_cannot_be_written_down() {
    let world = World::new().await;
    let id = world.ended().await;
    world.recorder.reads.store(0, std::sync::atomic::Ordering::SeqCst);
    world.store.refuse_events(true);
    assert!(world.cleo().recording(id, &look()).await.is_err());
    assert!(world.cleo().stretch(id, 0).await.is_err());
    assert!(world.cleo().recordings(&shown("error")).await.is_err());
    assert_eq!(world.recorder.reads.load(std::sync::atomic::Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn a_recording_is_compared_with_what_the_audit_log_says() {
    let world = World::new().await;
    let id = world.ended().await;
    let prove = async || world.cleo().prove_recording(id).await.unwrap();
    let Proof::Verified { digest, event } = prove().await else { panic!("not verified") };
    assert_eq!(digest, "sealed");
    assert_eq!(world.facts()[usize::try_from(event).unwrap() - 1], "session-ended");

    *world.recorder.proves.lock().unwrap() = Ok(Sealed { bytes: 0, digest: "another".into() });
    let differs = Proof::Differs { found: "blake3 another".into(), logged: "blake3 sealed".into() };
    assert_eq!(prove().await, differs);
    let why = "frame 3 was changed".to_owned();
    *world.recorder.proves.lock().unwrap() = Err(RecorderError::Unreadable(why.clone()));
    assert_eq!(prove().await, Proof::Broken { why });
    world.store.forget_ends();
    *world.recorder.proves.lock().unwrap() = Ok(Sealed { bytes: 0, digest: "sealed".into() });
    assert_eq!(prove().await, Proof::NotLogged { found: "blake3 sealed".into() });
}

#[tokio::test(start_paused = true)]
async fn t_10_the_file_of_an_archive_is_compared_too() {
    let world = World::new().await;
    let id = world.ended().await;
    let prove = async || world.cleo().prove_recording(id).await.unwrap();
    let note = async |digest: &str| {
        let fact = Fact::RecordingArchived { bytes: 9, digest: digest.into() };
        world.portal.note_recording(id, fact).await.unwrap();
    };
    let is = |file: &str| *world.recorder.file.lock().unwrap() = Some(file.into());
    is("made up");
    assert_eq!(prove().await, Proof::NotLogged { found: "SHA-256 made up".into() });

    // A portal that stopped before the first was in its place.
    note("given up").await;
    note("archived").await;
    is("archived");
    assert!(matches!(prove().await, Proof::Verified { .. }));
    is("repacked");
    let differs =
        Proof::Differs { found: "SHA-256 repacked".into(), logged: "SHA-256 archived".into() };
    assert_eq!(prove().await, differs);
    let view = world.cleo().recording(id, &look()).await.unwrap();
    let Condition::Playable(playable) = view.condition else { panic!("{:?}", view.condition) };
    assert_eq!(playable.proof, Some(differs));

    // As it was sealed, nothing but the frames is in it.
    *world.recorder.file.lock().unwrap() = None;
    assert!(matches!(prove().await, Proof::Verified { .. }));
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_played_says_why() {
    let world = World::new().await;
    let id = world.started(world.granted().await).await;
    let condition = async |id| world.cleo().recording(id, &look()).await.unwrap().condition;
    assert_eq!(condition(id).await, Condition::Unfinished);

    let id = world.ended().await;
    let fails = |cause| *world.recorder.fails.lock().unwrap() = Some(cause);
    fails(RecorderError::NotFound);
    assert_eq!(condition(id).await, Condition::Missing);
    let other = world.ended().await;
    removed(&world, other).await;
    assert_eq!(condition(id).await, Condition::Missing, "another one was removed");
    removed(&world, id).await;
    assert_eq!(condition(id).await, Condition::Removed);
    let why = "frame 3 was changed".to_owned();
    fails(RecorderError::Unreadable(why.clone()));
    assert_eq!(condition(id).await, Condition::Damaged { why });
    fails(RecorderError::Broken);
    assert!(matches!(world.cleo().recording(id, &look()).await, Err(Refusal::Unavailable { .. })));
}

#[tokio::test(start_paused = true)]
async fn a_recording_that_is_about_to_be_sealed_says_so_until_it_can_be_played() {
    let world = World::new().await;
    let id = world.started(world.granted().await).await;
    let _viewer = world.attach(id).await;
    world.until(id, "live").await;
    let cleaning = Arc::new(Notify::new());
    *world.cluster.hold_cleaning.lock().unwrap() = Some(Arc::clone(&cleaning));
    world.ana().end_session(id).await.unwrap();
    while world.facts().last() != Some(&"session-ending") {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let condition = async || world.ana().recording(id, &look()).await.unwrap().condition;
    assert_eq!(condition().await, Condition::Sealing);
    assert!(!world.facts().contains(&"recording-read"), "nothing of it was shown");
    cleaning.notify_one();
    world.until(id, "ended").await;
    assert!(matches!(condition().await, Condition::Playable(_)));
}

#[tokio::test(start_paused = true)]
async fn a_recording_that_a_broken_journal_left_is_played_and_proven_after_the_next_start() {
    let world = World::new().await;
    let id = world.started(world.granted().await).await;
    let _viewer = world.attach(id).await;
    world.until(id, "live").await;
    world.recorder.break_down();
    world.ana().end_session(id).await.unwrap();
    world.until(id, "ended").await;
    let view = world.cleo().recording(id, &look()).await.unwrap();
    assert_eq!((view.condition, view.may_review), (Condition::Unsealed, false));
    assert!(world.cleo().recordings(&RecordingFilter::default()).await.unwrap().rows.is_empty());

    let seal = Sealed { bytes: 7, digest: "found".into() };
    let next = World::stopped(Arc::clone(&world.store));
    next.recorder.left_open.lock().unwrap().push((id, seal.clone()));
    *next.recorder.proves.lock().unwrap() = Ok(seal.clone());
    next.portal.start().await.unwrap();
    let event = world.store.all_events().pop().unwrap();
    assert_eq!((event.session, event.fact), (Some(id), Fact::RecordingSealed { recording: seal }));
    assert!(event.request.is_some() && event.grant.is_some() && event.place.is_some());
    let condition = next.cleo().recording(id, &look()).await.unwrap().condition;
    let Condition::Playable(playable) = condition else { panic!("{condition:?}") };
    let Some(Proof::Verified { digest, event }) = playable.proof else { panic!("not verified") };
    assert_eq!(digest, "found");
    assert_eq!(next.facts()[usize::try_from(event).unwrap() - 1], "recording-sealed");
    let listed = next.cleo().recordings(&shown("")).await.unwrap().rows;
    assert_eq!(listed[0].session.session.id, id);

    let events = world.store.all_events().len();
    World::stopped(Arc::clone(&world.store)).portal.start().await.unwrap();
    let added = world.store.all_events().split_off(events);
    assert_eq!(added.len(), 1, "only that it started: {added:?}");
}

#[tokio::test(start_paused = true)]
async fn a_seal_that_came_late_is_added_before_the_recording_is_archived() {
    let world = World::new().await;
    let id = world.started(world.granted().await).await;
    assert_eq!(world.portal.note_seal(id).await, Ok(false), "it runs");
    let _viewer = world.attach(id).await;
    world.until(id, "live").await;
    world.recorder.break_down();
    world.ana().end_session(id).await.unwrap();
    world.until(id, "ended").await;
    *world.recorder.proves.lock().unwrap() = Err(RecorderError::Unreadable("torn".into()));
    assert_eq!(world.portal.note_seal(id).await, Ok(true), "it is never known");
    assert_eq!(world.facts().last(), Some(&"session-ended"));
    let seal = Sealed { bytes: 7, digest: "late".into() };
    *world.recorder.proves.lock().unwrap() = Ok(seal.clone());
    for _ in 0..2 {
        assert_eq!(world.portal.note_seal(id).await, Ok(true));
        assert_eq!(world.facts().iter().filter(|word| **word == "recording-sealed").count(), 1);
    }
    let SessionState::Ended { recording, .. } = world.state(id).await else { panic!() };
    assert_eq!(recording, Some(seal));
}

#[tokio::test(start_paused = true)]
async fn where_no_shell_was_open_nothing_was_recorded() {
    let world = World::new().await;
    let id = world.started(world.granted().await).await;
    world.ana().end_session(id).await.unwrap();
    world.until(id, "ended").await;
    let condition = world.cleo().recording(id, &look()).await.unwrap().condition;
    assert_eq!(condition, Condition::NotBegun);
}

#[tokio::test(start_paused = true)]
async fn a_text_is_found_in_what_may_be_read_and_the_search_is_an_event() {
    let world = World::new().await;
    let id = world.ended().await;
    let line = |at_us, text: &str| Line { at_us, text: text.into() };
    *world.recorder.shows.lock().unwrap() =
        vec![line(9, "error again"), line(1, "$ ls"), line(7, "Error: no such file")];
    let list = world.cleo().recordings(&shown(" ERROR ")).await.unwrap();
    assert_eq!(list.searched, Some(Searched { read: 1, shortened: 0, unread: 0 }));
    let hit = list.rows[0].hit.clone().unwrap();
    assert_eq!((list.rows[0].session.session.id, hit.line.at_us, hit.lines), (id, 7, 2));
    let sought = Fact::RecordingsSearched { text: "error".into() };
    assert_eq!(world.store.all_events().last().unwrap().fact, sought);

    let none = world.cleo().recordings(&shown("panic")).await.unwrap();
    assert!(
        none.rows.is_empty()
            && none.searched == Some(Searched { read: 1, shortened: 0, unread: 0 })
    );
    let eve = world.eve().recordings(&shown("error")).await.unwrap();
    assert!(
        eve.rows.is_empty() && eve.searched == Some(Searched { read: 0, shortened: 0, unread: 0 }),
        "not hers to search"
    );
    let all = world.cleo().recordings(&shown("  ")).await.unwrap();
    assert_eq!((all.rows.len(), all.searched), (1, None));
}

#[tokio::test(start_paused = true)]
async fn what_a_search_cannot_read_is_counted_apart_and_what_was_removed_is_not() {
    let world = World::new().await;
    let id = world.ended().await;
    let searched = async |cause| {
        *world.recorder.fails.lock().unwrap() = Some(cause);
        world.cleo().recordings(&shown("error")).await.unwrap().searched
    };
    let damaged = RecorderError::Unreadable("frame 3 was changed".into());
    for cause in [RecorderError::Locked, damaged, RecorderError::NotFound] {
        assert_eq!(searched(cause).await, Some(Searched { read: 0, shortened: 0, unread: 1 }));
    }
    removed(&world, id).await;
    assert_eq!(
        searched(RecorderError::NotFound).await,
        Some(Searched { read: 0, shortened: 0, unread: 0 })
    );
}

#[tokio::test(start_paused = true)]
async fn where_a_transcript_has_not_every_line_the_page_and_the_search_say_so() {
    let world = World::new().await;
    let id = world.ended().await;
    *world.recorder.missing.lock().unwrap() = 9;
    let condition = world.cleo().recording(id, &look()).await.unwrap().condition;
    let Condition::Playable(playable) = condition else { panic!("{condition:?}") };
    assert_eq!(playable.excerpt.missing, 9);
    let searched = world.cleo().recordings(&shown("error")).await.unwrap().searched;
    assert_eq!(searched, Some(Searched { read: 1, shortened: 1, unread: 0 }));
}

#[tokio::test(start_paused = true)]
async fn t_06_no_line_of_a_transcript_controls_anything() {
    let world = World::new().await;
    let id = world.ended().await;
    let text = "  plain \u{1b}[31m\u{202e}backwards ".to_owned();
    *world.recorder.shows.lock().unwrap() = vec![Line { at_us: 1, text }];
    let excerpt = world.cleo().transcript(id, Spot::At(0)).await.unwrap();
    assert_eq!(excerpt.lines[0].text, "  plain [31mbackwards");
}

#[tokio::test(start_paused = true)]
async fn nobody_reviews_the_recording_of_their_own_session() {
    let world = World::new().await;
    let id = world.ended().await;
    let refused = world.ana().review_recording(id).await;
    assert!(matches!(refused, Err(Refusal::Forbidden { .. })), "{refused:?}");
    assert_eq!(world.facts().last(), Some(&"refused"));
    assert_eq!(world.eve().review_recording(id).await, Err(Refusal::NotFound));
    assert!(!world.ana().recording(id, &look()).await.unwrap().may_review);
}

#[tokio::test(start_paused = true)]
async fn a_01_nor_does_their_other_account() {
    let world = World::new().await;
    let id = world.ended().await;
    let text = world::POLICY.to_owned() + "aliases: [[ana, cleo]]\n";
    world.portal.adopt_policy(Policy::parse(&text)).await.unwrap();
    let refused = world.cleo().review_recording(id).await;
    assert!(matches!(refused, Err(Refusal::Forbidden { .. })), "{refused:?}");
}

#[tokio::test(start_paused = true)]
async fn a_recording_is_reviewed_once_and_everybody_sees_by_whom() {
    let world = World::new().await;
    let id = world.ended().await;
    assert!(world.cleo().recording(id, &look()).await.unwrap().may_review);
    world.cleo().review_recording(id).await.unwrap();
    assert_eq!(world.facts().last(), Some(&"recording-reviewed"));
    for reader in [world.ana(), world.ben()] {
        let view = reader.recording(id, &look()).await.unwrap();
        assert_eq!(view.review.unwrap().by.username.as_str(), "cleo");
        assert!(!view.may_review);
        let list = reader.recordings(&RecordingFilter::default()).await.unwrap();
        assert_eq!(list.rows[0].review.as_ref().unwrap().by.username.as_str(), "cleo");
    }
    let again = world.ben().review_recording(id).await;
    assert!(matches!(again, Err(Refusal::Conflict { .. })), "{again:?}");
}

#[tokio::test(start_paused = true)]
async fn a_recording_that_is_not_finished_is_not_reviewed() {
    let world = World::new().await;
    let id = world.started(world.granted().await).await;
    assert_eq!(world.cleo().review_recording(id).await, Err(Refusal::NotFound));
}
