//! A crash may leave anything behind: what recovery makes of it proves itself, and a second
//! recovery finds nothing to do.
//!
//! Input: a byte that chooses how much is mended, two lengths of two bytes, then a recording of
//! the first length, a segment of the second, and the next segment.
#![no_main]

use std::collections::BTreeMap;
use std::path::PathBuf;

use broker::port::Recorder as _;
use domain::SessionId;
use fuzz::{Care, JOURNAL, Mender, RECORDING, RUNTIME, Studio};
use libfuzzer_sys::fuzz_target;
use recorder::VerifyError;
use uuid::Uuid;

fuzz_target!(|input: &[u8]| {
    let Some((&[care, lengths @ ..], bytes)) = input.split_first_chunk::<5>() else { return };
    let [part, segment] = [&lengths[..2], &lengths[2..]].map(|length| u16(length));
    let (part, bytes) = bytes.split_at(part.min(bytes.len()));
    let (segment, next) = bytes.split_at(segment.min(bytes.len()));

    let studio = Studio::new();
    let care = Care::chosen(care);
    // A frame's session stands behind its mark and its kind.
    if let Some(session) = part.get(8..24).and_then(|id| Uuid::from_slice(id).ok()) {
        let part = Mender::default().file(care, RECORDING, part);
        studio.put(format!("recordings/{}.part", SessionId(session)), &part);
    }
    let mut journal = Mender::default();
    for (name, frames) in [("1", segment), ("2", next)] {
        studio.put(format!("journal/{name:0>20}.journal"), &journal.file(care, JOURNAL, frames));
    }

    recover(&studio);
    let found = sealed(&studio);
    for path in found.keys() {
        let verified = recorder::verify(path, &recorder::Keys::default());
        // A header that is none and a seal that says nothing, in frames that are right otherwise,
        // are forged: no crash leaves them.
        let forged = |cause: &VerifyError| {
            matches!(cause, VerifyError::Flawed { number: 0, .. } | VerifyError::UnknownForm)
        };
        assert!(
            verified.as_ref().map_or_else(forged, |_| true),
            "what was recovered does not prove itself: {verified:?}"
        );
    }
    recover(&studio);
    assert_eq!(sealed(&studio), found);
    assert!(studio.recordings("part").is_empty(), "a recording is unfinished");
});

fn recover(studio: &Studio) {
    let recovered = RUNTIME.block_on(studio.journal().recover());
    assert!(recovered.is_ok(), "{recovered:?}");
}

fn sealed(studio: &Studio) -> BTreeMap<PathBuf, Vec<u8>> {
    let read = |path: PathBuf| (path.clone(), std::fs::read(path).unwrap());
    studio.recordings("rec").into_iter().map(read).collect()
}

fn u16(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |number, byte| number << 8 | usize::from(*byte))
}
