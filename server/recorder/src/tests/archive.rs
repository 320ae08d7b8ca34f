//! Recordings in their final form.

use std::fs;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use age::x25519::Identity;
use broker::port::{Recorder as _, RecorderError, Stream};
use bytes::Bytes;
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};

use super::studio::{Studio, begin, session, show};
use crate::recording::archive::Archive;
use crate::recording::{stretch, transcript};
use crate::{Flaw, Format, Journal, Keys, Settings, VerifyError, export, outline, verify};

/// Keys that were made for a test, and the identity that is in them.
fn keys(studio: &Studio) -> (Keys, Identity) {
    let path = studio.folder.path().join("recordings.key");
    let keys = Keys::own(&path).unwrap();
    let file = fs::read_to_string(path).unwrap();
    (keys, file.lines().last().unwrap().parse().unwrap())
}

fn journal(studio: &Studio) -> Journal {
    let keys = keys(studio).0;
    studio.journal_with(&Settings { keys, ..studio.settings() })
}

/// Archives what waits for it.
async fn archive_all(journal: &Journal, count: usize) {
    for _ in 0..count {
        let session = journal.unarchived().await.unwrap();
        if journal.archive(session).await.unwrap().is_some() {
            journal.adopt(session).await.unwrap();
        }
    }
}

/// A sealed recording of an hour, as it was written: idle, busy, resized, flooded.
async fn hour(studio: &Studio, journal: &Journal) -> Vec<u8> {
    let tape = begin(journal, 1).await;
    for number in 0..60_u32 {
        studio.clock.pass(Duration::from_mins(1));
        let line = format!("\x1b[3{}mminute {number}\r\n", number % 8);
        tape.append(Stream::Output, line.into()).await.unwrap();
        if number % 20 == 7 {
            tape.append(Stream::Size, format!("{}x30", 90 + number).into()).await.unwrap();
        }
        if number % 20 == 9 {
            let flood: Vec<u8> =
                (0..400_000_u64).map(|at| u8::try_from(at * at % 251).unwrap()).collect();
            tape.append(Stream::Error, flood.into()).await.unwrap();
        }
    }
    tape.append(Stream::Exit, Bytes::from_static(b"0")).await.unwrap();
    tape.seal().await.unwrap();
    fs::read(studio.sealed(1)).unwrap()
}

/// Everything that readers are told of a recording.
fn told(path: &Path, keys: &Keys) -> impl PartialEq + std::fmt::Debug + use<> {
    let outline = outline(path, keys).unwrap();
    let times = outline.marks.iter().map(|mark| mark.at_us);
    let stretches: Vec<_> = times.map(|at_us| stretch(path, keys, at_us).unwrap()).collect();
    let transcript = transcript(path, keys).unwrap();
    let exports = [Format::Raw, Format::Asciicast, Format::Text].map(|format| {
        let mut bytes = Vec::new();
        export(path, keys, format, &mut bytes).unwrap();
        bytes
    });
    (verify(path, keys).unwrap(), outline, stretches, transcript, exports)
}

