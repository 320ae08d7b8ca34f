use proptest::prelude::*;

use super::*;

const WORK: u64 = 1 << 22;

fn emulator(bytes: &[u8]) -> Emulator {
    let mut emulator = Emulator::new(20, 6, WORK);
    emulator.feed(bytes, ());
    emulator
}

fn text(emulator: &Emulator) -> Vec<String> {
    emulator.terminal().unwrap().screen().text()
}

/// Bytes as programs write them, and as an attacker would.
fn output() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => "[a-z 🙂é漢]{0,12}".prop_map(String::into_bytes),
        2 => prop::collection::vec(any::<u8>(), 0..12),
        4 => "\x1b\\[[?!]?[0-9;]{0,6}[A-Za-z@`]".prop_map(String::into_bytes),
        2 => "\x1b[78cDEHMNOZ=>#()*0-9]{1,2}".prop_map(String::into_bytes),
        1 => "[\r\n\x07\x08\t\x0e\x0f\x18\x1b\u{9b}\u{9d}]{1,4}".prop_map(String::into_bytes),
        1 => "\x1b\\[\\?(25|47|1047|1048|1049|6|7|2004|1000)[hl]".prop_map(String::into_bytes),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn t_04_whatever_is_fed_the_screen_is_bounded_and_can_be_gone_on_from(
        before in output(), after in output(),
        sizes in prop::collection::vec((any::<u16>(), any::<u16>()), 0..3),
    ) {
        let mut whole = emulator(&before);
        for (columns, rows) in sizes {
            whole.resize(columns % 60, rows % 30, ());
        }
        let screen = whole.screen(before.len() as u64);
        prop_assert!(screen.drawing.len() <= LONGEST_DRAWING + 200);
        prop_assert!(whole.terminal().is_some(), "it was given up");
        let mut resumed = Emulator::resume(&screen, WORK);
        prop_assert_eq!(text(&resumed), text(&whole));
        prop_assert_eq!(resumed.screen(0).drawing, whole.screen(0).drawing);
        whole.feed(&after, ());
        resumed.feed(&after, ());
        prop_assert_eq!(text(&resumed), text(&whole));
    }

    #[test]
    fn a_drawing_goes_on_inside_a_character(letters in "[🙂é漢a]{1,8}", cut in any::<prop::sample::Index>()) {
        let bytes = letters.as_bytes();
        let (before, after) = bytes.split_at(cut.index(bytes.len()));
        let mut resumed = Emulator::resume(&emulator(before).screen(0), WORK);
        resumed.feed(after, ());
        prop_assert_eq!(text(&resumed), text(&emulator(bytes)));
    }
}

#[test]
fn modes_of_keyboard_and_mouse_come_with_the_screen() {
    let drawn =
        |bytes: &[u8]| String::from_utf8(emulator(bytes).screen(0).drawing.to_vec()).unwrap();
    let drawing = drawn(b"\x1b[?2004h\x1b[?1002;1006h\x1b=$ \x1b[?1002l");
    for (sequence, on) in
        [("\x1b[?2004h", true), ("\x1b[?1006h", true), ("\x1b[?1002h", false), ("\x1b=", true)]
    {
        assert_eq!(drawing.contains(sequence), on, "{sequence:?}");
    }
    for off in [&b"\x1b[?2004h\x1bc"[..], b"\x1b[?99992004h", b"\x1b[2004h", b"[?2004h"] {
        assert!(!drawn(off).contains("\x1b[?2004h"), "{off:?}");
    }
}

#[test]
fn t_04_output_that_asks_for_too_much_work_is_given_up_until_the_next_allowance() {
    let mut emulator = emulator(b"before");
    emulator.feed(&b"\x1b[65535b".repeat(10_000), ());
    assert!(emulator.terminal().is_none());
    emulator.feed(b"lost", ());
    assert_eq!(emulator.screen(7), Screen { offset: 7, size: (20, 6), drawing: Bytes::new() });
    emulator.allow(WORK);
    emulator.feed(b"after", ());
    assert_eq!(text(&emulator)[0], "after");
}

#[test]
fn t_04_a_screen_that_takes_too_much_to_draw_is_blank() {
    let mut emulator = Emulator::new(u16::MAX, u16::MAX, u64::MAX);
    assert_eq!(emulator.terminal().unwrap().size(), (1_000, 500));
    for cell in 0..500_000_u32 {
        let colour = format!("\x1b[38;2;{};{};{}mx", cell % 256, cell / 256 % 256, cell / 65_536);
        emulator.feed(colour.as_bytes(), ());
    }
    assert!(emulator.screen(0).drawing.is_empty());
}
