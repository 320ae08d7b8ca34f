//! Sizes, on the tape.

use broker::port::{RecorderError, Stream, Tape};
use domain::wire::Size;
use tokio::sync::watch;

/// Records each size the shell was told; returns when the tape takes no more. It has a future of
/// its own so that typing never waits for the disk.
pub(crate) async fn record_sizes(
    mut applied: watch::Receiver<Option<Size>>,
    tape: &dyn Tape,
) -> RecorderError {
    loop {
        if applied.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
        let size = *applied.borrow_and_update();
        if let Some(Size { columns, rows }) = size
            && let Err(cause) = tape.append(Stream::Size, format!("{columns}x{rows}").into()).await
        {
            return cause;
        }
    }
}