#[tokio::test]
async fn an_archive_tells_the_same_and_standard_tools_give_back_what_was_written() {
    let studio = Studio::default();
    let (keys, identity) = keys(&studio);
    let journal = journal(&studio);
    let written = hour(&studio, &journal).await;
    let path = studio.sealed(1);
    let before = told(&path, &keys);
    assert_eq!(journal.unarchived().await.unwrap(), session(1));
    let archived = journal.archive(session(1)).await.unwrap().unwrap();
    assert_eq!(fs::read(&path).unwrap(), written, "it has not its place yet");
    journal.adopt(session(1)).await.unwrap();

    let file = fs::read(&path).unwrap();
    assert_eq!(archived.bytes, file.len() as u64);
    assert_eq!(archived.digest, domain::hex(&Sha256::digest(&file)));
    assert!(file.len() < written.len());
    assert!(!file.windows(8).any(|window| window == b"minute 1"));
    assert_eq!(told(&path, &keys), before);
    let plaintext = age::decrypt(&identity, &file).unwrap();
    assert_eq!(zstd::decode_all(plaintext.as_slice()).unwrap(), written);
    assert_eq!(journal.archive(session(1)).await.unwrap(), None, "once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_reads_a_recording_does_not_notice_that_its_archive_takes_its_place() {
    let studio = Studio::default();
    let journal = journal(&studio);
    let tape = begin(&journal, 1).await;
    show(tape.as_ref(), b"shown once\r\n").await;
    tape.seal().await.unwrap();
    let (id, path) = (session(1), studio.sealed(1));
    let read = async || {
        let lines = journal.transcript(id).await.unwrap();
        let stretch = journal.stretch(id, 0).await.unwrap();
        (journal.outline(id).await.unwrap(), stretch, lines, journal.verify(id).await.unwrap())
    };
    let (before, sealed) = (read().await, fs::read(&path).unwrap());
    archive_all(&journal, 1).await;
    let forms = [sealed, fs::read(&path).unwrap()];
    assert_ne!(forms[0], forms[1], "it was archived");

    let made = path.with_extension("archive");
    let swapping = tokio::task::spawn_blocking(move || {
        for form in forms.iter().cycle().take(500) {
            fs::write(&made, form).unwrap();
            fs::rename(&made, &path).unwrap();
        }
    });
    while !swapping.is_finished() {
        assert_eq!(read().await, before);
    }
    swapping.await.unwrap();
}

/// Counts what is read of a file.
struct Counting<R>(R, Arc<AtomicU64>);

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.0.read(buffer)?;
        self.1.fetch_add(count as u64, Ordering::SeqCst);
        Ok(count)
    }
}

impl<R: Seek> Seek for Counting<R> {
    fn seek(&mut self, place: SeekFrom) -> io::Result<u64> {
        self.0.seek(place)
    }
}

#[tokio::test]
async fn opening_and_seeking_read_the_index_and_one_block() {
    let studio = Studio::default();
    let journal = journal(&studio);
    let tape = begin(&journal, 1).await;
    // Noise, which no compression makes small: 16 MB in half an hour.
    let (mut noise, mut state) = (Vec::new(), 1_u64);
    for _ in 0..400 {
        noise.clear();
        noise.resize_with(40_000, || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            b' ' + u8::try_from((state >> 33) % 94).unwrap()
        });
        studio.clock.pass(Duration::from_secs(4));
        tape.append(Stream::Output, noise.clone().into()).await.unwrap();
    }
    tape.seal().await.unwrap();
    archive_all(&journal, 1).await;
    let file = fs::File::open(studio.sealed(1)).unwrap();
    assert!(file.metadata().unwrap().len() > 12_000_000);

    let read = Arc::new(AtomicU64::new(0));
    let source = BufReader::new(Counting(file, Arc::clone(&read)));
    let mut archive = Archive::of(source, &keys(&studio).0).unwrap().unwrap();
    let outline = archive.outline();
    assert!(outline.marks.len() > 100);
    let opened = read.swap(0, Ordering::SeqCst);
    assert!(opened > 0 && opened < 400_000, "{opened} bytes to open it");
    for at_us in [0, 800_000_000, 5_000, u64::MAX] {
        let stretch = archive.stretch(at_us).unwrap();
        assert!(stretch.from.at_us <= at_us && stretch.next.is_none_or(|next| next > at_us));
        let sought = read.swap(0, Ordering::SeqCst);
        assert!(sought < 600_000, "{sought} bytes to seek to {at_us}");
    }
}

#[tokio::test]
async fn t_10_an_archive_that_is_changed_or_cut_anywhere_is_not_proven() {
    let studio = Studio::default();
    let (keys, _) = keys(&studio);
    let journal = journal(&studio);
    let tape = begin(&journal, 1).await;
    show(tape.as_ref(), b"what was shown").await;
    tape.seal().await.unwrap();
    archive_all(&journal, 1).await;
    let path = studio.sealed(1);
    let file = fs::read(&path).unwrap();
    assert!(verify(&path, &keys).is_ok());
    for at in 0..file.len() {
        let mut changed = file.clone();
        changed[at] ^= 1;
        fs::write(&path, &changed).unwrap();
        assert!(verify(&path, &keys).is_err(), "byte {at}");
        fs::write(&path, &file[..at]).unwrap();
        assert!(verify(&path, &keys).is_err(), "cut at {at}");
    }
    let last = file.len() - 1;
    fs::write(&path, [&file[..last], &[file[last] ^ 1]].concat()).unwrap();
    let error = verify(&path, &keys).unwrap_err();
    assert!(matches!(error, VerifyError::Flawed { flaw: Flaw::Undecipherable, .. }), "{error}");
}

