//! A sealed recording is outlined, played from any second, and read as text.

use std::sync::Arc;
use std::time::Duration;

use broker::port::{Line, Recorder as _, RecorderError, Screen, Stream, Tape, Transcript};
use bytes::Bytes;

use super::studio::{Studio, begin, header, session};
use crate::emulator::Emulator;
use crate::{ExportError, Format, Keys, export};

fn text(screen: &Screen) -> Vec<String> {
    Emulator::resume(screen, u64::MAX).terminal().unwrap().screen().text()
}

/// A tape that was idle, flooded and resized; with it what was put on it.
async fn busy(studio: &Studio) -> Vec<(u64, Stream, Bytes)> {
    let journal = studio.journal();
    let tape = begin(&journal, 1).await;
    let (mut events, mut now_us) = (Vec::new(), 0);
    let mut put = async |stream, bytes: Bytes, pause_us: u64| {
        studio.clock.pass(Duration::from_micros(pause_us));
        now_us += pause_us;
        tape.append(stream, bytes.clone()).await.unwrap();
        events.push((now_us, stream, bytes));
    };
    put(Stream::Output, "$ \x1b[?2004h".into(), 500_000).await;
    for number in 0..40 {
        put(Stream::Output, format!("second {number}\r\n").into(), 1_000_000).await;
    }
    put(Stream::Size, "100x30".into(), 60_000_000).await;
    for number in 0..12_u8 {
        let mut flood = b"\x1b[7m".to_vec();
        flood.resize(60_000, b'a' + number);
        put(Stream::Output, flood.into(), 0).await;
    }
    put(Stream::Error, (&b"no such file \xff"[..]).into(), 1).await;
    put(Stream::Exit, "3".into(), 7_000_000).await;
    tape.seal().await.unwrap();
    events
}

#[tokio::test]
async fn stretches_follow_each_other_and_each_begins_with_its_screen() {
    let studio = Studio::default();
    let events = busy(&studio).await;
    let journal = studio.journal();
    let outline = journal.outline(session(1)).await.unwrap();
    assert_eq!(outline.header, header(1));
    assert_eq!(outline.length_us, events.last().unwrap().0);
    let shown = |(_, stream, bytes): &(u64, Stream, Bytes)| match stream {
        Stream::Output | Stream::Error => bytes.len() as u64,
        Stream::Size | Stream::Exit => 0,
    };
    assert_eq!(outline.bytes, events.iter().map(shown).sum::<u64>());
    assert!(outline.marks.windows(2).all(|pair| pair[0].at_us < pair[1].at_us));
    assert!(outline.marks.len() > 6, "40 s, a pause, and 700 kB: {:?}", outline.marks);

    let (mut played, mut emulator) = (Vec::new(), Emulator::new(80, 24, u64::MAX));
    for (number, mark) in outline.marks.iter().enumerate() {
        let next = outline.marks.get(number + 1).map(|next| next.at_us);
        let stretch = journal.stretch(session(1), mark.at_us).await.unwrap();
        assert_eq!((stretch.from, stretch.next), (*mark, next));
        assert_eq!(stretch.screen.offset, mark.offset);
        let expected = emulator.screen(0);
        assert_eq!(stretch.screen.size, expected.size);
        assert_eq!(text(&stretch.screen), text(&expected), "screen {number}");
        for (_, stream, bytes) in &stretch.events {
            match stream {
                Stream::Output | Stream::Error => emulator.feed(bytes, ()),
                Stream::Size => emulator.resize(100, 30, ()),
                Stream::Exit => {}
            }
        }
        let later = next.map_or(u64::MAX, |next| next - 1);
        let same = journal.stretch(session(1), later).await.unwrap();
        assert_eq!(same, stretch, "any instant within gives the same");
        played.extend(stretch.events);
    }
    assert_eq!(played, events);
}

#[tokio::test]
async fn a_transcript_has_each_line_with_the_time_it_was_first_shown() {
    let studio = Studio::default();
    let journal = studio.journal();
    let tape = begin(&journal, 1).await;
    let put = async |seconds: u64, text: &str| {
        studio.clock.pass(Duration::from_secs(seconds));
        tape.append(Stream::Output, text.to_owned().into()).await.unwrap();
    };
    put(1, "$ ").await;
    put(1, "ls\r\n").await;
    put(1, &format!("\x1b[1m{}\x1b[0m\r\n", "wide ".repeat(20))).await;
    put(1, "progress 1\rprogress 2\r\n").await;
    put(1, "\x1b[?1049h\x1b[Hinside an editor").await;
    put(1, "\x1b[2J\x1b[Hsecond page\x1b[?1049l").await;
    for number in 0..30 {
        put(1, &format!("{number}\r\n")).await;
    }
    put(1, "caf\u{e9}").await;
    tape.seal().await.unwrap();
    let lines = journal.transcript(session(1)).await.unwrap().lines;
    let at = |text: &str| {
        let found: Vec<_> = lines.iter().filter(|line| line.text == text).collect();
        assert_eq!(found.len(), 1, "{text}: {lines:?}");
        found[0].at_us / 1_000_000
    };
    assert_eq!(at("$ ls"), 1);
    assert_eq!(at("wide ".repeat(20).trim()), 3);
    assert_eq!(at("progress 2"), 4);
    assert_eq!((at("inside an editor"), at("second page")), (5, 6));
    assert_eq!((at("0"), at("29"), at("caf\u{e9}")), (7, 36, 37));
    assert_eq!(lines.len(), 36, "{lines:?}");
}

