use std::fs;

use broker::port::Stream;
use bytes::Bytes;

use super::*;
use crate::recording::Shelf;
use crate::tests::studio::{Studio, session};

/// What a session writes at once.
static BYTES: [u8; 64 << 10] = [b'x'; 64 << 10];
/// What must be free on the disk, in bytes.
const RESERVE: u64 = 1 << 20;

/// A writer without its thread.
fn writer(studio: &Studio) -> (Writer, Shelf) {
    let folder = studio.folder.path().join("journal");
    fs::create_dir(&folder).unwrap();
    let claim = Arc::new(File::create(folder.join("lock")).unwrap());
    let shelf = Shelf::open(studio.folder.path().join("recordings")).unwrap();
    let (queue, commands) = mpsc::channel(1);
    let queue = queue.downgrade();
    let disk = Arc::clone(&studio.disk);
    let segments = Segments::begin(folder, claim, 1, 1 << 20, shelf.clone(), disk, queue).unwrap();
    let room = Room::new(studio.folder.path().to_owned(), RESERVE, studio.disk.clone());
    (Writer::new(commands, segments, studio.disk.clone(), Level::Disk, room), shelf)
}

fn begin(writer: &mut Writer, shelf: &Shelf, number: u128) -> Arc<Track> {
    follow(writer, shelf, number).0
}

/// Begins a recording whose durable offset is followed.
fn follow(writer: &mut Writer, shelf: &Shelf, number: u128) -> (Arc<Track>, watch::Receiver<u64>) {
    let track = Arc::new(Track::new(shelf.create(session(number)).unwrap(), (80, 24)));
    let (durable, followed) = watch::channel(0);
    let (done, _) = oneshot::channel();
    let (session, track_of) = (session(number), Arc::clone(&track));
    let payload = b"{}".to_vec();
    writer.take(Command::Begin { session, track: track_of, durable, payload, done }).unwrap();
    (track, followed)
}

fn show(writer: &mut Writer, number: u128, bytes: &'static [u8]) {
    let room = Arc::new(tokio::sync::Semaphore::new(1)).try_acquire_owned().unwrap();
    let (session, bytes) = (session(number), Bytes::from_static(bytes));
    let (kind, time_us) = (Kind::Output, 0);
    writer.take(Command::Append { session, kind, time_us, bytes, room }).unwrap();
    writer.commit().unwrap();
}

#[test]
fn a_recording_that_was_left_is_synced_before_its_segment_goes() {
    let studio = Studio::default();
    let (mut writer, shelf) = writer(&studio);
    let track = begin(&mut writer, &shelf, 1);
    show(&mut writer, 1, b"left");
    drop(track);
    writer.rest();
    assert!(writer.live.is_empty(), "nobody can add to it any more");
    writer.turn().unwrap();
    let path = studio.part(1);
    // The sweep is another thread's work.
    while studio.segments().len() > 1 {
        thread::yield_now();
    }
    assert_eq!(studio.disk.synced(&path), fs::metadata(&path).unwrap().len());
}

#[test]
fn an_idle_session_gives_its_memory_back_and_is_read_from_its_file() {
    let studio = Studio::default();
    let (mut writer, shelf) = writer(&studio);
    let track = begin(&mut writer, &shelf, 1);
    show(&mut writer, 1, b"a prompt");
    writer.rest();
    let output = |bytes: &'static [u8]| (Stream::Output, Bytes::from_static(bytes));
    assert_eq!(track.recent(0, 8), Some(output(b"a prompt")), "of late");
    writer.rest();
    assert_eq!(track.recent(0, 8), None);
    assert_eq!(track.older(2, 4).unwrap(), output(b"prom"));
    show(&mut writer, 1, b" and more");
    assert_eq!(track.recent(8, 100), Some(output(b" and more")));
    assert_eq!(track.older(7, 4).unwrap(), output(b"t an"));
}

#[test]
fn t_08_while_the_disk_is_nearly_full_who_floods_is_ended_and_nobody_else() {
    let studio = Studio::default();
    let (mut writer, shelf) = writer(&studio);
    let (_idle, of_idle) = follow(&mut writer, &shelf, 1);
    let (_flood, of_flood) = follow(&mut writer, &shelf, 2);
    let (_less, of_less) = follow(&mut writer, &shelf, 3);
    let runs = |durable: &watch::Receiver<u64>| durable.has_changed().is_ok();
    show(&mut writer, 1, &BYTES);
    writer.rest();
    assert!(runs(&of_flood), "there is room");

    studio.disk.leave_room(RESERVE - 1);
    show(&mut writer, 1, b"$ ");
    for _ in 0..2 {
        show(&mut writer, 2, &BYTES);
    }
    show(&mut writer, 3, &BYTES);
    writer.rest();
    assert!(!runs(&of_flood) && runs(&of_less), "one at a time, the greatest first");
    writer.rest();
    assert!(!runs(&of_less));
    for _ in 0..10 {
        writer.rest();
        show(&mut writer, 1, b"$ ");
    }
    assert!(runs(&of_idle), "what it had before does not count");
    assert_eq!(*of_idle.borrow(), BYTES.len() as u64 + 22);

    // Nothing is added to a flood that was ended, and it is sealed like any other.
    show(&mut writer, 2, b"more");
    let (done, mut seal) = oneshot::channel();
    writer.take(Command::Seal { session: session(2), time_us: 0, done }).unwrap();
    writer.commit().unwrap();
    let seal = seal.try_recv().unwrap();
    assert_eq!(seal.sealed.bytes, 2 * BYTES.len() as u64);
    assert!(seal.durable.is_none());
}
