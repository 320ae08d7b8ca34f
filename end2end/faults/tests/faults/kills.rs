//! A portal whose power fails.

use std::collections::BTreeSet;
use std::time::Duration;

use client::Shell as _;
use client::portal::{Heard, Person, place};
use domain::wire::ServerMessage;
use domain::{LeftBehind, RequestId, SessionEnd, SessionId, Target};
use faults::{Entry, Portal, events, eventually, pod, recording, since_boot};
use rand::Rng as _;
use rand::rngs::StdRng;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::support::{amount, chance, milliseconds};

/// Every recording must be readable this long after a start.
const READABLE_WITHIN: Duration = Duration::from_mins(1);
/// Prints numbered lines in bursts, beside a process that outlives its terminal.
const PRINTS: &[u8] = b"setsid sleep 86404 & number=0; while :; do number=$((number+1)); \
    echo line $number; [ $((number % 200)) -ne 0 ] || sleep 0.05; done\r";

/// What somebody saw of a session.
struct Seen {
    session: SessionId,
    shown: Vec<u8>,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_17_s_10_what_was_shown_is_recorded_and_nothing_goes_on_whenever_the_power_fails() {
    let mut chance = chance();
    let (kills, sessions) = (amount("FAULTS_KILLS", 3), amount("FAULTS_SESSIONS", 4));
    let portal = Portal::start().await.unwrap();
    let ana = Person::sign_in(&portal.stand.portal, "ana").await.unwrap();
    let cleo = Person::sign_in(&portal.stand.portal, "cleo").await.unwrap();
    let staging = place("staging").unwrap();
    let mut request = ana.ask(&staging, "shell", "1h", "the power will fail").await.unwrap();
    let target = ana.targets(&staging, request).await.unwrap().remove(0);
    let mut all = BTreeSet::new();
    let mut bytes = 0;
    for kill in 1..=kills {
        if kill % 50 == 0 {
            // Before the grant's hour is over.
            request = ana.ask(&staging, "shell", "1h", "the power fails often").await.unwrap();
        }
        let seen = under_sessions(&portal, &ana, request, &target, sessions, &mut chance).await;
        let starts = since_boot();
        portal.restart().await.unwrap();
        if chance.random_range(0..4) == 0 {
            // Again, in the middle of picking up the pieces.
            portal.kill().await.unwrap();
            portal.restart().await.unwrap();
        }
        // One that was killed before its shell was open has shown nothing, and has no recording.
        for Seen { session, shown } in seen.iter().filter(|seen| !seen.shown.is_empty()) {
            let recorded = eventually("a recording", READABLE_WITHIN, async || {
                recording(&cleo, *session).await.map(Some)
            });
            let recorded = recorded.await.unwrap();
            let complete = recorded.as_bytes().starts_with(shown);
            assert!(complete, "{session}: {} bytes are not as shown", shown.len());
            bytes += shown.len();
        }
        let readable = since_boot().saturating_sub(starts);
        assert!(readable < READABLE_WITHIN, "recordings are readable after {readable:?}");
        for Seen { session, .. } in &seen {
            let left = eventually("an empty container", READABLE_WITHIN, async || {
                let left = pod::processes(&portal.stand, &target, *session).await?;
                Ok(left.is_empty().then_some(()))
            });
            left.await.unwrap();
        }
        println!("kill {kill}: {} sessions, readable after {readable:?}", seen.len());
        all.extend(seen.into_iter().map(|seen| seen.session));
    }
    assert!(bytes > 0 && !all.is_empty(), "nothing was shown before the power failed");
    the_log_is_whole(&cleo, &all, kills).await;
    portal.stop().await.unwrap();
}

/// Opens sessions, and kills the portal at a random instant meanwhile or afterwards; what was seen
/// of those that were attached.
async fn under_sessions(
    portal: &Portal,
    ana: &Person,
    request: RequestId,
    target: &Target,
    sessions: u64,
    chance: &mut StdRng,
) -> Vec<Seen> {
    let mut readers = JoinSet::new();
    let dies = since_boot() + milliseconds(chance, 500 + sessions * 300);
    let opening = async {
        for _ in 0..sessions {
            let session = ana.open(request, target).await?;
            let mut terminal = ana.attach(session, 0).await?;
            readers.spawn(async move {
                let mut shown = Vec::new();
                // A shell that is not there yet reads it later.
                let _ = terminal.types(PRINTS).await;
                while let Ok(Heard::Said(said)) = terminal.next().await {
                    if let ServerMessage::Output { bytes, .. } = said {
                        shown.extend(bytes);
                    }
                }
                Seen { session, shown }
            });
        }
        sleep(dies.saturating_sub(since_boot())).await;
        anyhow::Ok(())
    };
    let killing = async {
        faults::reach(dies).await;
        portal.kill().await.unwrap();
    };
    // What is being opened when the power fails is refused.
    let _ = tokio::join!(opening, killing);
    readers.join_all().await
}

/// Every session has its beginning and its end in the log, every start is there, and no number is
/// missing. What could not be looked into at the end is looked into again.
async fn the_log_is_whole(cleo: &Person, sessions: &BTreeSet<SessionId>, kills: u64) {
    let nothing = LeftBehind::Nothing.words();
    let log = eventually("containers that were looked into", READABLE_WITHIN, async || {
        let log = events(cleo, None).await?;
        let looked_into = |session: &SessionId| {
            let ends = of(&log, *session, &["session-ended", "session-cleaned-up"]);
            ends.last().is_some_and(|last| last.contains(&nothing))
        };
        Ok(sessions.iter().all(looked_into).then_some(log))
    });
    let log = log.await.unwrap();
    let numbers = log.iter().map(|entry| entry.number);
    assert!(numbers.eq(1..=log.len() as u64), "a number is missing");
    let starts = log.iter().filter(|entry| entry.kind == "portal-started").count() as u64;
    assert!(starts > kills, "{starts} starts after {kills} kills");
    let stopped = SessionEnd::PortalStopped.words();
    for session in sessions {
        assert_eq!(of(&log, *session, &["session-starting"]).len(), 1, "{session}");
        let ends = of(&log, *session, &["session-ended"]);
        assert!(ends.len() == 1 && ends[0].contains(&stopped), "{session}: {ends:?}");
    }
}

/// What the log says of a session, of these kinds.
fn of<'log>(log: &'log [Entry], session: SessionId, kinds: &[&str]) -> Vec<&'log str> {
    let id = session.to_string();
    let found = |entry: &&Entry| kinds.contains(&entry.kind.as_str()) && entry.text.contains(&id);
    log.iter().filter(found).map(|entry| entry.text.as_str()).collect()
}
