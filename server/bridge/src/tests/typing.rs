//! From the keyboard to the shell.

use std::sync::atomic::Ordering;
use std::time::Duration;

use broker::port::Stream;
use domain::wire::{BrowserMessage, CloseCode, ServerMessage, Size};

use super::stage::{SIZE, Stage, settle, stopwatch, watcher, writer};
use crate::lock;

#[tokio::test]
async fn input_that_is_sent_again_is_not_typed_twice() {
    let stage = Stage::new();
    let (first, served) = stage.attach(writer("ana"));
    first.types(1, b"rm ");
    first.types(2, b"-r ");
    stage.pod.typed_to(6).await;
    drop(first);
    served.await.unwrap();
    let (mut second, _served) = stage.attach(writer("ana"));
    let attached = second.next().await;
    assert!(matches!(attached, Some(ServerMessage::Attached { taken: 2, .. })));
    second.types(1, b"rm ");
    second.types(2, b"-r ");
    second.types(3, b"x\r");
    assert_eq!(stage.pod.typed_to(8).await, b"rm -r x\r");
    second.expect(|message| *message == ServerMessage::Taken(3)).await;
    settle().await;
    assert_eq!(stage.pod.typed(), b"rm -r x\r");
}

#[tokio::test]
async fn a_large_paste_is_bounded_and_arrives_whole() {
    let stage = Stage::new();
    let (mut browser, _served) = stage.attach(writer("ana"));
    stage.pod.stick(true);
    let paste: Vec<u8> = (0..10 * 1024 * 1024_u32).map(|at| (at % 251) as u8).collect();
    let piece = 32 * 1024 - 9;
    for (number, bytes) in (1..).zip(paste.chunks(piece)) {
        browser.types(number, bytes);
    }
    settle().await;
    let read = browser.read.load(Ordering::SeqCst);
    assert!(read > 256 * 1024, "some of it is on its way");
    // What waits for the shell, what was taken from there, and what waits for room.
    assert!(read < 512 * 1024 + 2 * 64 * 1024, "{read} bytes were read with nowhere to go");
    stage.pod.stick(false);
    assert!(stage.pod.typed_to(paste.len()).await == paste);
    assert!(stage.pod.wire.largest.load(Ordering::SeqCst) <= 16 * 1024);
    let last = paste.len().div_ceil(piece) as u64;
    browser.expect(|message| *message == ServerMessage::Taken(last)).await;
}

#[tokio::test]
async fn a_shell_that_takes_no_input_still_shows_its_output() {
    let stage = Stage::new();
    let (mut browser, _served) = stage.attach(writer("ana"));
    stage.pod.stick(true);
    browser.types(1, b"lost in a partition");
    for _ in 0..30 {
        stage.pod.say(vec![b'x'; 100_000]).await;
    }
    browser.watch_to(3_000_000).await;
    assert_eq!(stage.pod.typed(), b"");
}

#[tokio::test(start_paused = true)]
async fn w_07_ten_thousand_resizes_become_a_few_and_the_last_one_counts() {
    let stage = Stage::new();
    let (browser, _served) = stage.attach(writer("ana"));
    settle().await;
    let begin = stopwatch();
    for round in 0..10_000_u16 {
        browser.resizes(2 + round % 900, 1 + round % 400);
        if round % 10 == 0 {
            tokio::time::advance(Duration::from_millis(1)).await;
        }
    }
    browser.resizes(132, 43);
    browser.types(1, b".");
    stage.pod.typed_to(1).await;
    tokio::time::advance(Duration::from_millis(100)).await;
    settle().await;
    let sizes = lock(&stage.pod.wire.sizes).clone();
    let most = begin.elapsed().as_millis() / 50 + 2;
    assert!(sizes.len() as u128 <= most, "{} resizes", sizes.len());
    assert_eq!(sizes.first(), Some(&SIZE), "that of the first attachment");
    assert_eq!(sizes.last(), Some(&Size { columns: 132, rows: 43 }));
    let recorded = stage.tape.other(Stream::Size);
    assert_eq!(recorded.last().map(String::as_str), Some("132x43"));
    assert!(recorded.len() <= sizes.len());
}

#[tokio::test(start_paused = true)]
async fn a_size_that_does_not_change_is_not_told_again() {
    let stage = Stage::new();
    let (browser, _served) = stage.attach(writer("ana"));
    for _ in 0..5 {
        browser.resizes(80, 24);
        tokio::time::advance(Duration::from_secs(1)).await;
        settle().await;
    }
    assert_eq!(lock(&stage.pod.wire.sizes).as_slice(), [SIZE]);
}

#[tokio::test(start_paused = true)]
async fn the_shell_is_asked_for_a_sign_of_life() {
    let stage = Stage::new();
    let (_browser, _served) = stage.attach(writer("ana"));
    tokio::time::sleep(Duration::from_secs(35)).await;
    assert_eq!(stage.pod.wire.pings.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn w_08_who_looks_on_types_nothing() {
    let stage = Stage::new();
    let (browser, served) = stage.attach(watcher("ben"));
    browser.resizes(10, 10);
    browser.sends(BrowserMessage::Input { number: 1, answered: true, bytes: b"\x1b[?6c" }.encode());
    settle().await;
    assert!(!served.is_finished(), "an emulator that answers is not the person's doing");
    browser.types(1, b"whoami\r");
    assert_eq!(served.await.unwrap(), CloseCode::Malformed);
    settle().await;
    assert_eq!(stage.pod.typed(), b"");
    assert!(lock(&stage.pod.wire.sizes).is_empty());
}

#[tokio::test]
async fn what_the_emulator_answers_for_the_writer_reaches_the_shell() {
    let stage = Stage::new();
    let (browser, _served) = stage.attach(writer("ana"));
    browser.sends(BrowserMessage::Input { number: 1, answered: true, bytes: b"\x1b[?6c" }.encode());
    assert_eq!(stage.pod.typed_to(5).await, b"\x1b[?6c");
}

#[tokio::test]
async fn w_05_what_is_malformed_closes_the_socket_and_reaches_nothing() {
    let attach =
        BrowserMessage::Attach { offset: 0, turn: 0, size: SIZE, ticket: [0; 32] }.encode();
    let ahead = BrowserMessage::Input { number: 2, answered: false, bytes: b"x" }.encode();
    let seen_nothing = BrowserMessage::Acknowledge(1).encode();
    let too_large = [&[0; 8][..], &vec![1; 40_000]].concat();
    for message in [vec![], vec![0], vec![9, 9], attach, ahead, seen_nothing, too_large] {
        let stage = Stage::new();
        let (browser, served) = stage.attach(writer("ana"));
        browser.sends(message);
        assert_eq!(served.await.unwrap(), CloseCode::Malformed);
        browser.types(1, b"late");
        settle().await;
        assert_eq!(stage.pod.typed(), b"");
    }
}
