//! The clock that pods and tests share, and waiting by it.

use std::time::Duration;

use anyhow::Context as _;
use rustix::time::{ClockId, clock_gettime};
use tokio::time::{interval, sleep, timeout};

/// How often it is looked whether something has come to be.
const LOOK_EACH: Duration = Duration::from_millis(50);

/// Time since the machine started: the one that `/proc/uptime` says in a container, too.
pub fn since_boot() -> Duration {
    let time = clock_gettime(ClockId::Boottime);
    Duration::new(
        u64::try_from(time.tv_sec).unwrap_or_default(),
        u32::try_from(time.tv_nsec).unwrap_or_default(),
    )
}

/// Waits for a point in time, as [`since_boot`] says it.
pub async fn reach(at: Duration) {
    sleep(at.saturating_sub(since_boot())).await;
}

/// Asks again and again until there is an answer.
///
/// # Errors
/// When there is none within this time; with what went wrong last, if anything did.
pub async fn eventually<T>(
    what: &str,
    within: Duration,
    ask: impl AsyncFn() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let mut wrong = None;
    let asked = async {
        let mut again = interval(LOOK_EACH);
        loop {
            again.tick().await;
            match ask().await {
                Ok(Some(answer)) => return answer,
                Ok(None) => wrong = None,
                Err(cause) => wrong = Some(cause),
            }
        }
    };
    let waited = timeout(within, asked).await;
    let words = || format!("{what} did not come to be in {within:?}: {wrong:?}");
    waited.ok().with_context(words)
}
