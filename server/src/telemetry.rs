//! Logs: a readable message and dotted fields, to standard error.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// Begins to log. `RUST_LOG` says how much; JSON unless a person is watching.
pub(crate) fn init() {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        logs.compact().init();
    } else {
        logs.json().flatten_event(true).init();
    }
}
