//! From the shell to the screen.

use std::sync::atomic::Ordering;
use std::time::Duration;

use broker::port::{Attachment, ShellEvent, Stream};
use domain::SessionEnd;
use domain::wire::{CloseCode, LEAST_WINDOW, ServerMessage};
use proptest::prelude::*;
use tokio::time::timeout;

use super::shell::Script;
use super::stage::{Stage, settle, stopwatch, watcher, writer};
use super::tape::{Habit, MemoryTape};

#[tokio::test]
async fn nothing_is_shown_before_it_is_durable() {
    let stage = Stage::with(MemoryTape::new(Habit::Manual), Script::Told);
    let (mut browser, _served) = stage.attach(writer("ana"));
    stage.pod.say("secret").await;
    settle().await;
    assert_eq!(stage.tape.output(), b"secret");
    assert!(matches!(browser.try_next(), Some(ServerMessage::Attached { .. })));
    assert_eq!(browser.try_next(), None);
    stage.tape.make_durable(3);
    browser.watch_to(3).await;
    settle().await;
    assert_eq!((browser.try_next(), browser.screen.as_slice()), (None, &b"sec"[..]));
    stage.tape.make_durable(6);
    browser.watch_to(6).await;
    assert_eq!(browser.screen, b"secret");
}

#[tokio::test]
async fn the_first_message_says_where_everything_stands() {
    let stage = Stage::new();
    stage.pod.say("hello").await;
    let (mut first, _served) = stage.attach(writer("ana"));
    first.watch_to(5).await;
    first.types(1, b"a");
    first.types(2, b"b");
    stage.pod.typed_to(2).await;
    stage.clock.pass(Duration::from_mins(20));
    let (mut second, _served) = stage.attach(Attachment { offset: 3, ..writer("ana") });
    let attached = ServerMessage::Attached {
        writer: true,
        turn: 2,
        offset: 3,
        shown: 5,
        taken: 2,
        left_ms: 40 * 60 * 1_000,
        opened_ms: 42,
    };
    assert_eq!(second.next().await, Some(attached));
    second.watch_to(5).await;
    assert_eq!(second.screen, b"lo");

    let (mut far, _served) = stage.attach(Attachment { offset: 5_000, ..watcher("ben") });
    let attached = far.next().await.unwrap();
    assert!(matches!(attached, ServerMessage::Attached { writer: false, turn: 0, offset: 5, .. }));
}

#[tokio::test]
async fn s_06_a_viewer_that_stands_still_costs_one_window_and_slows_nobody() {
    let stage = Stage::new();
    let (mut stuck, _served) = stage.attach(writer("ana"));
    let (_mute, _served) = stage.attach_by(watcher("eve"), 3);
    let (mut quick, _served) = stage.attach(watcher("ben"));
    let all = 8 * 1024 * 1024;
    let flood = async {
        for round in 0..all / 32_768 {
            stage.pod.say(vec![u8::try_from(round % 251).unwrap(); 32_768]).await;
        }
    };
    tokio::join!(flood, quick.watch_to(all));
    assert!(quick.screen == stage.tape.output());
    settle().await;
    while stuck.try_next().is_some() {}
    assert_eq!(stuck.offset(), LEAST_WINDOW);
    // Once it goes on, it gets exactly what it missed.
    stuck.acknowledge(LEAST_WINDOW);
    stuck.watch_to(all).await;
    assert!(stuck.screen == stage.tape.output());
}

#[tokio::test(start_paused = true)]
async fn s_06_two_hundred_viewers_that_stand_still_cost_little_and_nobody_s_time() {
    let stage = Stage::new();
    // Half of them take a message and no more, the others take all and acknowledge nothing.
    let stalled: Vec<_> = (0..200)
        .map(|number| match number % 2 {
            0 => stage.attach_by(watcher("eve"), 1),
            _ => stage.attach(watcher("eve")),
        })
        .collect();
    let (mut quick, _served) = stage.attach(writer("ana"));
    quick.next().await;
    settle().await;
    let before: Vec<_> = stalled.iter().map(|(of, _)| of.sent.load(Ordering::SeqCst)).collect();
    let (begin, all) = (stopwatch(), 8 * 1024 * 1024);
    let flood = async {
        for _ in 0..all / 32_768 {
            stage.pod.say(vec![b'y'; 32_768]).await;
        }
    };
    tokio::join!(flood, quick.watch_to(all));
    assert_eq!(begin.elapsed(), Duration::ZERO, "nobody waited for them");
    settle().await;
    let held: Vec<_> = stalled
        .iter()
        .zip(before)
        .map(|((of, _), before)| (of.sent.load(Ordering::SeqCst) - before) as u64)
        .collect();
    assert!(held.iter().skip(1).step_by(2).all(|held| *held >= LEAST_WINDOW));
    assert!(held.iter().all(|held| *held < LEAST_WINDOW + 1_024), "{held:?}");
    assert!(stalled.iter().all(|(_, served)| !served.is_finished()));
}

#[tokio::test]
async fn output_that_is_there_already_is_recorded_together() {
    let stage = Stage::new();
    let said: Vec<u8> = (0..400_000_u32).map(|at| (at % 251) as u8).collect();
    for piece in said.chunks(4_000) {
        stage.pod.say(piece.to_vec()).await;
    }
    stage.pod.tell(Ok(ShellEvent::Exited { code: 0 })).await;
    stage.ended().await;
    assert!(stage.tape.output() == said);
    let appended = stage.tape.appended.load(Ordering::SeqCst);
    assert!(appended <= 400_000 / (64 * 1024) + 3, "{appended} records");
    assert_eq!(stage.tape.other(Stream::Exit), ["0"]);
}

