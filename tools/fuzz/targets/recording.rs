//! A recording's file may hold anything: it is exported to its end only if it proves itself.
//!
//! Input: a byte that chooses how much is mended, then the file.
#![no_main]

use std::sync::LazyLock;

use domain::SessionId;
use fuzz::{Care, Mender, RECORDING, RUNTIME, Studio, export};
use libfuzzer_sys::fuzz_target;
use recorder::{Journal, VerifyError};

static STUDIO: LazyLock<(Studio, Journal)> = LazyLock::new(|| {
    let studio = Studio::new();
    let journal = studio.journal();
    (studio, journal)
});

fuzz_target!(|input: &[u8]| {
    let Some((care, bytes)) = input.split_first() else { return };
    let (studio, journal) = &*STUDIO;
    let session = SessionId(uuid::Uuid::nil());
    let file = Mender::default().file(Care::chosen(*care), RECORDING, bytes);
    let path = studio.put(format!("recordings/{session}.rec"), &file);

    let verified = recorder::verify(&path, &recorder::Keys::default());
    let exported = RUNTIME.block_on(export(journal, session));
    if let Ok(lines) = exported {
        // How it was closed is not part of an export.
        let proven = matches!(verified, Ok(_) | Err(VerifyError::UnknownForm));
        assert!(proven, "it was exported: {verified:?}");
        for line in lines.split_inclusive(|byte| *byte == b'\n') {
            serde_json::from_slice::<serde_json::Value>(line).expect("a line is no JSON");
        }
    }
});
