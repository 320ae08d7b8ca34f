//! Several viewers of one session.

use std::sync::atomic::Ordering;
use std::time::Duration;

use broker::port::Attachment;
use domain::SessionEnd;
use domain::wire::{CloseCode, SPEAKS_EACH, ServerMessage, Size};
use tokio::time::timeout;

use super::stage::{GRACE, SIZE, Stage, login, settle, stopwatch, watcher, writer};

fn others(message: Option<ServerMessage>) -> Vec<(String, bool)> {
    match message {
        Some(ServerMessage::Present(people)) => {
            people.into_iter().map(|person| (person.name, person.types)).collect()
        }
        other => panic!("{other:?} does not say who is there"),
    }
}

#[tokio::test]
async fn a_new_writer_takes_over() {
    let stage = Stage::new();
    let (old, old_served) = stage.attach(writer("ana"));
    old.types(1, b"a");
    stage.pod.typed_to(1).await;
    let (mut new, _served) = stage.attach(writer("ana"));
    assert_eq!(old_served.await.unwrap(), CloseCode::TakenOver);
    old.types(2, b"from the old one");
    let attached = new.next().await;
    assert!(matches!(attached, Some(ServerMessage::Attached { taken: 1, .. })));
    new.types(2, b"b");
    assert_eq!(stage.pod.typed_to(2).await, b"ab");
}

#[tokio::test]
async fn a_writer_that_was_away_does_not_take_the_terminal_from_who_came_since() {
    let stage = Stage::new();
    let (mut away, away_served) = stage.attach(writer("ana"));
    let Some(ServerMessage::Attached { turn, .. }) = away.next().await else { panic!() };
    drop(away);
    away_served.await.unwrap();
    let (mut back, back_served) = stage.attach(Attachment { turn, ..writer("ana") });
    let attached = back.next().await;
    assert!(matches!(attached, Some(ServerMessage::Attached { turn: same, .. }) if same == turn));
    back.types(1, b"a");
    stage.pod.typed_to(1).await;
    drop(back);
    back_served.await.unwrap();

    let (new, new_served) = stage.attach(writer("ana"));
    new.types(2, b"b");
    stage.pod.typed_to(2).await;
    let too_late = Attachment { turn, size: Size { columns: 9, rows: 9 }, ..writer("ana") };
    let (mut old, old_served) = stage.attach(too_late);
    old.types(2, b"half a line");
    assert_eq!(old_served.await.unwrap(), CloseCode::TakenOver);
    assert_eq!(old.next().await, None);
    settle().await;
    assert!(!new_served.is_finished());
    assert_eq!(stage.pod.typed(), b"ab");
    assert!(!crate::lock(&stage.pod.wire.sizes).contains(&Size { columns: 9, rows: 9 }));
}

#[tokio::test]
async fn nothing_of_the_old_writer_is_accepted_once_the_new_one_knows_what_was() {
    let stage = Stage::new();
    stage.pod.stick(true);
    let (old, old_served) = stage.attach(writer("ana"));
    // More than there is room for: the old writer waits with one in its hand.
    for number in 1..40 {
        old.types(number, &vec![b'o'; 32_000]);
    }
    settle().await;
    let (mut new, _served) = stage.attach(writer("ana"));
    let Some(ServerMessage::Attached { taken, .. }) = new.next().await else { panic!() };
    assert_eq!(old_served.await.unwrap(), CloseCode::TakenOver);
    new.types(taken + 1, b"new");
    stage.pod.stick(false);
    let length = usize::try_from(taken).unwrap() * 32_000 + 3;
    let typed = stage.pod.typed_to(length).await;
    assert_eq!(&typed[length - 3..], b"new");
    assert!(typed[..length - 3].iter().all(|byte| *byte == b'o'));
}

#[tokio::test]
async fn o_17_signing_out_closes_the_viewers_of_that_sign_in_and_no_other() {
    let stage = Stage::new();
    let (_one, one) = stage.attach(writer("ana"));
    let (_same, same) = stage.attach(Attachment { login: login(1), ..watcher("ana") });
    let (mut other, other_served) = stage.attach(watcher("ben"));
    other.next().await;
    stage.terminal.sign_out(login(1));
    assert_eq!(one.await.unwrap(), CloseCode::SignedOut);
    assert_eq!(same.await.unwrap(), CloseCode::SignedOut);
    stage.pod.say("on").await;
    other.watch_to(2).await;
    assert!(!other_served.is_finished());
}

#[tokio::test]
async fn s_06_signing_out_closes_a_viewer_that_stands_still() {
    let stage = Stage::new();
    let (_stuck, served) = stage.attach_by(writer("ana"), 1);
    stage.pod.say("more than it takes").await;
    settle().await;
    stage.terminal.sign_out(login(1));
    assert_eq!(served.await.unwrap(), CloseCode::SignedOut);
}

