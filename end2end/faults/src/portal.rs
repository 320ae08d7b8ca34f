//! A portal that may be killed and stopped.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use client::Stand;
use client::portal::Person;
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{interval, timeout};

use crate::Proxy;

/// How long a start may take …
const STARTS_WITHIN: Duration = Duration::from_mins(1);
/// … and how often it is looked.
const LOOK_EACH: Duration = Duration::from_millis(20);
/// Names the portal's kubeconfig; stands copy it.
const KUBECONFIG: &str = "SHOREPASS_TEST_PORTAL_KUBECONFIG";
const STAND: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../stand");

/// A portal and an identity provider on the cluster of `stand/cluster`; they end with this.
pub struct Portal {
    /// What was started.
    pub stand: Stand,
    keeper: Pid,
    child: Child,
}

impl Portal {
    /// Starts both.
    ///
    /// # Errors
    /// When they do not start; outside `stand/cluster` above all.
    pub async fn start() -> anyhow::Result<Self> {
        Self::start_set(&[]).await
    }

    /// Starts both, with variables that `stand/portal` knows.
    ///
    /// # Errors
    /// When they do not start; outside `stand/cluster` above all.
    pub async fn start_set(settings: &[(&str, &str)]) -> anyhow::Result<Self> {
        Self::start_with(&kubeconfig()?, settings).await
    }

    /// Starts both, with a proxy between the portal and the API server.
    ///
    /// # Errors
    /// When they do not start; outside `stand/cluster` above all.
    pub async fn start_apart() -> anyhow::Result<(Self, Proxy)> {
        let text = std::fs::read_to_string(kubeconfig()?)?;
        let (_, rest) = text.split_once("https://").context("no API server is named")?;
        let server = rest.lines().next().unwrap_or_default().trim_end();
        let proxy = Proxy::before(server.parse()?).await?;
        let folder = tempfile::tempdir()?;
        let changed = folder.path().join("kubeconfig");
        std::fs::write(&changed, text.replace(server, &proxy.address().to_string()))?;
        Ok((Self::start_with(&changed, &[]).await?, proxy))
    }

    async fn start_with(kubeconfig: &Path, settings: &[(&str, &str)]) -> anyhow::Result<Self> {
        // The only provider; that it is there already is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut command = Command::new(format!("{STAND}/portal"));
        command
            .arg(format!("{STAND}/announce"))
            .envs([("IDP_TEST_CONTROLS", "on"), ("RECHECK", "5m"), ("GRACE", "1m")])
            .envs(settings.iter().copied())
            .env(KUBECONFIG, kubeconfig)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let output = child.stdout.take().context("it has no output")?;
        let line = timeout(STARTS_WITHIN, BufReader::new(output).lines().next_line()).await??;
        let line = line.context("the portal did not start")?;
        let variables: BTreeMap<String, String> = serde_json::from_str(&line)?;
        let stand = Stand::from_variables(|name| variables.get(name).cloned())?;
        let keeper = variables.get("SHOREPASS_TEST_STAND").context("the stand has no process")?;
        let keeper = Pid::from_raw(keeper.parse()?).context("the stand's process is none")?;
        Ok(Self { stand, keeper, child })
    }

    /// Somebody on call, who was not there before.
    ///
    /// # Errors
    /// When the provider does not know them, or the portal does not let them in.
    pub async fn somebody(&self, name: &str) -> anyhow::Result<Person> {
        self.stand.introduce(name, &["oncall"]).await?;
        Person::sign_in(&self.stand.portal, name).await
    }

    /// Where it listens.
    ///
    /// # Errors
    /// When that is no address.
    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        let port = self.stand.portal.port().context("the portal's address has no port")?;
        Ok(SocketAddr::from(([127, 0, 0, 1], port)))
    }

    /// Ends it as a power failure would, and returns when it is gone.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn kill(&self) -> anyhow::Result<()> {
        let process = self.pid()?;
        kill_process(process, Signal::KILL)?;
        self.until("dies", || rustix::process::test_kill_process(process).is_err()).await
    }

    /// Starts it again on the data that are there, and returns when it is ready.
    ///
    /// # Errors
    /// When it does not get ready.
    pub async fn restart(&self) -> anyhow::Result<()> {
        let before = self.pid()?;
        kill_process(self.keeper, Signal::USR1)?;
        self.until("starts", || self.pid().is_ok_and(|process| process != before)).await?;
        let ready = self.stand.portal.join("/readyz")?;
        let browser = client::portal::Browser::new()?;
        let answers = async {
            let mut again = interval(LOOK_EACH);
            loop {
                again.tick().await;
                let answer = browser.get(ready.clone()).await;
                if answer.is_ok_and(|answer| answer.status.is_success()) {
                    break;
                }
            }
        };
        timeout(STARTS_WITHIN, answers).await.context("the portal does not get ready")
    }

    /// Stops it in the middle of whatever it does, and returns when it stands still.
    ///
    /// # Errors
    /// When it goes on.
    pub async fn freeze(&self) -> anyhow::Result<()> {
        let process = self.pid()?;
        kill_process(process, Signal::STOP)?;
        self.until("stands still", || state(process).is_ok_and(|state| state == 'T')).await
    }

    /// Lets it go on after [`Self::freeze`].
    ///
    /// # Errors
    /// When it did not stand still all the time.
    pub fn thaw(&self) -> anyhow::Result<()> {
        let process = self.pid()?;
        ensure!(state(process)? == 'T', "the portal did not stand still");
        Ok(kill_process(process, Signal::CONT)?)
    }

    /// Ends both in good order.
    ///
    /// # Errors
    /// When they go on.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        drop(self.child.stdin.take());
        timeout(STARTS_WITHIN, self.child.wait()).await.context("the portal does not end")??;
        Ok(())
    }

    fn pid(&self) -> anyhow::Result<Pid> {
        let process = i32::try_from(self.stand.process()?.0)?;
        Pid::from_raw(process).context("the portal has no process")
    }

    async fn until(&self, what: &str, done: impl Fn() -> bool) -> anyhow::Result<()> {
        let looking = async {
            let mut again = interval(LOOK_EACH);
            while !done() {
                again.tick().await;
            }
        };
        if timeout(STARTS_WITHIN, looking).await.is_err() {
            bail!("the portal never {what}");
        }
        Ok(())
    }
}

fn kubeconfig() -> anyhow::Result<PathBuf> {
    let file = std::env::var_os(KUBECONFIG);
    Ok(file.with_context(|| format!("{KUBECONFIG} is not set: see end2end/README.md"))?.into())
}

/// The letter of a process' state (proc(5)).
fn state(process: Pid) -> anyhow::Result<char> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", process.as_raw_nonzero()))?;
    // The name before may hold anything, blanks and brackets too.
    let (_, fields) = stat.rsplit_once(") ").context("this is no process' stat")?;
    fields.chars().next().context("it lacks fields")
}
