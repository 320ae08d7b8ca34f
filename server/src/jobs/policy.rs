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

/// After how many looks git is asked again whether a policy without a commit stands in one: it is
/// committed after it is written, and amid a `git pull` nothing is.
const ASK_GIT_EACH: u32 = 10;

/// Watches the policy until told to stop. One that cannot be read leaves the policy in force.
pub(crate) async fn watch(
    portal: Arc<Portal>,
    path: PathBuf,
    mut hangup: Signal,
    stop: CancellationToken,
) {
    let mut look = tokio::time::interval(LOOK_EACH);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut seen = Seen::default();
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = look.tick() => {}
            _ = hangup.recv() => seen = Seen::default(),
        }
        let text = off_thread(&path, |path| PolicyText::read(path).map_err(|no| no.to_string()));
        let Some(text) = text.await else { continue };
        if !seen.is_new(&text, portal.policy().commit().is_some()) {
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
            seen = Seen { text: Some(text), looks: 0 };
        }
    }
}

/// What was read last, and how often it was the same since.
#[derive(Default)]
struct Seen {
    text: Option<Result<PolicyText, String>>,
    looks: u32,
}

impl Seen {
    /// Whether what is read is to be looked into: another text, or one that may have been committed
    /// since.
    fn is_new(&mut self, text: &Result<PolicyText, String>, in_commit: bool) -> bool {
        self.looks += 1;
        self.text.as_ref() != Some(text) || !in_commit && self.looks >= ASK_GIT_EACH
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_is_looked_into_again_only_while_it_stands_in_no_commit() {
        let text = Ok(PolicyText::File("rules: []".to_owned()));
        let mut seen = Seen::default();
        assert!(seen.is_new(&text, false), "it was never seen");
        let again = |in_commit| {
            let mut seen = Seen { text: Some(text.clone()), looks: 0 };
            let looks = (0..ASK_GIT_EACH).map(|_| seen.is_new(&text, in_commit));
            looks.collect::<Vec<_>>()
        };
        assert!(again(true).iter().all(|new| !new));
        let open = again(false);
        assert!(open.iter().rev().skip(1).all(|new| !new) && open.last() == Some(&true));
        let other = Ok(PolicyText::File(String::new()));
        assert!(Seen { text: Some(text), looks: 0 }.is_new(&other, true));
    }
}
