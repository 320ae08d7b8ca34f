//! Other programs.

use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

/// Runs a program; what it says on standard error is shown, what it prints is the result.
///
/// # Errors
/// It cannot be started, or does not succeed.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let done = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("{name} cannot be started"))?;
    let printed = String::from_utf8_lossy(&done.stdout).into_owned();
    if !done.status.success() {
        bail!("{name} failed ({}) {printed}", done.status);
    }
    Ok(printed)
}

/// Tells whoever waits what is being done.
pub(crate) fn say(text: &str) {
    // Nobody is there to tell when standard error is closed.
    let _ = writeln!(std::io::stderr(), "site: {text}");
}
