//! Screens of sessions that run.

use broker::port::{Screen, Stream};
use bytes::Bytes;
use proptest::prelude::*;

use super::studio::{Studio, begin, read_all, show};
use crate::emulator::Emulator;

/// The text on a screen after some more output.
fn text(screen: &Screen, after: &[u8]) -> Vec<String> {
    let mut emulator = Emulator::resume(screen, u64::MAX);
    emulator.feed(after, ());
    emulator.terminal().unwrap().screen().text()
}

fn blank() -> Screen {
    Screen { offset: 0, size: (80, 24), drawing: Bytes::new() }
}

#[tokio::test]
async fn a_viewer_begins_with_a_screen_and_goes_on_as_if_it_had_seen_everything() {
    let studio = Studio::default();
    let journal = studio.journal();
    let tape = begin(&journal, 1).await;
    assert_eq!(tape.screen(0).await.unwrap(), None, "there is nothing to see yet");
    for number in 0..3_000 {
        let line = format!("\x1b[3{}mline {number}\r\n", number % 8);
        tape.append(Stream::Output, line.into()).await.unwrap();
    }
    let end = show(tape.as_ref(), "$ 🙂".as_bytes()).await;
    assert_eq!(tape.screen(end).await.unwrap(), None, "all of it is little enough");
    let all = read_all(tape.as_ref(), 1 << 20).await;
    for back in [20_000, 1, 3, 0, 30_000, 0] {
        // The last write to the file comes after it is known to be durable.
        let screen = loop {
            let screen = tape.screen(back).await.unwrap().unwrap();
            if screen.offset == end - back {
                break screen;
            }
        };
        let after = &all[usize::try_from(screen.offset).unwrap()..];
        assert_eq!(text(&screen, after), text(&blank(), &all), "{back} bytes back");
        assert!(screen.drawing.len() < 4_000);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn a_screen_has_the_size_and_the_standard_error_too(
        pieces in prop::collection::vec(("[a-z \r\n]{0,40}", 0..4_u8), 1..20), back in 0..50_u64,
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let studio = Studio::default();
            let journal = studio.journal();
            let tape = begin(&journal, 1).await;
            let mut whole = Emulator::new(80, 24, u64::MAX);
            for (text, kind) in &pieces {
                let size = (60 + 7 * u16::from(*kind), 20);
                if *kind == 0 {
                    let payload = format!("{}x{}", size.0, size.1);
                    tape.append(Stream::Size, payload.into()).await.unwrap();
                    whole.resize(size.0, size.1, ());
                }
                let stream = if *kind == 1 { Stream::Error } else { Stream::Output };
                tape.append(stream, text.clone().into()).await.unwrap();
                whole.feed(text.as_bytes(), ());
                let _ = tape.screen(back).await.unwrap();
            }
            let end = show(tape.as_ref(), b"$ ").await;
            whole.feed(b"$ ", ());
            let screen = loop {
                let screen = tape.screen(0).await.unwrap().unwrap();
                if screen.offset == end {
                    break screen;
                }
            };
            let expected = whole.screen(end);
            assert_eq!(screen.size, expected.size);
            assert_eq!(text(&screen, b""), text(&expected, b""));
        });
    }
}
