//! What was removed stays away, and a disk that is nearly full is told of.

use std::fs;
use std::time::Duration;

use broker::port::{Recorder as _, RecorderError, Shortage, Stream};

use super::studio::{Studio, begin, session, show};
use crate::Settings;

#[tokio::test]
async fn a_removed_recording_does_not_come_back_from_the_journal() {
    let studio = Studio::default();
    let journal = studio.journal();
    let (removed, other) = (begin(&journal, 1).await, begin(&journal, 2).await);
    show(removed.as_ref(), b"too old").await;
    show(other.as_ref(), b"still here").await;
    removed.seal().await.unwrap();
    other.seal().await.unwrap();
    journal.remove(session(1)).await.unwrap();
    drop((removed, other, journal));
    for _ in 0..2 {
        let recovered = studio.journal().recover().await.unwrap();
        assert!(!recovered.iter().any(|(found, _)| *found == session(1)), "{recovered:?}");
        assert!(!studio.sealed(1).exists() && !studio.part(1).exists());
        assert!(studio.sealed(2).exists());
        assert!(!studio.removed(1).exists(), "the journal has nothing of it any more");
    }
}

#[tokio::test]
async fn a_removal_that_a_crash_interrupted_is_completed() {
    let studio = Studio::default();
    let journal = studio.journal();
    let tape = begin(&journal, 1).await;
    show(tape.as_ref(), b"too old").await;
    tape.seal().await.unwrap();
    let found = fs::read(studio.sealed(1)).unwrap();
    journal.remove(session(1)).await.unwrap();
    drop((tape, journal));
    fs::write(studio.sealed(1), &found).unwrap();
    fs::write(studio.damaged(1), &found[..found.len() / 2]).unwrap();
    for _ in 0..2 {
        assert_eq!(studio.journal().recover().await.unwrap(), []);
        assert!(!studio.sealed(1).exists() && !studio.damaged(1).exists());
    }
}

#[tokio::test]
async fn the_mark_of_a_removal_goes_with_the_segment_that_had_the_recording() {
    let studio = Studio::default();
    let settings = Settings { segment_bytes: 10_000, ..studio.settings() };
    let journal = studio.journal_with(&settings);
    let (removed, busy) = (begin(&journal, 1).await, begin(&journal, 2).await);
    removed.seal().await.unwrap();
    journal.remove(session(1)).await.unwrap();
    assert!(studio.removed(1).exists());
    show(busy.as_ref(), &vec![b'x'; 20_000]).await;
    // The deletion is another thread's work.
    while studio.removed(1).exists() {
        tokio::task::yield_now().await;
    }
    assert_eq!(studio.segments().len(), 1);
    drop((removed, busy, journal));
    studio.journal().recover().await.unwrap();
    assert!(!studio.sealed(1).exists());
}

#[tokio::test]
async fn t_08_a_disk_that_is_nearly_full_is_told_of_while_it_still_works() {
    let studio = Studio::default();
    let settings = Settings { reserve_bytes: 3 << 20, ..studio.settings() };
    let journal = studio.journal_with(&settings);
    let tape = begin(&journal, 1).await;
    assert_eq!(journal.shortage(), None);
    studio.disk.leave_room(2 << 20);
    assert_eq!(journal.shortage(), Some(Shortage { free: 2 << 20, needed: 3 << 20 }));
    show(tape.as_ref(), b"what runs goes on").await;
    assert!(journal.works());
    studio.disk.leave_room(3 << 20);
    assert_eq!(journal.shortage(), None);
}

#[tokio::test]
async fn t_08_a_flood_ends_before_it_has_taken_the_last_room_of_the_others() {
    let studio = Studio::default();
    let settings = Settings { reserve_bytes: 128 << 20, ..studio.settings() };
    let journal = studio.journal_with(&settings);
    let (flood, idle) = (begin(&journal, 1).await, begin(&journal, 2).await);
    show(idle.as_ref(), b"$ ").await;
    studio.disk.leave_room(64 << 20);
    for _ in 0..64 {
        flood.append(Stream::Output, vec![b'x'; 128 << 10].into()).await.unwrap();
    }
    let mut durable = flood.durable();
    let ended = async { while durable.changed().await.is_ok() {} };
    tokio::time::timeout(Duration::from_secs(20), ended).await.expect("it is ended");
    show(idle.as_ref(), b"ls\r\n").await;
    assert!(journal.works());
    let more = flood.append(Stream::Output, b"more".as_slice().into()).await;
    assert!(matches!(more, Err(RecorderError::Broken)), "{more:?}");
    let sealed = flood.seal().await.unwrap();
    assert_eq!(sealed.bytes, *durable.borrow());
    assert_eq!(super::studio::output(&studio.sealed(1)).len() as u64, sealed.bytes);
    assert!(idle.durable().has_changed().is_ok(), "it goes on");
}