#[tokio::test]
async fn ctrl_c_overtakes_any_amount_of_output() {
    let stage = Stage::with(MemoryTape::default(), Script::Flood);
    let (mut browser, _served) = stage.attach(writer("ana"));
    browser.watch_to(100_000).await;
    let before = stage.tape.appended.load(Ordering::SeqCst);
    browser.types(1, &[3]);
    assert_eq!(stage.pod.typed_to(1).await, [3]);
    let after = stage.tape.appended.load(Ordering::SeqCst);
    assert!(after - before < 50, "{} records of output went first", after - before);
}

#[tokio::test]
async fn ctrl_c_reaches_the_shell_of_a_viewer_that_takes_nothing() {
    let stage = Stage::with(MemoryTape::default(), Script::Flood);
    let (browser, served) = stage.attach_by(writer("ana"), 1);
    settle().await;
    assert!(stage.tape.output().len() > 100_000, "there is a flood");
    browser.types(1, &[3]);
    assert_eq!(timeout(Duration::from_secs(1), stage.pod.typed_to(1)).await.unwrap(), [3]);
    assert!(!served.is_finished() && browser.waiting() == 1, "it still takes nothing");
}

#[tokio::test]
async fn everything_is_delivered_before_the_exit_is_told() {
    let stage = Stage::with(MemoryTape::new(Habit::Manual), Script::Told);
    let (mut browser, served) = stage.attach(writer("ana"));
    let (mut other, _served) = stage.attach(watcher("ben"));
    stage.pod.say(vec![b'x'; 2_000_000]).await;
    stage.pod.tell(Ok(ShellEvent::Exited { code: 7 })).await;
    settle().await;
    assert!(stage.pod.is_reset(), "the shell is let go at once");
    assert!(!served.is_finished());
    stage.tape.make_durable(2_000_000);
    tokio::join!(browser.watch_to(2_000_000), other.watch_to(2_000_000));
    assert_eq!(browser.last_words().await.as_deref(), Some("the shell exited with code 7"));
    assert_eq!(served.await.unwrap(), CloseCode::Ended);
    assert_eq!(stage.ended().await, SessionEnd::Exited { code: 7 });
}

#[tokio::test(start_paused = true)]
async fn a_viewer_that_stands_still_does_not_hold_the_end_back_for_long() {
    let stage = Stage::new();
    let (_stuck, served) = stage.attach(writer("ana"));
    let (_mute, mute) = stage.attach_by(watcher("eve"), 2);
    stage.pod.say(vec![b'x'; 2_000_000]).await;
    stage.pod.tell(Ok(ShellEvent::Exited { code: 0 })).await;
    let ended = timeout(Duration::from_secs(6), stage.ended()).await;
    assert_eq!(ended, Ok(SessionEnd::Exited { code: 0 }));
    for served in [served, mute] {
        assert_eq!(
            timeout(Duration::from_secs(1), served).await.unwrap().unwrap(),
            CloseCode::Ended
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn both_streams_of_a_program_without_a_terminal_are_kept_apart_and_whole(
        said in prop::collection::vec((any::<bool>(), prop::collection::vec(any::<u8>(), 1..9_000)), 1..40),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let stage = Stage::new();
            let (mut browser, _served) = stage.attach(watcher("ben"));
            let (mut all, mut errors) = (Vec::new(), Vec::new());
            for (is_error, bytes) in said {
                all.extend_from_slice(&bytes);
                let event = if is_error {
                    errors.extend_from_slice(&bytes);
                    ShellEvent::Error(bytes.into())
                } else {
                    ShellEvent::Output(bytes.into())
                };
                stage.pod.tell(Ok(event)).await;
            }
            browser.watch_to(all.len() as u64).await;
            assert!(stage.tape.output() == all && stage.tape.errors() == errors);
            assert!(browser.screen == all && browser.errors == errors);
        });
    }

    #[test]
    fn a_viewer_that_comes_and_goes_sees_every_byte_once(
        cuts in prop::collection::vec((0..3_000_usize, any::<bool>()), 1..30),
        pieces in prop::collection::vec(1..4_000_usize, 1..30),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let stage = Stage::new();
            let all: usize = pieces.iter().sum();
            let mut seen: Vec<u8> = Vec::new();
            let shell = async {
                for (round, length) in pieces.iter().enumerate() {
                    stage.pod.say(vec![u8::try_from(round).unwrap(); *length]).await;
                    tokio::task::yield_now().await;
                }
            };
            let viewer = async {
                for (length, abruptly) in &cuts {
                    let offset = seen.len() as u64;
                    let (mut browser, served) = stage.attach(Attachment { offset, ..writer("ana") });
                    let to = (seen.len() + length).min(all) as u64;
                    browser.watch_to(to).await;
                    seen.extend_from_slice(&browser.screen);
                    drop(browser);
                    if *abruptly {
                        served.abort();
                    } else {
                        served.await.unwrap();
                    }
                }
                let offset = seen.len() as u64;
                let (mut browser, _served) = stage.attach(Attachment { offset, ..writer("ana") });
                browser.watch_to(all as u64).await;
                seen.extend_from_slice(&browser.screen);
            };
            tokio::join!(shell, viewer);
            assert!(seen == stage.tape.output());
        });
    }
}
