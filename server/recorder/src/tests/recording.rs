//! What is appended is what is read, sealed and exported.

use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::{Closing, Journal, Level, OpenError};
use broker::port::{Recorder as _, RecorderError, Stream};
use bytes::Bytes;
use futures::TryStreamExt as _;
use proptest::prelude::*;

use super::studio::{Studio, begin, header, lines, output, read_all, session, show, verify};

#[tokio::test]
async fn what_was_appended_is_read_at_any_offset_from_memory_and_from_the_file() {
    let studio = Studio::default();
    let journal = studio.journal();
    let tape = begin(&journal, 1).await;
    // Beyond the tail in memory, in frames from 1 byte to more than the largest.
    let mut written = Vec::new();
    for round in 0_usize.. {
        if written.len() > 3 * 1024 * 1024 {
            break;
        }
        let length = [1, 7, 100, 4_000, 65_535, 65_536, 65_537, 200_000][round % 8];
        let bytes: Vec<u8> =
            (0..length).map(|at| u8::try_from((at * 31 + round) % 251).unwrap()).collect();
        let end = show(tape.as_ref(), &bytes).await;
        written.extend_from_slice(&bytes);
        assert_eq!(end, written.len() as u64);
        if round % 8 == 3 {
            tape.append(Stream::Size, Bytes::from_static(b"90x30")).await.unwrap();
        }
    }
    for piece in [1 << 10, 65_536, 1 << 20] {
        assert!(read_all(tape.as_ref(), piece).await == written);
    }
    for offset in (0..written.len()).step_by(40_009) {
        for most in [1, 100, 70_000] {
            let chunk = tape.read(offset as u64, most).await.unwrap();
            assert!(!chunk.bytes.is_empty());
            assert_eq!(chunk.bytes, written[offset..offset + chunk.bytes.len()]);
        }
    }
    let beyond = tape.read(written.len() as u64 + 5, 10).await.unwrap();
    assert!(beyond.bytes.is_empty());
    let sealed = tape.seal().await.unwrap();
    assert_eq!(sealed.bytes, written.len() as u64);
    assert!(output(&studio.sealed(1)) == written);
    assert!(read_all(tape.as_ref(), 65_536).await == written, "a sealed tape is still read");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_bytes_come_out_as_they_went_in(
        frames in prop::collection::vec((0..3_u128, prop::collection::vec(any::<u8>(), 0..3_000)), 1..30),
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let studio = Studio::default();
            // So small that segments are closed and deleted all the time.
            let settings = crate::Settings { segment_bytes: 4_000, ..studio.settings() };
            let journal = studio.journal_with(&settings);
            let tapes = [begin(&journal, 0).await, begin(&journal, 1).await, begin(&journal, 2).await];
            let mut expected = [vec![], vec![], vec![]];
            for (which, bytes) in &frames {
                let which = usize::try_from(*which).unwrap();
                tapes[which].append(Stream::Output, bytes.clone().into()).await.unwrap();
                expected[which].extend_from_slice(bytes);
            }
            for (which, tape) in (0_u128..).zip(&tapes) {
                let sealed = tape.seal().await.unwrap();
                let verified = verify(&studio.sealed(which)).unwrap();
                assert_eq!(verified.sealed, sealed);
                assert_eq!(verified.closing, Closing::Orderly);
                assert_eq!(verified.header, header(which));
                assert_eq!(tape.seal().await.unwrap(), sealed, "sealing twice is sealing once");
                let expected = &expected[usize::try_from(which).unwrap()];
                assert_eq!(&output(&studio.sealed(which)), expected);
                assert_eq!(&read_all(tape.as_ref(), 1_000).await, expected);
            }
        });
    }
}

