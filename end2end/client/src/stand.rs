//! What `end2end/stand/with` has started, as its environment says.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use serde_json::json;
use url::Url;

use crate::process::Process;

/// A cluster, an identity provider and a portal.
#[derive(Debug, Clone)]
pub struct Stand {
    /// The portal's origin.
    pub portal: Url,
    /// The provider's origin.
    pub provider: Url,
    /// The portal's data: the disk that it writes to.
    pub data: PathBuf,
    /// The kubeconfig of the cluster's administrator.
    pub kubeconfig: PathBuf,
    pid: PathBuf,
}

impl Stand {
    /// Reads the environment.
    ///
    /// # Errors
    /// When it is not that of `end2end/stand/with`.
    pub fn from_environment() -> anyhow::Result<Self> {
        Self::from_variables(|name| std::env::var(name).ok())
    }

    /// Reads the variables of an environment.
    ///
    /// # Errors
    /// When it is not that of `end2end/stand/with`.
    pub fn from_variables(read: impl Fn(&str) -> Option<String>) -> anyhow::Result<Self> {
        let variable = |name: &str| {
            read(name).with_context(|| format!("{name} is not set: see end2end/README.md"))
        };
        Ok(Self {
            portal: Url::parse(&variable("SHOREPASS_URL")?)?,
            provider: Url::parse(&variable("IDP_URL")?)?,
            data: variable("SHOREPASS_TEST_DATA")?.into(),
            kubeconfig: variable("SHOREPASS_TEST_KUBECONFIG")?.into(),
            pid: variable("SHOREPASS_TEST_PID")?.into(),
        })
    }

    /// The portal's process, as it is now.
    ///
    /// # Errors
    /// When nothing says which it is.
    pub fn process(&self) -> anyhow::Result<Process> {
        let file: &Path = &self.pid;
        let text = std::fs::read_to_string(file).context("the portal's process is not known")?;
        Ok(Process(text.trim().parse()?))
    }

    /// Makes the provider know somebody with these groups.
    ///
    /// # Errors
    /// When the provider's controls for tests are off.
    pub async fn introduce(&self, name: &str, groups: &[&str]) -> anyhow::Result<()> {
        let url = self.provider.join(&format!("/test/people/{name}"))?;
        let client = reqwest::Client::builder().build()?;
        let response = client.post(url).json(&json!({ "groups": groups })).send().await?;
        let status = response.status();
        ensure!(status.is_success(), "the provider answered {status} when told of {name}");
        Ok(())
    }
}
