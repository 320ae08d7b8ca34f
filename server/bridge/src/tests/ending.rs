//! The end of a session.

use std::sync::Arc;
use std::time::Duration;

use broker::port::{Clock as _, Deadline, ShellCut, ShellEvent, Stream};
use domain::SessionEnd;
use domain::wire::{CloseCode, ServerMessage};
use tokio::time::timeout;

use super::shell::Script;
use super::stage::{DEADLINE, ManualClock, Stage, settle, watcher, writer};
use super::tape::{Habit, MemoryTape};
use crate::fate::Fate;
use crate::watchdog::Watchdog;

/// Sessions end at most so long after their time.
const AT_MOST: Duration = Duration::from_secs(1);

async fn time_is_up(stage: &Stage) {
    assert_eq!(timeout(AT_MOST, stage.ended()).await, Ok(SessionEnd::TimeIsUp));
}

#[tokio::test]
async fn s_02_a_flood_ends_at_the_deadline() {
    let stage = Stage::with(MemoryTape::default(), Script::Flood);
    let (mut browser, served) = stage.attach(writer("ana"));
    let (mut other, _served) = stage.attach(watcher("ben"));
    browser.watch_to(100_000).await;
    stage.clock.pass(DEADLINE);
    time_is_up(&stage).await;
    let recorded = stage.tape.output().len();
    assert_eq!(served.await.unwrap(), CloseCode::TimeIsUp);
    assert_eq!(browser.last_words().await.as_deref(), Some("the granted time is over"));
    assert_eq!(other.last_words().await.as_deref(), Some("the granted time is over"));
    for browser in [browser, other] {
        assert!(browser.latest < DEADLINE, "no output was sent after the deadline");
    }
    settle().await;
    assert_eq!(stage.tape.output().len(), recorded);
}

#[tokio::test]
async fn a_session_that_is_prolonged_goes_on_to_its_new_deadline_and_no_further() {
    const MORE: Duration = Duration::from_mins(30);
    let stage = Stage::new();
    let (mut browser, _served) = stage.attach(writer("ana"));
    settle().await;
    stage.terminal.prolong(Deadline { since_boot: DEADLINE + MORE });
    let left = browser.expect(|message| matches!(message, ServerMessage::TimeLeft(_))).await;
    assert_eq!(left, ServerMessage::TimeLeft(90 * 60_000));
    // An earlier deadline shortens nothing: only an end does.
    stage.terminal.prolong(Deadline { since_boot: DEADLINE });
    stage.clock.pass(DEADLINE);
    stage.pod.say("still here").await;
    browser.watch_to(10).await;
    stage.clock.pass(MORE);
    time_is_up(&stage).await;
}

#[tokio::test]
async fn s_02_output_that_is_durable_is_not_shown_after_the_deadline() {
    let stage = Stage::with(MemoryTape::new(Habit::Manual), Script::Told);
    let (mut browser, _served) = stage.attach(writer("ana"));
    stage.pod.say("too late").await;
    settle().await;
    stage.clock.pass(DEADLINE);
    stage.tape.make_durable(8);
    assert_eq!(browser.last_words().await.as_deref(), Some("the granted time is over"));
    assert_eq!(browser.screen, b"");
    time_is_up(&stage).await;
}

#[tokio::test]
async fn s_02_a_viewer_that_stands_still_does_not_outlast_the_deadline() {
    let stage = Stage::with(MemoryTape::default(), Script::Flood);
    let (_stuck, served) = stage.attach_by(writer("ana"), 2);
    settle().await;
    stage.clock.pass(DEADLINE);
    time_is_up(&stage).await;
    assert_eq!(timeout(AT_MOST, served).await.unwrap().unwrap(), CloseCode::TimeIsUp);
}

#[tokio::test]
async fn s_03_keystrokes_that_wait_for_the_shell_never_arrive_after_the_deadline() {
    let stage = Stage::new();
    let (browser, _served) = stage.attach(writer("ana"));
    stage.pod.stick(true);
    for number in 1..50 {
        browser.types(number, b"delete everything\r");
    }
    settle().await;
    stage.clock.pass(DEADLINE);
    stage.pod.stick(false);
    time_is_up(&stage).await;
    settle().await;
    assert_eq!(stage.pod.typed(), b"", "not even what the shell was about to take");
}

#[tokio::test]
async fn s_03_keystrokes_after_the_deadline_reach_nothing() {
    let stage = Stage::new();
    let (browser, _served) = stage.attach(writer("ana"));
    settle().await;
    stage.clock.pass(DEADLINE);
    browser.types(1, b"late");
    time_is_up(&stage).await;
    assert_eq!(stage.pod.typed(), b"");
}

#[tokio::test]
async fn s_02_a_tape_that_is_stuck_does_not_outlast_the_deadline() {
    let stage = Stage::with(MemoryTape::new(Habit::Stuck), Script::Flood);
    let (_browser, _served) = stage.attach(writer("ana"));
    settle().await;
    stage.clock.pass(DEADLINE);
    time_is_up(&stage).await;
}