#[tokio::test]
async fn both_streams_are_read_apart_from_memory_and_from_the_file() {
    let studio = Studio::default();
    let journal = studio.journal();
    let tape = begin(&journal, 1).await;
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    // More than the tail in memory.
    for round in 0..40_u8 {
        let bytes = vec![round; 20_000];
        let (stream, whole) = match round % 3 {
            0 => (Stream::Error, &mut errors),
            _ => (Stream::Output, &mut output),
        };
        whole.extend_from_slice(&bytes);
        let end = tape.append(stream, bytes.into()).await.unwrap();
        tape.durable().wait_for(|durable| *durable >= end).await.unwrap();
    }
    let (mut read_output, mut read_errors, mut offset) = (Vec::new(), Vec::new(), 0);
    loop {
        let chunk = tape.read(offset, 7_777).await.unwrap();
        if chunk.bytes.is_empty() {
            break;
        }
        offset += chunk.bytes.len() as u64;
        let read = if chunk.stream == Stream::Error { &mut read_errors } else { &mut read_output };
        read.extend_from_slice(&chunk.bytes);
    }
    assert!(read_output == output && read_errors == errors);
}

#[tokio::test]
async fn many_sessions_become_durable_by_one_sync() {
    let studio = Studio::default();
    let journal = studio.journal();
    let mut tapes = Vec::new();
    for number in 0..50 {
        tapes.push(begin(&journal, number).await);
    }
    studio.disk.shut();
    let before = studio.disk.syncs.load(Ordering::SeqCst);
    tapes[0].append(Stream::Output, Bytes::from_static(b"first")).await.unwrap();
    while studio.disk.syncs.load(Ordering::SeqCst) == before {
        tokio::task::yield_now().await;
    }
    for tape in &tapes {
        tape.append(Stream::Output, Bytes::from_static(b"together")).await.unwrap();
        assert_eq!(*tape.durable().borrow(), 0, "nothing is durable before its sync");
        assert!(tape.read(0, 100).await.unwrap().bytes.is_empty());
    }
    studio.disk.open();
    for tape in &tapes {
        tape.durable().wait_for(|durable| *durable >= 8).await.unwrap();
    }
    assert_eq!(studio.disk.syncs.load(Ordering::SeqCst) - before, 2);
}

#[tokio::test]
async fn level_process_waits_for_no_disk() {
    let studio = Studio::default();
    let settings = crate::Settings { level: Level::Process, ..studio.settings() };
    let journal = studio.journal_with(&settings);
    studio.disk.shut();
    let tape = begin(&journal, 1).await;
    show(tape.as_ref(), b"shown").await;
    studio.disk.open();
    tape.seal().await.unwrap();
    assert_eq!(output(&studio.sealed(1)), b"shown");
}

#[tokio::test]
async fn one_flooding_session_has_a_bounded_share_of_what_waits() {
    let studio = Studio::default();
    let journal = studio.journal();
    let (flood, other) = (begin(&journal, 1).await, begin(&journal, 2).await);
    studio.disk.shut();
    tokio::time::pause();
    let mut accepted = 0;
    let bytes = Bytes::from(vec![b'y'; 64 * 1024]);
    while let Ok(end) = tokio::time::timeout(
        Duration::from_millis(200),
        flood.append(Stream::Output, bytes.clone()),
    )
    .await
    {
        accepted = end.unwrap();
    }
    assert_eq!(accepted, 256 * 1024);
    other.append(Stream::Output, Bytes::from_static(b"prompt")).await.unwrap();
    studio.disk.open();
    other.durable().wait_for(|durable| *durable == 6).await.unwrap();
}

#[tokio::test]
async fn a_recording_is_begun_once_and_sealed_for_good() {
    let studio = Studio::default();
    let journal = studio.journal();
    let tape = begin(&journal, 1).await;
    assert!(matches!(journal.begin(&header(1)).await, Err(RecorderError::Unreadable(_))));
    assert!(matches!(journal.asciicast(session(1)).await.err(), Some(RecorderError::NotFound)));
    tape.seal().await.unwrap();
    assert!(matches!(journal.begin(&header(1)).await, Err(RecorderError::Unreadable(_))));
    let late = tape.append(Stream::Output, Bytes::from_static(b"late")).await;
    assert!(matches!(late, Err(RecorderError::Unreadable(_))));
    assert!(tape.durable().has_changed().is_ok(), "a sealed recording is no broken journal");
    assert!(journal.works());
}

#[tokio::test]
async fn the_file_of_a_sealed_recording_is_closed() {
    let studio = Studio::default();
    let journal = studio.journal();
    for number in 1..=3 {
        let tape = begin(&journal, number).await;
        show(tape.as_ref(), b"x").await;
        tape.seal().await.unwrap();
    }
    // What the thread was told before, it has done when it begins this one.
    let _tape = begin(&journal, 4).await;
    assert_eq!(studio.open_recordings(), [studio.part(4)]);
}

