use std::time::Duration;

use broker::port::{Recorder as _, Stream};
use tokio::time::timeout;

use super::*;
use crate::tests::studio::{Studio, begin, session, show};

/// Longer than anything here takes.
const LONG: Duration = Duration::from_secs(20);

#[tokio::test]
async fn t_08_whoever_reads_recordings_holds_up_neither_a_screen_nor_an_archive() {
    let studio = Studio::default();
    let keys = Keys::own(&studio.folder.path().join("recordings.key")).unwrap();
    let journal = studio.journal_with(&Settings { keys, ..studio.settings() });
    let (over, live) = (begin(&journal, 1).await, begin(&journal, 2).await);
    show(over.as_ref(), b"shown").await;
    over.seal().await.unwrap();
    show(live.as_ref(), b"$ ").await;

    let count = u32::try_from(READERS).unwrap();
    let reads = Arc::clone(&journal.readers).acquire_many_owned(count).await.unwrap();
    let screen = timeout(LONG, live.screen(0)).await.expect("a terminal waits for no reader");
    assert!(screen.unwrap().is_some());
    let archived = timeout(LONG, journal.archive(session(1))).await.expect("nor does archiving");
    assert!(archived.unwrap().is_some());

    let count = u32::try_from(SCREENS).unwrap();
    let _screens = Arc::clone(&journal.screens).acquire_many_owned(count).await.unwrap();
    let _archive = Arc::clone(&journal.archives).acquire_owned().await.unwrap();
    drop(reads);
    timeout(LONG, journal.prove(session(1))).await.expect("nor the other way round").unwrap();
}

#[tokio::test]
async fn a_whole_read_stops_when_nobody_waits_for_it_any_more() {
    let studio = Studio::default();
    let journal = studio.journal();
    let (begun, begins) = oneshot::channel();
    let read = journal.read(session(1), move |_, _, wanted| {
        begun.send(()).unwrap();
        while wanted() {
            std::thread::yield_now();
        }
        Ok(())
    });
    tokio::select! {
        _ = read => panic!("somebody waits for it"),
        begun = begins => begun.unwrap(),
    }
    let count = u32::try_from(READERS).unwrap();
    let turns = timeout(LONG, journal.readers.acquire_many(count)).await;
    assert!(turns.is_ok(), "its turn is given back");
}

#[tokio::test]
async fn a_proof_looks_at_each_frame_whether_it_is_wanted() {
    let studio = Studio::default();
    let journal = studio.journal();
    let tape = begin(&journal, 1).await;
    for _ in 0..100 {
        tape.append(Stream::Output, "frame".into()).await.unwrap();
    }
    tape.seal().await.unwrap();
    let looks = std::cell::Cell::new(0);
    let wanted = || looks.replace(looks.get() + 1) < 3;
    assert!(recording::prove(&studio.sealed(1), &Keys::default(), &wanted).is_err());
    assert_eq!(looks.get(), 4);
}