#[tokio::test]
async fn an_archive_is_closed_to_those_without_its_key() {
    let studio = Studio::default();
    let journal = journal(&studio);
    hour(&studio, &journal).await;
    archive_all(&journal, 1).await;
    drop(journal);
    let path = studio.sealed(1);
    let other = Keys::own(&studio.folder.path().join("other.key")).unwrap();
    for keys in [Keys::default(), other] {
        assert!(matches!(verify(&path, &keys), Err(VerifyError::Locked)));
        assert!(matches!(outline(&path, &keys), Err(VerifyError::Locked)));
        let journal = studio.journal_with(&Settings { keys, ..studio.settings() });
        let locked = journal.stretch(session(1), 0).await;
        assert!(matches!(locked, Err(RecorderError::Locked)));
    }
}

#[tokio::test]
async fn t_04_an_index_that_lies_is_made_again_from_the_frames() {
    let studio = Studio::default();
    let (keys, identity) = keys(&studio);
    let journal = journal(&studio);
    hour(&studio, &journal).await;
    archive_all(&journal, 1).await;
    let path = studio.sealed(1);
    let (before, file) = (told(&path, &keys), fs::read(&path).unwrap());
    let plaintext = age::decrypt(&identity, &file).unwrap();
    let end = plaintext.len();
    // The mark, and where the index is.
    for at in [end - 16, end - 5, end - 1] {
        let mut changed = plaintext.clone();
        changed[at] ^= 0x55;
        fs::write(&path, age::encrypt(&identity.to_public(), &changed).unwrap()).unwrap();
        assert_eq!(told(&path, &keys), before, "{}", end - at);
    }
    fs::write(&path, age::encrypt(&identity.to_public(), &plaintext[..end - 24]).unwrap()).unwrap();
    assert_eq!(told(&path, &keys), before, "without its end");
}

#[tokio::test]
async fn t_10_another_transcript_around_the_same_frames_makes_another_file() {
    let studio = Studio::default();
    let (_, identity) = keys(&studio);
    let journal = journal(&studio);
    let tape = begin(&journal, 1).await;
    show(tape.as_ref(), b"$ rm -rf /srv").await;
    let sealed = tape.seal().await.unwrap();
    assert_eq!(journal.prove(session(1)).await.unwrap(), (sealed.clone(), None));
    let id = journal.unarchived().await.unwrap();
    let archived = journal.archive(id).await.unwrap().unwrap();
    journal.adopt(id).await.unwrap();
    let proven = (sealed.clone(), Some(archived.digest.clone()));
    assert_eq!(journal.prove(session(1)).await.unwrap(), proven);

    let mut plaintext = age::decrypt(&identity, &fs::read(studio.sealed(1)).unwrap()).unwrap();
    let head = 0x184D_2A51_u32.to_le_bytes();
    let at = plaintext.windows(4).position(|window| window == head).unwrap() + 8;
    let length = u32::from_le_bytes(plaintext[at - 4..at].try_into().unwrap()) as usize;
    let lines = zstd::bulk::decompress(&plaintext[at..at + length], 1_000).unwrap();
    let lie = String::from_utf8(lines).unwrap().replace("rm -rf /srv", "ls -la /srv");
    plaintext[at..at + length].copy_from_slice(&zstd::bulk::compress(lie.as_bytes(), 3).unwrap());
    let file = age::encrypt(&identity.to_public(), &plaintext).unwrap();
    fs::write(studio.sealed(1), &file).unwrap();
    assert_eq!(journal.transcript(session(1)).await.unwrap().lines[0].text, "$ ls -la /srv");
    let (found, digest) = journal.prove(session(1)).await.unwrap();
    assert_eq!(found, sealed, "no frame was changed");
    assert_ne!(digest, Some(archived.digest));
    assert_eq!(digest, Some(domain::hex(&Sha256::digest(&file))));
}

