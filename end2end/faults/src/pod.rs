//! Looking into a container as the cluster's administrator, past Shorepass.

use std::process::Stdio;

use anyhow::{Context as _, ensure};
use client::Stand;
use domain::{SessionId, Target};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

/// Runs a command in a container; what it printed.
///
/// # Errors
/// When it fails, or cannot be run.
pub async fn inside(stand: &Stand, target: &Target, command: &[&str]) -> anyhow::Result<String> {
    given(stand, target, command, "").await
}

/// Writes a file in a container.
///
/// # Errors
/// When that cannot be done.
pub async fn put(stand: &Stand, target: &Target, path: &str, text: &str) -> anyhow::Result<()> {
    let command = format!("cat >{path}; wc -c <{path}");
    let length = given(stand, target, &["sh", "-c", &command], text).await?;
    ensure!(length.trim() == text.len().to_string(), "{path} has {length} bytes");
    Ok(())
}

/// The processes in a container that carry a session's marker.
///
/// # Errors
/// When it cannot be looked.
pub async fn processes(
    stand: &Stand,
    target: &Target,
    session: SessionId,
) -> anyhow::Result<Vec<String>> {
    let search = format!("grep -l {session} /proc/[0-9]*/environ 2>/dev/null; true");
    let found = inside(stand, target, &["sh", "-c", &search]).await?;
    Ok(found.lines().map(str::to_owned).collect())
}

async fn given(
    stand: &Stand,
    target: &Target,
    command: &[&str],
    input: &str,
) -> anyhow::Result<String> {
    let mut child = Command::new("kubectl")
        .arg("--kubeconfig")
        .arg(&stand.kubeconfig)
        .args(["exec", "--stdin", "--namespace", target.place.namespace.as_str()])
        .args([target.pod.as_str(), "--container", target.container.as_str(), "--"])
        .args(command)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("kubectl cannot be run")?;
    let mut stdin = child.stdin.take().context("kubectl takes no input")?;
    stdin.write_all(input.as_bytes()).await?;
    drop(stdin);
    let output = child.wait_with_output().await?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command:?} ended with {}: {complaint}", output.status);
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
