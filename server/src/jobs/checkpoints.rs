//! Keeps checkpoints of the audit log where the database is not.

use std::sync::Arc;
use std::time::Duration;

use broker::port::Store;
use tokio_util::sync::CancellationToken;

use crate::checkpoint::Kept;

/// How often the newest event is kept. Whoever collects the portal's log has it from there.
const EACH: Duration = Duration::from_mins(1);

/// Keeps the newest event again and again, and for the last time when told to stop.
pub(crate) async fn keep(store: Arc<dyn Store>, mut kept: Kept, stop: CancellationToken) {
    let mut tick = tokio::time::interval(EACH);
    while stop.run_until_cancelled(tick.tick()).await.is_some() {
        kept.keep(&*store).await;
    }
    kept.keep(&*store).await;
}