#[tokio::test]
async fn an_archive_that_a_crash_cut_off_is_made_at_the_next_start() {
    let studio = Studio::default();
    let journal = journal(&studio);
    let written = hour(&studio, &journal).await;
    let session = journal.unarchived().await.unwrap();
    journal.archive(session).await.unwrap().unwrap();
    drop(journal);
    let begun = studio.sealed(1).with_extension("archive");
    assert!(begun.exists());
    let journal = self::journal(&studio);
    journal.recover().await.unwrap();
    assert_eq!(fs::read(studio.sealed(1)).unwrap(), written);
    archive_all(&journal, 1).await;
    assert!(!begun.exists());
    assert!(fs::read(studio.sealed(1)).unwrap().starts_with(b"age-encryption.org/v1\n"));
}

#[tokio::test]
async fn t_08_a_full_disk_leaves_the_recording_as_it_was_sealed() {
    let studio = Studio::default();
    let (keys, _) = keys(&studio);
    let journal = journal(&studio);
    hour(&studio, &journal).await;
    let before = told(&studio.sealed(1), &keys);
    let session = journal.unarchived().await.unwrap();
    studio.disk.leave_room(1_000);
    assert!(journal.archive(session).await.is_err());
    assert!(studio.disk.failures.load(Ordering::SeqCst) > 0);
    assert!(!studio.sealed(1).with_extension("archive").exists(), "the room is given back");
    studio.disk.leave_room(u64::MAX);
    journal.postpone(session);
    journal.resume();
    assert_eq!(told(&studio.sealed(1), &keys), before);
    archive_all(&journal, 1).await;
    assert_eq!(told(&studio.sealed(1), &keys), before, "it waited, and is archived");
    assert!(journal.works());
}

#[tokio::test]
async fn what_is_postponed_lets_others_go_first_and_waits_all_the_same() {
    let studio = Studio::default();
    let journal = journal(&studio);
    for number in [1, 2] {
        begin(&journal, number).await.seal().await.unwrap();
    }
    assert_eq!(journal.unarchived().await.unwrap(), session(1));
    journal.postpone(session(1));
    assert_eq!(journal.unarchived().await.unwrap(), session(2));
    let stored = journal.stored().await.unwrap();
    assert!(!stored.iter().any(|stored| stored.session == session(1)), "it is not to be removed");
    assert!(journal.postponed());
    journal.resume();
    assert!(!journal.postponed());
    assert_eq!(journal.unarchived().await.unwrap(), session(1));
}

#[tokio::test]
async fn t_10_a_recording_that_is_not_whole_is_not_archived() {
    let studio = Studio::default();
    let journal = journal(&studio);
    let mut written = hour(&studio, &journal).await;
    let at = written.len() / 2;
    written[at] ^= 1;
    fs::write(studio.sealed(1), &written).unwrap();
    let session = journal.unarchived().await.unwrap();
    assert_eq!(journal.archive(session).await.unwrap(), None);
    assert_eq!(fs::read(studio.sealed(1)).unwrap(), written);
    assert!(!studio.sealed(1).with_extension("archive").exists());
}

#[tokio::test]
async fn a_seal_that_nobody_heard_of_is_told_from_an_archive_too() {
    let studio = Studio::default();
    let journal = journal(&studio);
    let tape = begin(&journal, 1).await;
    show(tape.as_ref(), b"shown").await;
    let sealed = tape.seal().await.unwrap();
    archive_all(&journal, 1).await;
    drop((tape, journal));
    let recovered = studio.journal().recover().await.unwrap();
    assert_eq!(recovered, [(session(1), sealed)], "without the key");
}

