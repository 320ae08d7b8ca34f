//! A recording from one mark to the next.

use std::path::Path;

use avt::Observer;
use broker::port::{Stream, Stretch};
use bytes::Bytes;

use super::archive::Archive;
use super::blocks::Blocks;
use super::{Keys, Reader, VerifyError, payload};
use crate::emulator::Emulator;
use crate::frame::{Head, Kind};

/// How much work drawing the screens of one block may be, see `emulator`.
pub(crate) const WORK: u64 = 1 << 22;

/// Reads one block by the index, or where there is none all of the file up to its end.
pub(crate) fn stretch(path: &Path, keys: &Keys, at_us: u64) -> Result<Stretch, VerifyError> {
    if let Some(mut archive) = Archive::open(path, keys)? {
        return archive.stretch(at_us);
    }
    let mut reader = Reader::open(path, keys)?;
    let mut blocks = Blocks::new(reader.beginning().len());
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
        show(&mut emulator, entry.head.kind, entry.payload, ());
        events.extend(event(&entry.head, entry.payload));
    }
    Ok(Stretch { from, screen, events, next })
}

/// Lets an emulator see a frame.
pub(crate) fn show(emulator: &mut Emulator, kind: Kind, payload: &[u8], observer: impl Observer) {
    if kind.is_shown() {
        emulator.feed(payload, observer);
    } else if kind == Kind::Size
        && let Some(size) = payload::size(payload)
    {
        emulator.resize(size.columns, size.rows, observer);
    }
}

/// What a frame is for a player.
pub(crate) fn event(head: &Head, payload: &[u8]) -> Option<(u64, Stream, Bytes)> {
    let stream = match head.kind {
        Kind::Output => Stream::Output,
        Kind::Error => Stream::Error,
        Kind::Size => Stream::Size,
        Kind::Exit => Stream::Exit,
        Kind::Header | Kind::Seal => return None,
    };
    Some((head.time_us, stream, Bytes::copy_from_slice(payload)))
}
