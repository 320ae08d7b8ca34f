//! Archives recordings once they are sealed, and removes those that are too old or too many.

use std::sync::Arc;
use std::time::Duration;

use broker::Portal;
use broker::port::Clock;
use domain::{Fact, SessionId, duration};
use jiff::{SignedDuration, Timestamp};
use recorder::{Journal, Stored};
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;

/// How often recordings are looked through for what is to be removed.
const TIDY_EACH: Duration = Duration::from_mins(10);
/// How often it is looked whether a session's end is written down.
const LOOK_EACH: Duration = Duration::from_millis(500);
/// How long the job rests after a failure: a full disk does not empty itself.
const REST: Duration = Duration::from_secs(30);

/// How long recordings are kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Retention {
    /// Older ones are removed; none keeps them for good.
    pub(crate) keep: Option<Duration>,
    /// What all of them together may take, in bytes.
    pub(crate) quota: Option<u64>,
}

/// Looks after the recordings until told to stop. One recording is worked on at a time: sessions
/// that run come first.
pub(crate) async fn look_after(
    portal: Arc<Portal>,
    journal: Arc<Journal>,
    retention: Retention,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
) {
    let mut tidy = interval(TIDY_EACH);
    tidy.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let done = tokio::select! {
            () = stop.cancelled() => return,
            _ = tidy.tick() => remove_surplus(&portal, &journal, retention, clock.now()).await,
            session = journal.unarchived() => match session {
                Ok(session) => archive(&portal, &journal, session, &stop)
                    .await
                    .inspect_err(|_| journal.postpone(session)),
                Err(cause) => Err(cause.into()),
            },
        };
        if let Err(cause) = done {
            tracing::error!(error = &*cause, "recordings are not looked after");
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep(REST) => {}
            }
        }
    }
}

type Done = Result<(), Box<dyn std::error::Error + Send + Sync>>;

/// The audit log has the seal before the archive is made, which the portal may have no key to read
/// it from, and the archive's digest before it is in its place.
async fn archive(
    portal: &Portal,
    journal: &Journal,
    session: SessionId,
    stop: &CancellationToken,
) -> Done {
    while !portal.has_ended(session).await? {
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = sleep(LOOK_EACH) => {}
        }
    }
    if let Some(archived) = journal.archive(session).await? {
        let fact = Fact::RecordingArchived { bytes: archived.bytes, digest: archived.digest };
        portal.note_recording(session, fact).await?;
        journal.adopt(session).await?;
    }
    Ok(())
}

/// The audit log has the removal before the recording is gone.
async fn remove_surplus(
    portal: &Portal,
    journal: &Journal,
    retention: Retention,
    now: Timestamp,
) -> Done {
    for (session, why) in surplus(&journal.stored().await?, retention, now) {
        portal.note_recording(session, Fact::RecordingRemoved { why }).await?;
        journal.remove(session).await?;
    }
    Ok(())
}

/// What is to be removed of the recordings, oldest first, and why.
fn surplus(stored: &[Stored], retention: Retention, now: Timestamp) -> Vec<(SessionId, String)> {
    let mut surplus = Vec::new();
    let mut left: u64 = stored.iter().map(|stored| stored.bytes).sum();
    for recording in stored.iter().filter(|recording| !recording.kept) {
        let age = now.duration_since(recording.began_at);
        let why = match (retention.keep, retention.quota) {
            (Some(keep), _) if SignedDuration::try_from(keep).is_ok_and(|keep| age > keep) => {
                format!("it is older than {}", duration::words(keep))
            }
            (_, Some(quota)) if left > quota => {
                "all recordings together are larger than the quota".to_owned()
            }
            _ => continue,
        };
        left -= recording.bytes;
        surplus.push((recording.session, why));
    }
    surplus
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600;

    /// Five recordings, an hour apart, each of 10 bytes; the second is kept.
    fn stored() -> Vec<Stored> {
        (0..5_u8)
            .map(|number| Stored {
                session: SessionId(uuid::Uuid::from_u128(number.into())),
                began_at: Timestamp::from_second(i64::from(number) * HOUR).unwrap(),
                bytes: 10,
                kept: number == 1,
            })
            .collect()
    }

    fn removed(keep_hours: Option<u64>, quota: Option<u64>) -> Vec<u128> {
        let keep = keep_hours.map(|hours| Duration::from_secs(hours * 3_600));
        let now = Timestamp::from_second(5 * HOUR).unwrap();
        let surplus = surplus(&stored(), Retention { keep, quota }, now);
        surplus.into_iter().map(|(session, _)| session.0.as_u128()).collect()
    }

    #[test]
    fn what_is_too_old_goes_and_then_the_oldest_beyond_the_quota_but_never_what_is_kept() {
        assert_eq!(removed(None, None), []);
        assert_eq!(removed(Some(5), None), []);
        assert_eq!(removed(Some(3), None), [0]);
        assert_eq!(removed(Some(2), None), [0, 2]);
        assert_eq!(removed(None, Some(50)), []);
        assert_eq!(removed(None, Some(49)), [0]);
        assert_eq!(removed(None, Some(25)), [0, 2, 3]);
        assert_eq!(removed(Some(2), Some(29)), [0, 2, 3]);
        assert_eq!(removed(None, Some(1)), [0, 2, 3, 4]);
    }
}
