//! A disk that fails, and a process that ends, lose nothing that was acknowledged.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::{Closing, Settings};
use broker::port::{Recorder as _, RecorderError, Stream, Tape};
use bytes::Bytes;
use proptest::prelude::*;

use super::studio::{Studio, begin, header, output, read_all, session, show, verify};

#[tokio::test]
async fn t_08_a_full_disk_breaks_the_journal_for_good_and_loses_nothing_acknowledged() {
    let studio = Studio::default();
    let journal = studio.journal();
    let (one, other) = (begin(&journal, 1).await, begin(&journal, 2).await);
    show(one.as_ref(), b"kept").await;
    let (mut durable, mut durable_of_other) = (one.durable(), other.durable());
    durable.borrow_and_update();
    durable_of_other.borrow_and_update();

    studio.disk.leave_room(100);
    one.append(Stream::Output, Bytes::from(vec![b'x'; 1_000])).await.unwrap();
    assert!(durable.changed().await.is_err(), "every session is told");
    assert!(durable_of_other.changed().await.is_err());
    assert!(studio.disk.failures.load(Ordering::SeqCst) > 0);
    assert!(!journal.works());

    studio.disk.leave_room(u64::MAX);
    let more = Bytes::from_static(b"more");
    assert!(matches!(one.append(Stream::Output, more).await, Err(RecorderError::Broken)));
    assert!(matches!(other.seal().await, Err(RecorderError::Broken)));
    assert!(matches!(journal.begin(&header(3)).await, Err(RecorderError::Broken)));
    assert_eq!(*one.durable().borrow(), 4);
    assert_eq!(read_all(one.as_ref(), 100).await, b"kept");

    drop((one, other, journal));
    let recovered = studio.journal().recover().await.unwrap();
    let sessions: Vec<_> = recovered.iter().map(|(session, _)| *session).collect();
    assert_eq!(sessions, [session(1), session(2)]);
    assert_eq!(output(&studio.sealed(1)), b"kept");
    assert!(!studio.part(3).exists());
}

#[tokio::test]
async fn t_08_an_append_that_waits_is_told_when_the_journal_breaks() {
    let studio = Studio::default();
    let journal = studio.journal();
    let tape = begin(&journal, 1).await;
    studio.disk.shut();
    let flood = {
        let tape = Arc::clone(&tape);
        tokio::spawn(async move {
            loop {
                let bytes = Bytes::from(vec![b'y'; 64 * 1024]);
                if let Err(error) = tape.append(Stream::Output, bytes).await {
                    return error;
                }
            }
        })
    };
    studio.disk.leave_room(0);
    studio.disk.open();
    assert!(matches!(flood.await.unwrap(), RecorderError::Broken));
}

#[tokio::test]
async fn a_session_that_was_live_is_sealed_as_interrupted() {
    let studio = Studio::default();
    let journal = studio.journal();
    let (one, other) = (begin(&journal, 1).await, begin(&journal, 2).await);
    show(one.as_ref(), b"before the crash \xff\xc3").await;
    show(other.as_ref(), b"sealed in time").await;
    let sealed = other.seal().await.unwrap();
    drop((one, other, journal));

    let journal = studio.journal();
    let recovered = journal.recover().await.unwrap();
    assert_eq!(recovered.len(), 2);
    let verified = verify(&studio.sealed(1)).unwrap();
    assert_eq!(recovered[0], (session(1), verified.sealed));
    assert_eq!(verified.closing, Closing::Interrupted);
    assert_eq!(output(&studio.sealed(1)), b"before the crash \xff\xc3");
    assert_eq!(recovered[1], (session(2), sealed), "its seal may not have been heard of");
    assert_eq!(studio.segments().len(), 1, "what is in recordings leaves the journal");
    assert_eq!(journal.recover().await.unwrap(), [], "once");
}

#[tokio::test]
async fn what_begins_before_the_recovery_is_left_alone() {
    let studio = Studio::default();
    let journal = studio.journal();
    let old = begin(&journal, 1).await;
    show(old.as_ref(), b"old").await;
    drop((old, journal));
    let journal = studio.journal();
    let new = begin(&journal, 2).await;
    show(new.as_ref(), b"new, ").await;
    let recovered = journal.recover().await.unwrap();
    assert_eq!(recovered.len(), 1);
    show(new.as_ref(), b"and on").await;
    new.seal().await.unwrap();
    assert_eq!(output(&studio.sealed(2)), b"new, and on");
}

