//! How the process is told to stop.

use tokio::signal::unix::{SignalKind, signal};

/// Waits for SIGTERM or Ctrl-C.
pub(crate) async fn told_to_stop() -> std::io::Result<()> {
    let (mut terminate, mut interrupt) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}