#[tokio::test]
async fn everybody_sees_who_else_is_attached_and_who_types() {
    let stage = Stage::new();
    let (mut ana, _served) = stage.attach(writer("ana"));
    ana.next().await;
    let (mut ben, ben_served) = stage.attach(watcher("ben"));
    assert_eq!(others(ana.next().await), [("ben".to_owned(), false)]);
    ben.next().await;
    assert_eq!(others(ben.next().await), [("ana".to_owned(), true)]);
    drop(ben);
    ben_served.await.unwrap();
    assert_eq!(others(ana.next().await), []);
}

#[tokio::test]
async fn who_looks_on_is_told_the_size_of_the_writer_s_terminal() {
    let stage = Stage::new();
    let (mut ben, _served) = stage.attach(watcher("ben"));
    ben.next().await;
    let (mut ana, _served) = stage.attach(writer("ana"));
    let resized = |size| move |message: &ServerMessage| *message == ServerMessage::Resized(size);
    ben.expect(resized(SIZE)).await;
    ana.resizes(132, 43);
    ben.expect(resized(Size { columns: 132, rows: 43 })).await;
    settle().await;
    while let Some(message) = ana.try_next() {
        assert!(!matches!(message, ServerMessage::Resized(_)), "the writer decides it");
    }
}

#[tokio::test(start_paused = true)]
async fn viewers_are_told_how_much_time_is_left() {
    let stage = Stage::new();
    let (mut ana, _served) = stage.attach(writer("ana"));
    ana.next().await;
    stage.clock.pass(Duration::from_mins(59));
    let begin = stopwatch();
    assert_eq!(ana.next().await, Some(ServerMessage::TimeLeft(60_000)));
    assert_eq!(begin.elapsed(), SPEAKS_EACH);
}

#[tokio::test(start_paused = true)]
async fn a_viewer_is_never_left_in_silence_for_longer_than_was_agreed() {
    let stage = Stage::new();
    let (mut ana, _served) = stage.attach(writer("ana"));
    for _ in 0..50 {
        let begin = stopwatch();
        assert!(ana.next().await.is_some());
        assert!(begin.elapsed() <= SPEAKS_EACH);
    }
}

#[tokio::test(start_paused = true)]
async fn viewers_are_asked_for_a_sign_of_life_each_five_seconds() {
    let stage = Stage::new();
    let (ana, _served) = stage.attach(writer("ana"));
    settle().await;
    let at_once = ana.pings.load(Ordering::SeqCst);
    tokio::time::sleep(Duration::from_secs(51)).await;
    assert_eq!((at_once, ana.pings.load(Ordering::SeqCst)), (1, 11));
}

#[tokio::test(start_paused = true)]
async fn a_session_without_a_writer_is_given_up_after_the_grace_time() {
    let stage = Stage::new();
    let begin = stopwatch();
    let (mut looks_on, _served) = stage.attach(watcher("ben"));
    assert_eq!(stage.ended().await, SessionEnd::Abandoned);
    assert_eq!(begin.elapsed(), GRACE);
    assert_eq!(looks_on.last_words().await.as_deref(), Some("no terminal was attached any more"));
}

#[tokio::test(start_paused = true)]
async fn a_writer_that_comes_back_in_time_finds_its_session() {
    let stage = Stage::new();
    for _ in 0..3 {
        tokio::time::sleep(GRACE.saturating_sub(Duration::from_secs(1))).await;
        let (browser, served) = stage.attach(writer("ana"));
        tokio::time::sleep(GRACE * 2).await;
        assert!(!served.is_finished());
        drop(browser);
        served.await.unwrap();
    }
    let ended = timeout(GRACE.saturating_sub(Duration::from_secs(1)), stage.terminal.ended()).await;
    assert!(ended.is_err());
    assert_eq!(stage.ended().await, SessionEnd::Abandoned);
}

#[tokio::test(start_paused = true)]
async fn while_somebody_writes_the_other_sessions_of_the_grant_wait() {
    let stage = Stage::new();
    let beside = stage.beside();
    let (browser, served) = stage.attach(writer("ana"));
    let (_looks_on, _) = beside.attach(watcher("ben"));
    tokio::time::sleep(GRACE * 3).await;
    settle().await;
    assert!(timeout(Duration::from_millis(1), beside.terminal.ended()).await.is_err());
    let begin = stopwatch();
    drop(browser);
    served.await.unwrap();
    assert_eq!(beside.ended().await, SessionEnd::Abandoned);
    assert_eq!(stage.ended().await, SessionEnd::Abandoned);
    assert!(begin.elapsed() <= GRACE + Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_session_that_ends_does_not_hold_the_others_any_more() {
    let stage = Stage::new();
    let beside = stage.beside();
    let (_browser, _served) = stage.attach(writer("ana"));
    settle().await;
    stage.terminal.end(SessionEnd::EndedByPerson);
    stage.ended().await;
    assert_eq!(beside.ended().await, SessionEnd::Abandoned);
}
