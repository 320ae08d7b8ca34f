//! Who begins anew, or was left behind, goes on with a screen.

use std::time::Duration;

use broker::port::{Attachment, ShellEvent};
use domain::wire::ServerMessage;
use tokio::time::timeout;

use super::stage::{Stage, settle, watcher, writer};

const MIB: usize = 1024 * 1024;

async fn flood(stage: &Stage, mebibytes: usize) {
    for round in 0..mebibytes * 32 {
        stage.pod.say(vec![u8::try_from(round % 251).unwrap(); 32 * 1024]).await;
    }
}

#[tokio::test]
async fn who_begins_anew_gets_a_screen_and_what_follows_it() {
    let stage = Stage::new();
    flood(&stage, 6).await;
    while stage.tape.output().len() < 6 * MIB {
        tokio::task::yield_now().await;
    }
    for attachment in [writer("ana"), watcher("ben")] {
        let (mut browser, _served) = stage.attach(attachment);
        browser.watch_to(6 * MIB as u64).await;
        assert_eq!((browser.screens, browser.received), (1, MIB));
        assert!(browser.screen == stage.tape.output());
    }
}

#[tokio::test]
async fn who_comes_back_gets_what_it_missed() {
    let stage = Stage::new();
    flood(&stage, 6).await;
    while stage.tape.output().len() < 6 * MIB {
        tokio::task::yield_now().await;
    }
    let offset = 3 * MIB as u64;
    let (mut browser, _served) = stage.attach(Attachment { offset, ..writer("ana") });
    browser.watch_to(6 * MIB as u64).await;
    assert_eq!((browser.screens, browser.received), (0, 3 * MIB));
}

#[tokio::test]
async fn a_little_output_is_sent_as_it_is() {
    let stage = Stage::new();
    flood(&stage, 1).await;
    let (mut browser, _served) = stage.attach(writer("ana"));
    browser.watch_to(MIB as u64).await;
    assert_eq!((browser.screens, browser.received), (0, MIB));
}

#[tokio::test(start_paused = true)]
async fn who_was_left_far_behind_goes_on_with_a_screen_and_slows_nobody() {
    let stage = Stage::new();
    let (mut slow, _served) = stage.attach(writer("ana"));
    let (mut quick, _served) = stage.attach(watcher("ben"));
    tokio::join!(flood(&stage, 16), quick.watch_to(16 * MIB as u64));
    tokio::time::advance(Duration::from_secs(1)).await;
    slow.watch_to(16 * MIB as u64).await;
    assert!(slow.screens > 0 && slow.received < 8 * MIB, "{} bytes", slow.received);
    assert!(slow.screen == stage.tape.output());
}

#[tokio::test(start_paused = true)]
async fn whoever_is_far_behind_for_a_moment_alone_misses_nothing() {
    let stage = Stage::new();
    let (mut browser, _served) = stage.attach(writer("ana"));
    // As after a disk that stood still: a lot at once, and the viewer takes it.
    flood(&stage, 16).await;
    browser.watch_to(16 * MIB as u64).await;
    assert_eq!((browser.screens, browser.received), (0, 16 * MIB));
}

#[tokio::test]
async fn t_01_what_a_writer_skipped_is_not_answered_by_the_next_page() {
    let stage = Stage::new();
    flood(&stage, 6).await;
    let (mut first, _served) = stage.attach(writer("ana"));
    first.watch_to(6 * MIB as u64).await;
    let (mut next, _served) = stage.attach(writer("ana"));
    let attached = next.next().await.unwrap();
    let all = 6 * MIB as u64;
    assert!(matches!(attached, ServerMessage::Attached { shown, .. } if shown == all));
}

#[tokio::test(start_paused = true)]
async fn a_shell_that_ends_after_a_flood_is_still_seen_to_end() {
    let stage = Stage::new();
    let (mut browser, _served) = stage.attach(writer("ana"));
    flood(&stage, 8).await;
    stage.pod.tell(Ok(ShellEvent::Exited { code: 0 })).await;
    settle().await;
    timeout(Duration::from_secs(4), browser.watch_to(8 * MIB as u64)).await.unwrap();
    assert_eq!(browser.screens, 1);
    assert_eq!(browser.last_words().await.as_deref(), Some("the shell exited with code 0"));
}