#[test]
fn s_04_the_deadline_needs_no_runtime() {
    let clock = Arc::new(ManualClock::default());
    let watchdog = Arc::new(Watchdog::start(clock.clone()).unwrap());
    let fates: Vec<_> = [1, 2, 3, 3]
        .map(|seconds| Deadline { since_boot: Duration::from_secs(seconds) })
        .map(|deadline| (deadline, Arc::new(Fate::new(clock.clone(), deadline))))
        .into();
    let watches: Vec<_> =
        fates.iter().map(|(deadline, fate)| watchdog.watch(*deadline, Arc::clone(fate))).collect();
    for (deadline, fate) in &fates[..3] {
        assert_eq!(fate.how(), None);
        clock.pass(deadline.since_boot.saturating_sub(clock.since_boot()));
        while fate.how().is_none() {
            std::thread::yield_now();
        }
        assert_eq!(fate.how(), Some(&SessionEnd::TimeIsUp));
    }
    while fates[3].1.how().is_none() {
        std::thread::yield_now();
    }
    drop(watches);
}

#[test]
fn s_05_the_deadline_needs_no_timer() {
    let clock = Arc::new(ManualClock::default());
    let fate = Fate::new(clock.clone(), Deadline { since_boot: Duration::from_secs(5) });
    clock.pass(Duration::from_micros(4_999_999));
    assert!(!fate.is_halted());
    clock.pass(Duration::from_micros(1));
    assert!(fate.is_halted());
    assert_eq!(fate.how(), Some(&SessionEnd::TimeIsUp));
}

#[tokio::test]
async fn s_01_an_end_from_outside_stops_output_at_once() {
    let stage = Stage::with(MemoryTape::default(), Script::Flood);
    let (mut browser, served) = stage.attach(watcher("ben"));
    browser.watch_to(100_000).await;
    stage.terminal.end(SessionEnd::EndedByPerson);
    assert_eq!(timeout(AT_MOST, stage.ended()).await, Ok(SessionEnd::EndedByPerson));
    assert_eq!(served.await.unwrap(), CloseCode::Ended);
    assert_eq!(browser.last_words().await.as_deref(), Some("its person ended the session"));
}

#[tokio::test]
async fn the_first_reason_counts() {
    let stage = Stage::new();
    let (_browser, served) = stage.attach(writer("ana"));
    settle().await;
    stage.terminal.end(SessionEnd::EndedByPerson);
    stage.terminal.end(SessionEnd::PortalStopped);
    stage.clock.pass(DEADLINE);
    assert_eq!(stage.ended().await, SessionEnd::EndedByPerson);
    assert_eq!(served.await.unwrap(), CloseCode::Ended);
}

#[tokio::test]
async fn an_end_from_outside_cuts_the_delivery_of_what_is_left_after_an_exit() {
    let stage = Stage::new();
    let (mut browser, served) = stage.attach(writer("ana"));
    stage.pod.say(vec![b'x'; 2_000_000]).await;
    stage.pod.tell(Ok(ShellEvent::Exited { code: 0 })).await;
    settle().await;
    stage.terminal.end(SessionEnd::EndedByPerson);
    let shown = browser.offset();
    assert_eq!(timeout(AT_MOST, stage.ended()).await, Ok(SessionEnd::Exited { code: 0 }));
    assert_eq!(served.await.unwrap(), CloseCode::Ended);
    browser.last_words().await;
    assert!(browser.offset() >= shown && browser.offset() < 2_000_000);
}

#[tokio::test]
async fn everybody_hears_of_a_restart_beforehand() {
    let stage = Stage::new();
    let (mut ana, served) = stage.attach(writer("ana"));
    settle().await;
    stage.terminal.announce_restart(Deadline { since_boot: Duration::from_secs(30) });
    let wanted = |left| move |message: &ServerMessage| *message == ServerMessage::Restarting(left);
    ana.expect(wanted(30_000)).await;
    stage.clock.pass(Duration::from_secs(12));
    let (mut late, _served) = stage.attach(watcher("ben"));
    late.expect(wanted(18_000)).await;
    assert!(!served.is_finished(), "nothing ends yet");
    stage.terminal.end(SessionEnd::PortalStopped);
    assert_eq!(served.await.unwrap(), CloseCode::Restarting);
}

#[tokio::test]
async fn a_portal_that_restarts_says_so() {
    let stage = Stage::new();
    let (mut browser, served) = stage.attach(writer("ana"));
    stage.terminal.end(SessionEnd::PortalStopped);
    assert_eq!(served.await.unwrap(), CloseCode::Restarting);
    assert_eq!(browser.last_words().await, None, "the code says it");
    let (_late, served) = stage.attach(writer("ana"));
    assert_eq!(served.await.unwrap(), CloseCode::Restarting);
    stage.ended().await;
}