#[tokio::test]
async fn a_segment_is_deleted_once_its_recordings_are_synced() {
    let studio = Studio::default();
    let settings = Settings { segment_bytes: 10_000, ..studio.settings() };
    let journal = studio.journal_with(&settings);
    let (idle, busy) = (begin(&journal, 1).await, begin(&journal, 2).await);
    show(idle.as_ref(), b"a prompt").await;
    let mut written = Vec::new();
    for round in 0..200_u8 {
        show(busy.as_ref(), &[round; 997]).await;
        written.extend([round; 997]);
    }
    // The deletion is another thread's work.
    while studio.segments().len() > 1 {
        tokio::task::yield_now().await;
    }
    drop((idle, busy, journal));
    studio.journal().recover().await.unwrap();
    assert_eq!(output(&studio.sealed(1)), b"a prompt", "an idle session holds no segment back");
    assert_eq!(output(&studio.sealed(2)), written);
}

#[tokio::test]
async fn a_torn_tail_is_cut_at_every_byte_and_what_was_whole_is_kept() {
    let studio = Studio::default();
    let journal = studio.journal();
    let tape = begin(&journal, 1).await;
    show(tape.as_ref(), b"first").await;
    show(tape.as_ref(), b"second").await;
    drop((tape, journal));
    let segment = studio.segments().pop().unwrap();
    let bytes = fs::read(&segment).unwrap();
    let last = bytes.len() - 88 - b"second".len();
    let header = last - 88 - b"first".len();
    for length in 0..=bytes.len() {
        let torn = Studio::default();
        for folder in ["journal", "recordings"] {
            fs::create_dir(torn.folder.path().join(folder)).unwrap();
        }
        // Of the recording's own file nothing came through.
        let path = torn.folder.path().join("journal").join(segment.file_name().unwrap());
        fs::write(&path, &bytes[..length]).unwrap();
        let recovered = torn.journal().recover().await.unwrap();
        let expected = match length {
            _ if length < header => None,
            _ if length < last => Some(&b""[..]),
            _ if length < bytes.len() => Some(&b"first"[..]),
            _ => Some(&b"firstsecond"[..]),
        };
        assert_eq!(recovered.len(), usize::from(expected.is_some()), "{length}");
        if let Some(expected) = expected {
            assert_eq!(output(&torn.sealed(1)), expected, "{length}");
        }
    }
}

