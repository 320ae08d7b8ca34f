//! Reloads the policy when its files change, and on SIGHUP.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use broker::Portal;
use domain::document::Mistake;
use tokio::signal::unix::Signal;
use tokio_util::sync::CancellationToken;

use crate::policy_files::{self, PolicyText};

/// How often the files are looked at. Polling sees what notifications miss: mounted config maps are
/// swapped by a symbolic link, and network file systems send nothing.
const LOOK_EACH: Duration = Duration::from_secs(1);

/// Watches the policy until told to stop. One that cannot be read leaves the policy in force.
pub(crate) async fn watch(
    portal: Arc<Portal>,
    path: PathBuf,
    mut hangup: Signal,
    stop: CancellationToken,
) {
    let mut look = tokio::time::interval(LOOK_EACH);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut last = None;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = look.tick() => {}
            _ = hangup.recv() => last = None,
        }
        let text = off_thread(&path, |path| PolicyText::read(path).map_err(|no| no.to_string()));
        let Some(text) = text.await else { continue };
        if last.as_ref() == Some(&text) {
            continue;
        }
        let read = match &text {
            Ok(text) => match text.parse() {
                Ok(policy) => {
                    let commit = off_thread(&path, policy_files::commit).await.flatten();
                    Ok(policy.in_commit(commit))
                }
                Err(mistake) => Err(mistake),
            },
            Err(cause) => Err(Mistake::new(1, "file", cause)),
        };
        if portal.adopt_policy(read).await.is_ok() {
            last = Some(text);
        }
    }
}

/// Looks at the disk where that holds nobody up; none where the runtime is going down.
async fn off_thread<T: Send + 'static>(
    path: &Path,
    look: impl FnOnce(&Path) -> T + Send + 'static,
) -> Option<T> {
    let path = path.to_owned();
    tokio::task::spawn_blocking(move || look(&path)).await.ok()
}
