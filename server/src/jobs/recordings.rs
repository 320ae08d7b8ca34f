//! Archives recordings once they are sealed, and removes those that are too old or too many.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use broker::Portal;
use broker::port::Clock;
use domain::broker::Refusal;
use domain::{Fact, SessionId, duration};
use jiff::{SignedDuration, Timestamp};
use recorder::{Journal, Stored};
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;

/// How often recordings are looked through for what is to be removed.
const TIDY_EACH: Duration = Duration::from_mins(10);
/// How soon it is looked again whether a session's end is written down.
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

/// What the audit log knows of recordings, and is told.
#[async_trait]
pub(crate) trait Log: Send + Sync {
    /// Sees to it that it has the seal of a session's recording, if that is whole; false while the
    /// session has not ended.
    async fn note_seal(&self, session: SessionId) -> Result<bool, Refusal>;

    /// Writes down what happens to a recording; durable on return.
    async fn note_recording(&self, session: SessionId, fact: Fact) -> Result<(), Refusal>;
}

#[async_trait]
impl Log for Portal {
    async fn note_seal(&self, session: SessionId) -> Result<bool, Refusal> {
        self.note_seal(session).await
    }

    async fn note_recording(&self, session: SessionId, fact: Fact) -> Result<(), Refusal> {
        self.note_recording(session, fact).await
    }
}

/// Looks after the recordings until told to stop. One recording is worked on at a time: sessions
/// that run come first.
pub(crate) async fn look_after(
    log: Arc<impl Log>,
    journal: Arc<Journal>,
    retention: Retention,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
) {
    let (mut tidy, mut again) = (interval(TIDY_EACH), interval(LOOK_EACH));
    for interval in [&mut tidy, &mut again] {
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    }
    loop {
        let done = tokio::select! {
            biased;
            () = stop.cancelled() => return,
            _ = tidy.tick() => remove_surplus(&*log, &journal, retention, clock.now()).await,
            session = journal.unarchived() => match session {
                Ok(session) => archive(&*log, &journal, session)
                    .await
                    .inspect_err(|_| journal.postpone(session)),
                Err(cause) => Err(cause.into()),
            },
            // Last: what was postponed holds up nothing that was not.
            _ = again.tick(), if journal.postponed() => {
                journal.resume();
                Ok(())
            }
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
async fn archive(log: &impl Log, journal: &Journal, session: SessionId) -> Done {
    if !log.note_seal(session).await? {
        journal.postpone(session);
        return Ok(());
    }
    if let Some(archived) = journal.archive(session).await? {
        let fact = Fact::RecordingArchived { bytes: archived.bytes, digest: archived.digest };
        log.note_recording(session, fact).await?;
        journal.adopt(session).await?;
    }
    Ok(())
}

/// The audit log has the removal before the recording is gone.
async fn remove_surplus(
    log: &impl Log,
    journal: &Journal,
    retention: Retention,
    now: Timestamp,
) -> Done {
    for (session, why) in surplus(&journal.stored().await?, retention, now) {
        log.note_recording(session, Fact::RecordingRemoved { why }).await?;
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
    use std::collections::BTreeSet;
    use std::sync::Mutex;

    use broker::port::{Recorder as _, RecordingHeader, SystemClock};
    use recorder::{Keys, Settings};
    use tokio::sync::mpsc;
    use tokio::time::timeout;

    use super::*;

    /// Longer than anything here takes.
    const LONG: Duration = Duration::from_mins(1);

    /// A log that knows which sessions have ended, and passes on what happens to recordings.
    struct Scripted {
        ended: Mutex<BTreeSet<SessionId>>,
        noted: mpsc::Sender<(SessionId, &'static str)>,
    }

    #[async_trait]
    impl Log for Scripted {
        async fn note_seal(&self, session: SessionId) -> Result<bool, Refusal> {
            Ok(self.ended.lock().unwrap().contains(&session))
        }

        async fn note_recording(&self, session: SessionId, fact: Fact) -> Result<(), Refusal> {
            self.noted.send((session, fact.word())).await.unwrap();
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_session_whose_end_is_not_written_down_holds_up_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::own(&folder.path().join("recordings.key")).unwrap();
        let settings = Settings { keys, ..Settings::new(folder.path()) };
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let journal = Arc::new(Journal::open(&settings, Arc::clone(&clock)).unwrap());
        let [ending, ended] = [1, 2].map(|number| SessionId(uuid::Uuid::from_u128(number)));
        for session in [ending, ended] {
            let began_at = Timestamp::UNIX_EPOCH;
            let header =
                RecordingHeader { session, began_at, size: (80, 24), title: String::new() };
            journal.begin(&header).await.unwrap().seal().await.unwrap();
        }
        let (noted, mut notes) = mpsc::channel(1);
        let log = Arc::new(Scripted { ended: Mutex::new([ended].into()), noted });
        let (stop, none) = (CancellationToken::new(), Retention { keep: None, quota: None });
        tokio::time::pause();
        let job = look_after(Arc::clone(&log), journal, none, clock, stop.clone());
        let job = tokio::spawn(job);
        let archived = |session| Ok(Some((session, "recording-archived")));
        assert_eq!(timeout(LONG, notes.recv()).await, archived(ended));
        log.ended.lock().unwrap().insert(ending);
        assert_eq!(timeout(LONG, notes.recv()).await, archived(ending), "it was looked at again");
        stop.cancel();
        job.await.unwrap();
    }

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