#[tokio::test]
async fn t_08_a_journal_that_breaks_ends_the_session_even_when_it_is_idle() {
    let stage = Stage::new();
    let (mut browser, served) = stage.attach(writer("ana"));
    while stage.tape.other(Stream::Size).is_empty() {
        tokio::task::yield_now().await;
    }
    stage.tape.break_down();
    assert_eq!(timeout(AT_MOST, stage.ended()).await, Ok(SessionEnd::NotRecorded));
    assert_eq!(served.await.unwrap(), CloseCode::Ended);
    assert_eq!(browser.last_words().await.as_deref(), Some("it could not be recorded any more"));
}

#[tokio::test(start_paused = true)]
async fn t_08_a_disk_that_hangs_ends_the_session_within_five_seconds() {
    for habit in [Habit::Manual, Habit::Stuck] {
        let stage = Stage::with(MemoryTape::new(habit), Script::Told);
        let (_browser, _served) = stage.attach(writer("ana"));
        stage.pod.say("waits for the disk").await;
        let ended = timeout(Duration::from_secs(5), stage.ended()).await;
        assert_eq!(ended, Ok(SessionEnd::NotRecorded), "{habit:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_disk_is_not_taken_for_one_that_hangs() {
    let stage = Stage::with(MemoryTape::new(Habit::Manual), Script::Told);
    let (mut browser, served) = stage.attach(writer("ana"));
    for end in 1..20 {
        stage.pod.say("x").await;
        stage.pod.say("x").await;
        tokio::time::sleep(Duration::from_secs(3)).await;
        stage.tape.make_durable(end);
    }
    stage.tape.make_durable(38);
    tokio::time::sleep(Duration::from_secs(10)).await;
    browser.watch_to(38).await;
    assert!(!served.is_finished());
}

#[tokio::test(start_paused = true)]
async fn a_shell_that_ends_at_once_is_still_shown_to_its_first_viewer() {
    let stage = Stage::new();
    stage.pod.say("sh: no such option\r\n").await;
    stage.pod.tell(Ok(ShellEvent::Exited { code: 2 })).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let (mut browser, served) = stage.attach(writer("ana"));
    browser.watch_to(20).await;
    assert_eq!(browser.last_words().await.as_deref(), Some("the shell exited with code 2"));
    assert_eq!(served.await.unwrap(), CloseCode::Ended);
    let ended = timeout(AT_MOST, stage.ended()).await;
    assert_eq!(ended, Ok(SessionEnd::Exited { code: 2 }));
}

#[tokio::test]
async fn a_stream_that_breaks_is_told_apart_from_a_shell_that_exits() {
    let stage = Stage::new();
    let (mut browser, _served) = stage.attach(writer("ana"));
    stage.pod.say("last").await;
    stage.pod.tell(Err(ShellCut { what: "connection reset".to_owned() })).await;
    browser.watch_to(4).await;
    let words = browser.last_words().await;
    assert_eq!(words.as_deref(), Some("the cluster ended the stream: connection reset"));
    let cut = SessionEnd::Cut { what: "connection reset".to_owned() };
    assert_eq!(stage.ended().await, cut);
}

#[tokio::test(start_paused = true)]
async fn a_shell_that_takes_no_input_any_more_may_still_say_why() {
    let stage = Stage::new();
    let (browser, _served) = stage.attach(writer("ana"));
    settle().await;
    stage.pod.break_input();
    browser.types(1, b"exit\r");
    settle().await;
    stage.pod.tell(Ok(ShellEvent::Exited { code: 3 })).await;
    drop(browser);
    assert_eq!(stage.ended().await, SessionEnd::Exited { code: 3 });

    let stage = Stage::new();
    let (browser, _served) = stage.attach(writer("ana"));
    settle().await;
    stage.pod.break_input();
    browser.types(1, b"exit\r");
    let how = timeout(Duration::from_secs(3), stage.ended());
    drop(browser);
    assert_eq!(how.await, Ok(SessionEnd::Cut { what: "broken pipe".to_owned() }));
}

#[tokio::test]
async fn an_image_without_a_shell_is_named() {
    let stage = Stage::new();
    let (mut browser, _served) = stage.attach(writer("ana"));
    stage.pod.tell(Ok(ShellEvent::NoShell)).await;
    let how = stage.ended().await;
    assert!(matches!(how, SessionEnd::NotOpened { .. }));
    assert_eq!(browser.last_words().await, Some(how.words()));
}

#[tokio::test]
async fn a_session_that_nobody_holds_resets_its_shell() {
    let Stage { pod, terminal, .. } = Stage::new();
    settle().await;
    assert!(!pod.is_reset());
    drop(terminal);
    settle().await;
    assert!(pod.is_reset());
}

#[tokio::test]
async fn who_comes_after_the_end_is_told_the_end() {
    let stage = Stage::new();
    stage.terminal.end(SessionEnd::EndedByPerson);
    stage.ended().await;
    let (mut browser, served) = stage.attach(writer("ana"));
    assert_eq!(served.await.unwrap(), CloseCode::Ended);
    let ended = ServerMessage::Ended("its person ended the session".to_owned());
    assert_eq!(browser.next().await, Some(ended));
    assert_eq!(browser.next().await, None);
}
