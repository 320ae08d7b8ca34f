//! A disk that is full.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::Path;
use std::time::Duration;

use client::Shell as _;
use client::portal::{Heard, Person, Terminal, place};
use domain::wire::ServerMessage;
use domain::{SessionEnd, SessionId};
use faults::{Portal, events, eventually, recording, since_boot};

/// A session ends this long after its recording cannot be written any more.
const ENDS_WITHIN: Duration = Duration::from_secs(1);
/// How long anything else may take.
const PATIENCE: Duration = Duration::from_mins(1);
/// So many bytes are shown before the disk is full.
const SHOWN: usize = 50_000;
/// What a page has that plays a recording.
const PLAYER: &str = "id=\"player\"";
/// Prints numbered lines in bursts, so that no terminal lags.
const PRINTS: &[u8] = b"number=0; while :; do number=$((number+1)); echo line $number; \
    [ $((number % 200)) -ne 0 ] || sleep 0.05; done\r";

#[tokio::test(flavor = "multi_thread")]
async fn t_08_a_full_disk_ends_what_runs_and_loses_nothing_that_was_shown() {
    let portal = Portal::start_set(&[("DATA_SIZE", "256m")]).await.unwrap();
    let ana = Person::sign_in(&portal.stand.portal, "ana").await.unwrap();
    let cleo = Person::sign_in(&portal.stand.portal, "cleo").await.unwrap();
    let staging = place("staging").unwrap();
    let request = ana.ask(&staging, "shell", "1h", "the disk will be full").await.unwrap();
    let target = ana.targets(&staging, request).await.unwrap().remove(0);
    let session = ana.open(request, &target).await.unwrap();
    let mut terminal = ana.attach(session, 0).await.unwrap();
    terminal.types(PRINTS).await.unwrap();
    let mut shown = Vec::new();
    assert!(!shows(&mut terminal, &mut shown, SHOWN).await, "it ended before the disk was full");

    let ballast = portal.stand.data.join("ballast");
    let fills = ballast.clone();
    let filling = tokio::task::spawn_blocking(move || fill(&fills));
    let ended = async {
        let over = shows(&mut terminal, &mut shown, usize::MAX).await;
        assert!(over, "it goes on");
        since_boot()
    };
    let (full, ended) = tokio::join!(filling, ended);
    let after = ended.saturating_sub(full.unwrap());
    assert!(after < ENDS_WITHIN, "the session ended {after:?} after the disk was full");
    let ready = cleo.browser().get(cleo.url("/readyz").unwrap()).await.unwrap();
    assert!(!ready.status.is_success(), "it says that it is ready");

    // The audit log is on the same disk: it has the end once there is room.
    fs::remove_file(&ballast).unwrap();
    let end = event(&cleo, session, "session-ended").await;
    assert!(end.contains(&SessionEnd::NotRecorded.words()), "{end}");
    let path = format!("/recordings/{session}");
    let page = cleo.page(&path).await.unwrap().text();
    // Where the audit log was the first that could not be written, the journal was sealed.
    let sealed = page.contains(PLAYER);
    assert!(sealed || page.contains("The recording is not sealed"), "{page}");

    portal.kill().await.unwrap();
    let starts = since_boot();
    portal.restart().await.unwrap();
    let recorded =
        eventually("the recording", PATIENCE, async || recording(&cleo, session).await.map(Some));
    let recorded = recorded.await.unwrap();
    let readable = since_boot().saturating_sub(starts);
    assert!(recorded.as_bytes().starts_with(&shown), "{} bytes are not as shown", shown.len());
    if !sealed {
        event(&cleo, session, "recording-sealed").await;
    }
    assert!(cleo.page(&path).await.unwrap().text().contains(PLAYER), "it is not played");
    println!("ended after {after:?}, readable {readable:?} after the start began");
    portal.stop().await.unwrap();
}

/// Reads until so many bytes were shown; whether the session ended before.
async fn shows(terminal: &mut Terminal, shown: &mut Vec<u8>, most: usize) -> bool {
    while shown.len() < most {
        match terminal.next().await.unwrap() {
            Heard::Said(ServerMessage::Output { bytes, .. }) => shown.extend(bytes),
            Heard::Said(_) => {}
            Heard::Closed(_) => return true,
        }
    }
    false
}

/// Takes all the room that a disk has; when the last of it was taken.
fn fill(ballast: &Path) -> Duration {
    let (mut file, mut written) = (File::create(ballast).unwrap(), 0);
    // Smaller and smaller pieces, so that nothing is left.
    for size in [1 << 20, 1 << 12, 1] {
        let piece = vec![0; size];
        loop {
            match file.write(&piece) {
                Ok(bytes) => written += bytes,
                Err(cause) if cause.kind() == ErrorKind::StorageFull => break,
                Err(cause) => panic!("the disk is not filled: {cause}"),
            }
        }
    }
    assert!(written > 1 << 20, "the disk was full already");
    since_boot()
}

/// What the log says of a session, once it has an event of this kind.
async fn event(cleo: &Person, session: SessionId, kind: &str) -> String {
    let id = session.to_string();
    let found = eventually(kind, PATIENCE, async || {
        let log = events(cleo, Some(&id)).await?;
        Ok(log.into_iter().find(|entry| entry.kind == kind))
    });
    found.await.unwrap().text
}
