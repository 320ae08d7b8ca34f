//! Files that were cut, changed or forged are refused, and told apart.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Flaw, VerifyError};
use proptest::prelude::*;

use super::studio::{Studio, begin, show, verify};

/// A sealed recording with a header, three frames of output and a seal.
async fn recording(studio: &Studio) -> PathBuf {
    let journal = studio.journal();
    let tape = begin(&journal, 1).await;
    for text in ["one", "two", "three"] {
        show(tape.as_ref(), text.as_bytes()).await;
    }
    tape.seal().await.unwrap();
    studio.sealed(1)
}

fn frames(bytes: &[u8]) -> Vec<usize> {
    let (mut begins, mut at) = (Vec::new(), 8);
    while at < bytes.len() {
        begins.push(at);
        at += 88 + u32::from_be_bytes(bytes[at + 48..at + 52].try_into().unwrap()) as usize;
    }
    begins
}

fn flaw(path: &Path, bytes: &[u8]) -> (u64, Flaw) {
    fs::write(path, bytes).unwrap();
    match verify(path) {
        Err(VerifyError::Flawed { number, flaw, .. }) => (number, flaw),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn t_10_a_recording_that_was_edited_cut_or_reordered_is_named_by_its_first_wrong_frame() {
    let studio = Studio::default();
    let path = recording(&studio).await;
    let bytes = fs::read(&path).unwrap();
    let begins = frames(&bytes);
    assert_eq!(verify(&path).unwrap().frames, 5);
    assert_eq!(begins.len(), 5);

    let mut edited = bytes.clone();
    edited[begins[2] + 88] ^= 1;
    assert_eq!(flaw(&path, &edited), (2, Flaw::Changed));

    let without = [&bytes[..begins[2]], &bytes[begins[3]..]].concat();
    assert_eq!(flaw(&path, &without), (2, Flaw::OutOfPlace { found: 3 }));

    let twice = [&bytes[..begins[3]], &bytes[begins[2]..]].concat();
    assert_eq!(flaw(&path, &twice), (3, Flaw::OutOfPlace { found: 2 }));

    let behind = [&bytes, &bytes[begins[4]..]].concat();
    assert_eq!(flaw(&path, &behind), (5, Flaw::OutOfPlace { found: 4 }));

    fs::write(&path, &bytes[..begins[4]]).unwrap();
    assert!(matches!(verify(&path), Err(VerifyError::Unsealed { last: 3 })));
}

#[tokio::test]
async fn t_04_a_recording_cut_at_any_byte_is_refused() {
    let studio = Studio::default();
    let path = recording(&studio).await;
    let bytes = fs::read(&path).unwrap();
    for length in 0..bytes.len() {
        fs::write(&path, &bytes[..length]).unwrap();
        assert!(verify(&path).is_err(), "{length}");
    }
}

#[tokio::test]
async fn l_06_what_is_no_recording_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    assert!(matches!(verify(&path), Err(VerifyError::Io(_))), "nothing");
    assert!(matches!(verify(folder.path()), Err(VerifyError::Io(_))), "a folder");
    for foreign in [&b""[..], b"SPREC", b"{\"version\": 3}\n", &[0; 4_096]] {
        fs::write(&path, foreign).unwrap();
        assert!(matches!(verify(&path), Err(VerifyError::NotARecording)), "{foreign:?}");
    }
    fs::write(&path, b"SPREC\x01\x01\0").unwrap();
    assert!(matches!(verify(&path), Err(VerifyError::UnknownForm)), "encrypted, say");
}

proptest! {
    #[test]
    fn t_04_hostile_bytes_are_refused_and_nothing_else(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        for preface in [&b""[..], b"SPREC\x01\0\0", b"SPREC\x01\0\0SPF1\x01\0\0\0"] {
            fs::write(&path, [preface, &bytes].concat()).unwrap();
            prop_assert!(verify(&path).is_err());
        }
    }
}