#[tokio::test]
async fn t_04_a_damaged_segment_is_kept_and_what_can_be_told_of_it_is_recovered() {
    let studio = Studio::default();
    let settings = Settings { segment_bytes: 2_000, ..studio.settings() };
    let journal = studio.journal_with(&settings);
    let tape = begin(&journal, 1).await;
    // A segment goes as soon as its recordings are synced: each is copied as it is written.
    let segments = {
        let copies = tempfile::tempdir().unwrap();
        for round in 0..4_u8 {
            show(tape.as_ref(), &[b'a' + round; 1_500]).await;
            for path in studio.segments() {
                let copy = copies.path().join(path.file_name().unwrap());
                let _ = fs::copy(&path, copy);
            }
        }
        copies
    };
    drop((tape, journal));
    let damaged = Studio::default();
    for folder in ["journal", "recordings"] {
        fs::create_dir(damaged.folder.path().join(folder)).unwrap();
    }
    let mut names: Vec<_> =
        fs::read_dir(segments.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    assert!(names.len() >= 2);
    for (index, path) in names.iter().enumerate() {
        let mut bytes = fs::read(path).unwrap();
        if index == 0 {
            let last = bytes.len() - 1;
            bytes[last] ^= 1;
        }
        let name = path.file_name().unwrap();
        fs::write(damaged.folder.path().join("journal").join(name), bytes).unwrap();
    }
    let recovered = damaged.journal().recover().await.unwrap();
    assert_eq!(recovered.len(), 1);
    let kept = names[0].with_extension("damaged");
    assert!(damaged.folder.path().join("journal").join(kept.file_name().unwrap()).exists());
    let shown = output(&damaged.sealed(1));
    assert!([&b""[..], &[b'a'; 1_500]].contains(&shown.as_slice()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// A power cut leaves of each file what was synced, and of the rest any beginning.
    #[test]
    fn everything_that_was_published_as_durable_survives_a_power_cut(
        frames in prop::collection::vec((0..3_usize, 1..2_000_usize, any::<bool>()), 1..40),
        segment_bytes in prop_oneof![Just(3_000_u64), Just(1 << 20)],
        survives in prop::collection::vec(any::<prop::sample::Index>(), 3),
        noise in prop::collection::vec(any::<u8>(), 0..100),
    ) {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let studio = Studio::default();
            let journal = studio.journal_with(&Settings { segment_bytes, ..studio.settings() });
            let tapes = [begin(&journal, 0).await, begin(&journal, 1).await, begin(&journal, 2).await];
            let mut written = [vec![], vec![], vec![]];
            for (round, (which, length, waits)) in frames.iter().enumerate() {
                let bytes = vec![u8::try_from(round).unwrap(); *length];
                let end = tapes[*which].append(Stream::Output, bytes.clone().into()).await.unwrap();
                written[*which].extend(bytes);
                if *waits {
                    tapes[*which].durable().wait_for(|durable| *durable >= end).await.unwrap();
                }
            }
            let durable: Vec<u64> = tapes.iter().map(|tape| *tape.durable().borrow()).collect();
            let crashed = power_cut(&studio, &survives, &noise);
            let recovered = crashed.journal().recover().await.unwrap();
            assert_eq!(recovered.len(), 3);
            for (number, (written, durable)) in (0..).zip(written.iter().zip(durable)) {
                let output = output(&crashed.sealed(number));
                assert!(output.len() as u64 >= durable);
                assert_eq!(output, written[..output.len()]);
                assert!(!crashed.damaged(number).exists(), "the journal had all that was torn");
            }
        });
    }
}

/// What is on the disk after a power cut now. Syncing goes on meanwhile, so segments come first:
/// one is deleted only after its recordings are synced.
fn power_cut(studio: &Studio, survives: &[prop::sample::Index], noise: &[u8]) -> Studio {
    let (crashed, _frozen) = (Studio::default(), studio.disk.freeze());
    for folder in ["journal", "recordings"] {
        fs::create_dir(crashed.folder.path().join(folder)).unwrap();
    }
    let left = |path: &Path, survives: &prop::sample::Index| {
        let synced = usize::try_from(studio.disk.synced(path)).unwrap();
        let mut bytes = fs::read(path).ok()?;
        let rest = bytes.len().saturating_sub(synced);
        bytes.truncate(synced + survives.index(rest + 1));
        Some(bytes)
    };
    let segments = studio.segments();
    for path in &segments {
        if let Some(mut bytes) = left(path, &survives[0]) {
            if Some(path) == segments.last() {
                bytes.extend_from_slice(noise);
            }
            let name = path.file_name().unwrap();
            fs::write(crashed.folder.path().join("journal").join(name), bytes).unwrap();
        }
    }
    for (number, survives) in (0..3).zip(survives) {
        fs::write(crashed.part(number), left(&studio.part(number), survives).unwrap()).unwrap();
    }
    crashed
}

#[tokio::test]
async fn a_tape_that_is_dropped_without_its_seal_is_sealed_at_the_next_start() {
    let studio = Studio::default();
    let journal = studio.journal();
    let tape: Arc<dyn Tape> = begin(&journal, 1).await;
    show(tape.as_ref(), b"left alone").await;
    drop((tape, journal));
    studio.journal().recover().await.unwrap();
    assert_eq!(output(&studio.sealed(1)), b"left alone");
}

#[tokio::test]
async fn t_10_a_recording_that_the_journal_cannot_make_whole_is_kept_as_it_was_found() {
    let studio = Studio::default();
    let journal = studio.journal();
    let tape = begin(&journal, 1).await;
    for text in ["one", "two", "three"] {
        show(tape.as_ref(), text.as_bytes()).await;
    }
    drop((tape, journal));
    studio.wait_for_silence();
    // As after a long time: the journal does not have it any more.
    for segment in studio.segments() {
        fs::remove_file(segment).unwrap();
    }
    let mut bytes = fs::read(studio.part(1)).unwrap();
    let at = bytes.windows(3).position(|window| window == b"two").unwrap();
    bytes[at] = b'T';
    fs::write(studio.part(1), &bytes).unwrap();
    for _ in 0..2 {
        let recovered = studio.journal().recover().await.unwrap();
        assert!(recovered.len() <= 1);
        assert_eq!(output(&studio.sealed(1)), b"one");
        assert_eq!(fs::read(studio.damaged(1)).unwrap(), bytes);
    }
}

#[tokio::test]
async fn a_recovery_that_was_cut_off_is_begun_again() {
    let studio = Studio::default();
    let journal = studio.journal();
    let tape = begin(&journal, 1).await;
    show(tape.as_ref(), b"one").await;
    show(tape.as_ref(), b"two").await;
    drop((tape, journal));
    studio.wait_for_silence();
    let bytes = fs::read(studio.part(1)).unwrap();
    // Put aside, and copied in part.
    fs::write(studio.damaged(1), &bytes[..bytes.len() - 1]).unwrap();
    fs::write(studio.part(1), &bytes[..20]).unwrap();
    assert_eq!(studio.journal().recover().await.unwrap().len(), 1);
    assert_eq!(output(&studio.sealed(1)), b"onetwo");
    assert!(!studio.damaged(1).exists());
}

#[tokio::test]
async fn t_04_a_journal_that_is_damaged_before_its_end_is_kept() {
    let studio = Studio::default();
    let journal = studio.journal();
    let tape = begin(&journal, 1).await;
    for text in ["one", "two", "three"] {
        show(tape.as_ref(), text.as_bytes()).await;
    }
    drop((tape, journal));
    let segment = studio.segments().pop().unwrap();
    let mut bytes = fs::read(&segment).unwrap();
    let at = bytes.windows(3).position(|window| window == b"two").unwrap();
    bytes[at] = b'T';
    fs::write(&segment, &bytes).unwrap();
    studio.journal().recover().await.unwrap();
    assert_eq!(fs::read(segment.with_extension("damaged")).unwrap(), bytes);
    assert_eq!(output(&studio.sealed(1)), b"onetwothree", "the recording itself was whole");
}

#[tokio::test(start_paused = true)]
async fn t_08_a_recording_does_not_begin_on_a_disk_that_hangs() {
    let studio = Studio::default();
    let journal = studio.journal();
    studio.disk.shut();
    let begun = journal.begin(&header(1)).await;
    studio.disk.open();
    assert!(matches!(begun.err(), Some(RecorderError::Unreadable(_))));
}

#[tokio::test]
async fn t_08_each_kind_of_failure_ends_every_session_and_loses_nothing_acknowledged() {
    // EIO, EROFS and ENOSPC as the system numbers them.
    for (on_write, on_sync) in [(5, 0), (30, 0), (28, 0), (0, 5), (0, 28)] {
        let studio = Studio::default();
        let journal = studio.journal();
        let (one, other) = (begin(&journal, 1).await, begin(&journal, 2).await);
        show(one.as_ref(), b"kept").await;
        let mut durable = other.durable();
        studio.disk.write_fault.store(on_write, Ordering::SeqCst);
        studio.disk.sync_fault.store(on_sync, Ordering::SeqCst);
        one.append(Stream::Output, Bytes::from_static(b"lost")).await.unwrap();
        while durable.changed().await.is_ok() {}
        assert!(studio.disk.failures.load(Ordering::SeqCst) > 0);
        assert!(!journal.works());
        assert!(matches!(other.seal().await, Err(RecorderError::Broken)));
        studio.disk.write_fault.store(0, Ordering::SeqCst);
        studio.disk.sync_fault.store(0, Ordering::SeqCst);
        drop((one, other, journal));
        studio.journal().recover().await.unwrap();
        // What failed to be synced was written here; it may be there or not.
        let expected: &[&[u8]] = &[b"kept", b"keptlost"];
        assert!(expected.contains(&output(&studio.sealed(1)).as_slice()), "{on_write} {on_sync}");
    }
}

#[tokio::test]
async fn t_08_a_seal_on_a_disk_that_hangs_is_given_up_and_made_at_the_next_start() {
    let studio = Studio::default();
    let journal = studio.journal();
    let tape = begin(&journal, 1).await;
    show(tape.as_ref(), b"kept").await;
    studio.disk.shut();
    tokio::time::pause();
    assert!(matches!(tape.seal().await, Err(RecorderError::Unreadable(_))));
    assert!(matches!(tape.seal().await, Err(RecorderError::Unreadable(_))), "again");
    studio.disk.open();
    drop((tape, journal));
    studio.journal().recover().await.unwrap();
    assert_eq!(output(&studio.sealed(1)), b"kept");
}