#[tokio::test]
async fn whatever_a_crash_leaves_of_a_recording_is_made_whole_and_archived() {
    let studio = Studio::default();
    let first = journal(&studio);
    let tape = begin(&first, 1).await;
    show(tape.as_ref(), b"first").await;
    tape.append(Stream::Error, Bytes::from_static(b"\xff")).await.unwrap();
    show(tape.as_ref(), b"second").await;
    drop((tape, first));
    studio.wait_for_silence();
    let (part, segment) = (studio.part(1), studio.segments().pop().unwrap());
    let (recorded, journalled) = (fs::read(&part).unwrap(), fs::read(&segment).unwrap());
    for length in 0..=recorded.len() {
        let torn = Studio::default();
        for folder in ["journal", "recordings"] {
            fs::create_dir(torn.folder.path().join(folder)).unwrap();
        }
        let name = segment.file_name().unwrap();
        fs::write(torn.folder.path().join("journal").join(name), &journalled).unwrap();
        fs::write(torn.part(1), &recorded[..length]).unwrap();
        let journal = journal(&torn);
        let recovered = journal.recover().await.unwrap();
        archive_all(&journal, 1).await;
        let (path, keys) = (torn.sealed(1), keys(&torn).0);
        assert_eq!(verify(&path, &keys).unwrap().sealed, recovered[0].1, "{length}");
        let mut output = Vec::new();
        export(&path, &keys, Format::Raw, &mut output).unwrap();
        assert_eq!(output, b"first\xffsecond", "{length}");
    }
}

#[tokio::test]
async fn what_is_stored_is_listed_by_age_and_removed() {
    let studio = Studio::default();
    let journal = journal(&studio);
    for number in [2, 1] {
        let tape = begin(&journal, number).await;
        show(tape.as_ref(), b"shown").await;
        tape.seal().await.unwrap();
    }
    assert_eq!(journal.stored().await.unwrap(), [], "they wait to be archived");
    archive_all(&journal, 2).await;
    fs::write(studio.sealed(2).with_extension("keep"), "").unwrap();
    let stored = journal.stored().await.unwrap();
    let told: Vec<_> = stored.iter().map(|stored| (stored.session, stored.kept)).collect();
    assert!(told.contains(&(session(1), false)) && told.contains(&(session(2), true)), "{told:?}");
    assert!(stored.iter().all(|stored| stored.bytes > 200));
    journal.remove(session(1)).await.unwrap();
    assert!(matches!(journal.outline(session(1)).await, Err(RecorderError::NotFound)));
    assert_eq!(journal.stored().await.unwrap().len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn what_went_in_comes_out_of_the_raw_export(
        frames in prop::collection::vec((any::<bool>(), prop::collection::vec(any::<u8>(), 0..2_000)), 0..20),
        text in "\\PC{0,40}", cut in any::<prop::sample::Index>(),
    ) {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let studio = Studio::default();
            let journal = journal(&studio);
            let tape = begin(&journal, 1).await;
            let mut written = Vec::new();
            let (before, after) = text.as_bytes().split_at(cut.index(text.len() + 1));
            let split = [(false, before.to_vec()), (false, after.to_vec())];
            for (error, bytes) in frames.into_iter().chain(split) {
                let stream = if error { Stream::Error } else { Stream::Output };
                written.extend_from_slice(&bytes);
                tape.append(stream, bytes.into()).await.unwrap();
            }
            let sealed = tape.seal().await.unwrap();
            archive_all(&journal, 1).await;
            let (path, keys) = (studio.sealed(1), keys(&studio).0);
            let mut output = Vec::new();
            export(&path, &keys, Format::Raw, &mut output).unwrap();
            assert_eq!(output, written);
            assert_eq!(verify(&path, &keys).unwrap().sealed, sealed);
        });
    }

    #[test]
    fn t_04_hostile_bytes_in_an_age_file_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let studio = Studio::default();
        let (keys, identity) = keys(&studio);
        let path = studio.folder.path().join("file");
        let packed = zstd::bulk::compress(&bytes, 1).unwrap();
        for plaintext in [&bytes, &packed] {
            fs::write(&path, age::encrypt(&identity.to_public(), plaintext).unwrap()).unwrap();
            prop_assert!(verify(&path, &keys).is_err());
            prop_assert!(outline(&path, &keys).is_err());
        }
    }
}
