//! Reloads the policy when its file changes, and on SIGHUP.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use broker::Portal;
use domain::document::Mistake;
use domain::policy::Policy;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// How often the file is looked at. Polling sees what notifications miss: mounted config maps are
/// swapped by a symbolic link, and network file systems send nothing.
const LOOK_EACH: Duration = Duration::from_secs(1);

/// Watches the file until told to stop. A file that cannot be read leaves the policy in force.
pub(crate) async fn watch(portal: Arc<Portal>, path: PathBuf, stop: CancellationToken) {
    let Ok(mut hangup) = signal(SignalKind::hangup()) else { return };
    let mut look = tokio::time::interval(LOOK_EACH);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut last = None;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = look.tick() => {}
            _ = hangup.recv() => last = None,
        }
        let text = tokio::fs::read_to_string(&path).await.map_err(|cause| cause.to_string());
        if last.as_ref() == Some(&text) {
            continue;
        }
        let read = match &text {
            Ok(text) => Policy::parse(text),
            Err(cause) => Err(Mistake::new(1, "file", cause)),
        };
        if portal.adopt_policy(read).await.is_ok() {
            last = Some(text);
        }
    }
}
