//! A recording from one mark to the next.

use std::path::Path;

use broker::port::{Stream, Stretch};
use bytes::Bytes;

use super::blocks::Blocks;
use super::{PREFACE, Reader, VerifyError, payload};
use crate::emulator::Emulator;
use crate::frame::{Head, Kind};

/// How much work drawing the screens of one block may be, see `emulator`.
const WORK: u64 = 1 << 22;

/// Reads the file up to the end of the stretch.
pub(crate) fn stretch(path: &Path, at_us: u64) -> Result<Stretch, VerifyError> {
    let mut reader = Reader::open(path)?;
    let mut blocks = Blocks::new(PREFACE.len());
    let (columns, rows) = reader.header().size;
    let mut emulator = Emulator::new(columns, rows, WORK);
    let (mut from, mut screen) = (blocks.mark(), emulator.screen(0));
    let (mut events, mut next) = (Vec::new(), None);
    while let Some(entry) = reader.next()? {
        if blocks.add(&entry.head) {
            if blocks.mark().at_us > at_us {
                next = Some(blocks.mark().at_us);
                break;
            }
            from = blocks.mark();
            screen = emulator.screen(from.offset);
            emulator.allow(WORK);
            events.clear();
        }
        show(&mut emulator, entry.head.kind, entry.payload);
        events.extend(event(&entry.head, entry.payload));
    }
    Ok(Stretch { from, screen, events, next })
}

/// Lets an emulator see a frame.
pub(crate) fn show(emulator: &mut Emulator, kind: Kind, payload: &[u8]) {
    if kind.is_shown() {
        emulator.feed(payload, ());
    } else if kind == Kind::Size
        && let Some(size) = payload::size(payload)
    {
        emulator.resize(size.columns, size.rows, ());
    }
}

/// What a frame is for a player.
fn event(head: &Head, payload: &[u8]) -> Option<(u64, Stream, Bytes)> {
    let stream = match head.kind {
        Kind::Output => Stream::Output,
        Kind::Error => Stream::Error,
        Kind::Size => Stream::Size,
        Kind::Exit => Stream::Exit,
        Kind::Header | Kind::Seal => return None,
    };
    Some((head.time_us, stream, Bytes::copy_from_slice(payload)))
}
