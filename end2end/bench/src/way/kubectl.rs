//! What people use today: `kubectl exec -it`, at a terminal.

use std::fs::File;
use std::io::Write as _;
use std::process::Stdio;

use anyhow::{Context as _, bail};
use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use client::portal::SIZE;
use client::process::Process;
use client::{Shell, Stand};
use domain::Target;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, ChildStdout, Command};

/// Read at once, in bytes: what a pipe holds.
const READ_AT_ONCE: usize = 64 * 1024;

/// A running `kubectl exec -it`. Its keyboard is a pseudo terminal, without which it would not ask
/// for one in the pod; what it shows goes into a pipe, which is faster than any screen.
pub struct Kubectl {
    child: Child,
    keyboard: File,
    screen: ChildStdout,
}

impl Kubectl {
    /// Runs a shell in a container.
    ///
    /// # Errors
    /// When there is no `kubectl`, or no pseudo terminal.
    pub fn exec(stand: &Stand, target: &Target) -> anyhow::Result<Self> {
        let keyboard = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
        grantpt(&keyboard)?;
        unlockpt(&keyboard)?;
        let (ws_col, ws_row) = (SIZE.columns, SIZE.rows);
        tcsetwinsize(&keyboard, Winsize { ws_row, ws_col, ws_xpixel: 0, ws_ypixel: 0 })?;
        let name = ptsname(&keyboard, Vec::new())?.into_string()?;
        let terminal = File::options().read(true).write(true).open(name)?;
        let mut child = Command::new("kubectl")
            .env("KUBECONFIG", &stand.kubeconfig)
            .args(["exec", "-it", "--namespace", target.place.namespace.as_str()])
            .args([target.pod.as_str(), "--container", target.container.as_str(), "--", "sh"])
            .stdin(Stdio::from(terminal))
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .spawn()
            .context("kubectl cannot be run")?;
        let screen = child.stdout.take().context("kubectl has no output")?;
        Ok(Self { child, keyboard: File::from(keyboard), screen })
    }

    /// Its process.
    ///
    /// # Errors
    /// When it has ended.
    pub fn process(&self) -> anyhow::Result<Process> {
        Ok(Process(self.child.id().context("kubectl has ended")?))
    }
}

#[async_trait]
impl Shell for Kubectl {
    async fn types(&mut self, keys: &[u8]) -> anyhow::Result<()> {
        // A terminal takes some keys at once, so this does not wait.
        Ok(self.keyboard.write_all(keys)?)
    }

    async fn output(&mut self) -> anyhow::Result<Bytes> {
        let mut bytes = BytesMut::with_capacity(READ_AT_ONCE);
        if self.screen.read_buf(&mut bytes).await? == 0 {
            bail!("kubectl ended: {}", self.child.wait().await?);
        }
        Ok(bytes.freeze())
    }
}
