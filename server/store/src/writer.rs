//! One lane for everything that is audited: changes that wait for the disk share one commit.
//!
//! A commit costs milliseconds on common disks, and the head of the audit log orders them anyway,
//! so whatever arrives while one commit runs goes into the next one together.

use std::sync::Arc;

use sqlx::{Any, AnyConnection, AnyPool, Connection as _, Transaction};
use tokio::sync::{mpsc, oneshot};
use tokio_util::task::AbortOnDropHandle;

use crate::change::{self, Change};
use crate::database::in_time;
use crate::error::{Fault, Unsaved};

/// Changes in one commit: more would keep the first of them waiting.
const MOST_TOGETHER: usize = 256;
/// Changes that wait; whoever comes then waits before the queue.
const QUEUE: usize = 1_024;

struct Entry {
    change: Change,
    done: oneshot::Sender<Result<(), Unsaved>>,
}

/// The lane; it ends when the last clone is dropped.
#[derive(Debug, Clone)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Entry>,
    _task: Arc<AbortOnDropHandle<()>>,
}

impl Writer {
    pub(crate) fn start(connections: Connections) -> Self {
        let (queue, entries) = mpsc::channel(QUEUE);
        let task = AbortOnDropHandle::new(tokio::spawn(run(connections, entries)));
        Self { queue, _task: Arc::new(task) }
    }

    /// Writes a change; durable on return. Cancelled before its turn, it is not written.
    pub(crate) async fn write(&self, change: Change) -> Result<(), Unsaved> {
        in_time(async {
            let (done, written) = oneshot::channel();
            self.queue.send(Entry { change, done }).await.map_err(|_| Fault::Stopped)?;
            written.await.unwrap_or(Err(Fault::Stopped.into()))
        })
        .await
    }
}

/// Where to write, and how a transaction begins there.
#[derive(Debug, Clone)]
pub(crate) struct Connections {
    pub(crate) pool: AnyPool,
    pub(crate) begin: &'static str,
}

/// Why nothing was committed.
enum Failure {
    /// The database does not work, for any of them.
    Shared(Fault),
    /// One of them cannot be written.
    OfOne(Unsaved),
}

async fn run(connections: Connections, mut queue: mpsc::Receiver<Entry>) {
    let mut entries = Vec::new();
    while queue.recv_many(&mut entries, MOST_TOGETHER).await > 0 {
        settle(&connections, std::mem::take(&mut entries)).await;
    }
}

/// Writes entries, together where that is possible, and answers each.
async fn settle(connections: &Connections, mut entries: Vec<Entry>) {
    let result = match commit(connections, &mut entries).await {
        Ok(()) => Ok(()),
        Err(Failure::Shared(fault)) => Err(Arc::new(fault)),
        Err(Failure::OfOne(unsaved)) => {
            return match <[Entry; 1]>::try_from(entries) {
                Ok([entry]) => entry.answer(Err(unsaved)),
                Err(entries) => {
                    for entry in entries {
                        Box::pin(settle(connections, vec![entry])).await;
                    }
                }
            };
        }
    };
    for entry in entries {
        entry.answer(result.clone().map_err(|cause| Fault::Together(cause).into()));
    }
}

impl Failure {
    fn is_fault(&self) -> bool {
        matches!(self, Self::Shared(_) | Self::OfOne(Unsaved::Fault(_)))
    }
}

/// Writes all entries that are still wanted, or none.
async fn commit(connections: &Connections, entries: &mut Vec<Entry>) -> Result<(), Failure> {
    let taken = async { Ok(connections.pool.acquire().await?) };
    let mut connection = in_time(taken).await.map_err(Failure::Shared)?;
    let result = commit_on(&mut connection, connections.begin, entries).await;
    if result.as_ref().is_err_and(Failure::is_fault) {
        // On a full disk SQLite gives a transaction up by itself; the driver takes it for open, and
        // none could begin on this connection any more.
        connection.close_on_drop();
    }
    result
}

async fn commit_on(
    connection: &mut AnyConnection,
    begin: &'static str,
    entries: &mut Vec<Entry>,
) -> Result<(), Failure> {
    loop {
        // Who was told that it failed, or has gone, does not want it written any more.
        entries.retain(Entry::is_wanted);
        if entries.is_empty() {
            return Ok(());
        }
        let begun = async { Ok(connection.begin_with(begin).await?) };
        let transaction = in_time(begun).await.map_err(Failure::Shared)?;
        let prepared = match in_time(prepare(transaction, entries)).await {
            Err(Unsaved::Fault(fault @ Fault::Slow)) => return Err(Failure::Shared(fault)),
            prepared => prepared.map_err(Failure::OfOne)?,
        };
        if entries.iter().all(Entry::is_wanted) {
            let committed = in_time(async { Ok(prepared.commit().await?) }).await;
            return committed.map_err(Failure::Shared);
        }
    }
}

async fn prepare<'connection>(
    mut transaction: Transaction<'connection, Any>,
    entries: &[Entry],
) -> Result<Transaction<'connection, Any>, Unsaved> {
    let changes: Vec<&Change> = entries.iter().map(|entry| &entry.change).collect();
    change::write(&mut transaction, &changes).await?;
    Ok(transaction)
}

impl Entry {
    fn is_wanted(&self) -> bool {
        !self.done.is_closed()
    }

    /// Whoever asked may have gone.
    fn answer(self, result: Result<(), Unsaved>) {
        let _ = self.done.send(result);
    }
}