#[tokio::test]
async fn one_process_at_a_time_uses_the_folder() {
    let studio = Studio::default();
    let journal = studio.journal();
    let second = Journal::open(&studio.settings(), studio.clock.clone());
    assert!(matches!(second.err(), Some(OpenError::InUse)));
    drop(journal);
    studio.journal();
}

#[tokio::test]
async fn the_export_is_asciicast_version_3() {
    let studio = Studio::default();
    let journal = studio.journal();
    let tape = begin(&journal, 1).await;
    let smile = "🙂".as_bytes();
    studio.clock.pass(Duration::from_millis(1_500));
    tape.append(Stream::Output, Bytes::from_static(b"\x1b[1m\"hi\"\r\n")).await.unwrap();
    tape.append(Stream::Output, Bytes::copy_from_slice(&smile[..1])).await.unwrap();
    studio.clock.pass(Duration::from_micros(250));
    tape.append(Stream::Output, Bytes::copy_from_slice(&smile[1..3])).await.unwrap();
    tape.append(Stream::Size, Bytes::from_static(b"100x50")).await.unwrap();
    studio.clock.pass(Duration::from_secs(70));
    tape.append(Stream::Output, [&smile[3..], b"\xff\xfez\xe2\x82"].concat().into()).await.unwrap();
    tape.append(Stream::Exit, Bytes::from_static(b"130")).await.unwrap();
    tape.seal().await.unwrap();
    assert_eq!(
        lines(&journal, 1).await.concat(),
        concat!(
            r#"{"term":{"cols":80,"rows":24},"timestamp":1700000000,"#,
            r#""title":"ana in main/payments/web-1/web","version":3}"#,
            "\n",
            r#"[1.500000, "o", "\u001b[1m\"hi\"\r\n"]"#,
            "\n",
            r#"[0.000250, "r", "100x50"]"#,
            "\n",
            r#"[70.000000, "o", "🙂��z"]"#,
            "\n",
            r#"[0.000000, "x", "130"]"#,
            "\n",
            r#"[0.000000, "o", "�"]"#,
            "\n",
        )
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_export_shows_what_a_decoder_would_wherever_the_bytes_are_split(
        text in "\\PC{0,60}", noise in prop::collection::vec(any::<u8>(), 0..12),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let bytes = [text.as_bytes(), &noise, text.as_bytes()].concat();
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let exported = tokio::runtime::Runtime::new().unwrap().block_on(async {
            let studio = Studio::default();
            let journal = studio.journal();
            let tape = begin(&journal, 1).await;
            for cut in cuts.windows(2) {
                tape.append(Stream::Output, bytes[cut[0]..cut[1]].to_vec().into()).await.unwrap();
            }
            tape.seal().await.unwrap();
            let lines = lines(&journal, 1).await;
            lines[1..].iter().map(|line| {
                let event: (f64, String, String) = serde_json::from_str(line).unwrap();
                event.2
            }).collect::<String>()
        });
        prop_assert_eq!(exported, String::from_utf8_lossy(&bytes));
    }
}

#[tokio::test]
async fn t_10_the_export_of_a_recording_that_was_changed_breaks_off_and_names_the_frame() {
    let studio = Studio::default();
    let journal = studio.journal();
    let tape = begin(&journal, 1).await;
    for text in ["one", "two", "three"] {
        show(tape.as_ref(), text.as_bytes()).await;
    }
    tape.seal().await.unwrap();
    let path = studio.sealed(1);
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.windows(3).position(|window| window == b"two").unwrap();
    bytes[at] = b'T';
    std::fs::write(&path, bytes).unwrap();
    let mut stream = journal.asciicast(session(1)).await.unwrap();
    let mut lines = 0;
    let error = loop {
        match stream.try_next().await {
            Ok(line) => lines += usize::from(line.is_some()),
            Err(error) => break error.to_string(),
        }
    };
    assert_eq!(lines, 2);
    assert!(error.contains("frame 2 at byte") && error.contains("was changed"), "{error}");
}
