//! Checkpoints of the audit log: kept elsewhere, one shows that the log was cut or put back (L-02,
//! L-03).

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use broker::port::Store;
use store::chain::Checkpoint;

/// Events that are read at once.
const PAGE: u16 = 1_000;

/// The newest event of the log; none where there is none.
///
/// # Errors
/// When the store does not work.
pub(crate) async fn newest(store: &dyn Store) -> anyhow::Result<Option<Checkpoint>> {
    let number = store.newest_event().await?;
    let found = store.events_after(number.saturating_sub(1), 1).await?;
    Ok(found
        .into_iter()
        .next()
        .map(|logged| Checkpoint { number: logged.number, digest: logged.digest }))
}

/// Reads the whole log, and follows its chain past these checkpoints; the newest event.
///
/// # Errors
/// The first event that is not what was written, or a checkpoint that the log does not pass.
pub(crate) async fn verify(
    store: &dyn Store,
    checkpoints: &[Checkpoint],
) -> anyhow::Result<Checkpoint> {
    let newest = store.newest_event().await?;
    let mut last = Checkpoint::origin();
    loop {
        let page = store.events_after(last.number, PAGE).await?;
        if page.is_empty() {
            break;
        }
        for event in page {
            last = last.then(&event)?;
            let number = last.number;
            let here = checkpoints.iter().filter(|checkpoint| checkpoint.number == number);
            for checkpoint in here {
                ensure!(*checkpoint == last, "event {number} is not the one of the checkpoint");
            }
        }
    }
    ensure!(last.number > 0, "the log is empty");
    let after = checkpoints.iter().map(|checkpoint| checkpoint.number).max().unwrap_or(0);
    let promised = newest.max(after);
    ensure!(
        last.number >= promised,
        "the log ends with event {}, and once had event {promised}",
        last.number
    );
    Ok(last)
}

/// The checkpoint that lies beside the recordings, not in the database.
#[derive(Debug)]
pub(crate) struct Kept {
    path: PathBuf,
    newest: Option<Checkpoint>,
}

impl Kept {
    /// In the portal's data directory.
    pub(crate) fn in_directory(data: &Path) -> Self {
        Self { path: data.join("audit-checkpoint"), newest: None }
    }

    /// Looks whether the log still has the event that was kept.
    ///
    /// # Errors
    /// It has not: the database is older than its portal, or another one.
    pub(crate) async fn check(&self, store: &dyn Store) -> anyhow::Result<()> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(absent) if absent.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(cause) => return Err(cause).context(self.path.display().to_string()),
        };
        let kept: Checkpoint = text.parse().with_context(|| self.path.display().to_string())?;
        let found = store.events_after(kept.number.saturating_sub(1), 1).await?;
        if found.into_iter().next().map(Checkpoint::from).as_ref() == Some(&kept) {
            return Ok(());
        }
        bail!(
            "the audit log does not have event {} as {} knows it: the database was put back, cut \
             or exchanged. Where that was meant, remove the file",
            kept.number,
            self.path.display()
        )
    }

    /// Keeps the newest event, where it is another one than before, and says so in the log.
    pub(crate) async fn keep(&mut self, store: &dyn Store) {
        if let Err(cause) = self.keep_newest(store).await {
            tracing::warn!(%cause, "no checkpoint of the audit log could be kept");
        }
    }

    async fn keep_newest(&mut self, store: &dyn Store) -> anyhow::Result<()> {
        let newest = newest(store).await?;
        if newest == self.newest {
            return Ok(());
        }
        if let Some(newest) = &newest {
            self.write(newest)?;
            tracing::info!(audit.checkpoint = %newest, "the audit log goes up to here");
        }
        self.newest = newest;
        Ok(())
    }

    fn write(&self, checkpoint: &Checkpoint) -> anyhow::Result<()> {
        let new = self.path.with_extension("new");
        let mut file = fs::File::create(&new)?;
        writeln!(file, "{checkpoint}")?;
        file.sync_all()?;
        fs::rename(&new, &self.path)?;
        Ok(())
    }
}