#[tokio::test]
async fn a_screen_that_was_cleared_is_in_the_transcript() {
    let studio = Studio::default();
    let journal = studio.journal();
    let tape = begin(&journal, 1).await;
    let put = async |text: &str| tape.append(Stream::Output, text.to_owned().into()).await.unwrap();
    for clear in ["\x1b[H\x1b[J", "\x1b[H\x1b[2J", "\x1b[2J\x1b[H", "\x1bc"] {
        put(&format!("hidden by {}\r\n{clear}", clear.escape_debug())).await;
    }
    // What a line editor erases below the prompt was not there for long, and it does so all the time.
    put("$ \x1b[J\x1b[1;1Hls").await;
    tape.seal().await.unwrap();
    let transcript = journal.transcript(session(1)).await.unwrap();
    let lines: Vec<_> = transcript.lines.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(
        lines,
        [
            r"hidden by \u{1b}[H\u{1b}[J",
            r"hidden by \u{1b}[H\u{1b}[2J",
            r"hidden by \u{1b}[2J\u{1b}[H",
            r"hidden by \u{1b}c",
            "ls"
        ]
    );
    assert_eq!(transcript.missing, 0);
}

#[tokio::test]
async fn a_transcript_says_how_much_a_flood_left_out_of_it() {
    let studio = Studio::default();
    let journal = studio.journal();
    let tape = begin(&journal, 1).await;
    for _ in 0..9 {
        let flood = "y\r\n".repeat(60_000);
        tape.append(Stream::Output, flood.into()).await.unwrap();
    }
    tape.append(Stream::Output, "the end".into()).await.unwrap();
    tape.seal().await.unwrap();
    let Transcript { lines, missing } = journal.transcript(session(1)).await.unwrap();
    assert!(lines.len() > 500_000 && missing > 0, "{} and {missing}", lines.len());
    assert_eq!(lines.len() as u64 + missing, 540_001);

    let mut text = Vec::new();
    let path = studio.sealed(1);
    let told = export(&path, &Keys::default(), Format::Text, &mut text).unwrap_err();
    assert!(matches!(told, ExportError::Shortened(count) if count == missing), "{told}");
    assert_eq!(text.len(), lines.len() * 2, "what there is of it is exported");
}

#[tokio::test]
async fn what_is_too_much_work_to_read_is_counted_as_missing() {
    let studio = Studio::default();
    let journal = studio.journal();
    let tape = begin(&journal, 1).await;
    // Each asks for 65,535 characters, and the meter ends it.
    let work = format!("$ dear\r\nx{}", "\x1b[65535b".repeat(200));
    tape.append(Stream::Output, work.into()).await.unwrap();
    tape.append(Stream::Output, "hidden\r\n".repeat(10).into()).await.unwrap();
    tape.seal().await.unwrap();
    let transcript = journal.transcript(session(1)).await.unwrap();
    assert!(!transcript.lines.iter().any(|line| line.text == "hidden"), "it was read after all");
    assert!(transcript.missing >= 10, "{}", transcript.missing);
}

#[tokio::test]
async fn a_recording_is_verified_and_what_is_not_there_is_said_so() {
    let studio = Studio::default();
    let journal = studio.journal();
    let tape: Arc<dyn Tape> = begin(&journal, 1).await;
    tape.append(Stream::Output, "hello".into()).await.unwrap();
    let missing = journal.verify(session(1)).await;
    assert!(matches!(missing, Err(RecorderError::NotFound)), "it is not sealed yet");
    let sealed = tape.seal().await.unwrap();
    assert_eq!(journal.verify(session(1)).await.unwrap(), sealed);
    assert!(matches!(journal.outline(session(2)).await, Err(RecorderError::NotFound)));
    assert!(matches!(journal.stretch(session(2), 0).await, Err(RecorderError::NotFound)));
    let lines = vec![Line { at_us: 0, text: "hello".to_owned() }];
    let transcript = journal.transcript(session(1)).await.unwrap();
    assert_eq!(transcript, Transcript { lines, missing: 0 });
}
