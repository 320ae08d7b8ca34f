//! From settings to a cluster.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use broker::port::Clock;
use broker::signed::GrantVerifier;
use domain::ClusterName;
use kube::config::{KubeConfigOptions, Kubeconfig};

use crate::kubernetes::Kubernetes;
use crate::transport;
use crate::user_prefix::UserPrefix;

/// Which cluster, and how it is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Its name; orders for another cluster are refused.
    pub name: ClusterName,
    /// A kubeconfig file; none for the ServiceAccount of the pod that the portal runs in.
    pub kubeconfig: Option<PathBuf>,
    /// The context in that file; none for its current one.
    pub context: Option<String>,
    /// Stands before every username.
    pub user_prefix: UserPrefix,
}

/// Why the portal does not start with this cluster.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The environment tells kube to be somebody else (H-08).
    #[error("the environment sets {0}, which changes who the portal is towards clusters")]
    Environment(String),
    /// The kubeconfig file cannot be used.
    #[error("the kubeconfig {file} cannot be used")]
    Kubeconfig {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        #[source]
        source: Box<kube::config::KubeconfigError>,
    },
    /// There is no ServiceAccount to use.
    #[error("the portal does not run in a pod, and no kubeconfig is set")]
    NotInCluster(#[source] Box<kube::config::InClusterError>),
    /// The kubeconfig impersonates by itself.
    #[error("the kubeconfig impersonates a user by itself")]
    Impersonates,
    /// The cluster would be reached through a proxy.
    #[error("the kubeconfig or the environment asks for a proxy, which is not supported")]
    Proxy,
    /// Certificates or credentials cannot be used.
    #[error("the credentials for the cluster cannot be used")]
    Credentials(#[source] Box<kube::Error>),
}

impl Settings {
    /// Reads the kubeconfig, where one is named, and connects to nothing.
    ///
    /// # Errors
    /// When it cannot be used.
    pub async fn check(self) -> Result<(), ConnectError> {
        if self.kubeconfig.is_some() {
            configuration(self.kubeconfig, self.context).await?;
        }
        Ok(())
    }
}

/// Prepares a cluster and begins to watch it. It need not answer yet; must run inside Tokio.
///
/// # Errors
/// Only for what will not get better by waiting.
pub async fn connect(
    settings: Settings,
    verifier: GrantVerifier,
    clock: Arc<dyn Clock>,
) -> Result<Kubernetes, ConnectError> {
    plain_environment(std::env::vars_os().map(|(name, _)| name))?;
    let config = configuration(settings.kubeconfig, settings.context).await?;
    let client =
        transport::client(&config).map_err(|cause| ConnectError::Credentials(Box::new(cause)))?;
    Ok(Kubernetes::begin(client, settings.name, settings.user_prefix, verifier, clock))
}

async fn configuration(
    file: Option<PathBuf>,
    context: Option<String>,
) -> Result<kube::Config, ConnectError> {
    let config = if let Some(file) = file {
        let unusable = |cause| ConnectError::Kubeconfig { file: file.clone(), source: cause };
        let options = KubeConfigOptions { context, ..KubeConfigOptions::default() };
        let read = Kubeconfig::read_from(&file).map_err(|cause| unusable(Box::new(cause)))?;
        kube::Config::from_custom_kubeconfig(read, &options)
            .await
            .map_err(|cause| unusable(Box::new(cause)))?
    } else {
        kube::Config::incluster().map_err(|cause| ConnectError::NotInCluster(Box::new(cause)))?
    };
    let identity = &config.auth_info;
    if identity.impersonate.is_some()
        || identity.impersonate_groups.is_some()
        || identity.impersonate_uid.is_some()
        || identity.impersonate_user_extra.is_some()
    {
        return Err(ConnectError::Impersonates);
    }
    if config.proxy_url.is_some() { Err(ConnectError::Proxy) } else { Ok(config) }
}

/// kube reads variables of this name and impersonates, or goes elsewhere, on its own (H-08).
fn plain_environment(names: impl Iterator<Item = OsString>) -> Result<(), ConnectError> {
    let mut names = names.map(|name| name.to_string_lossy().into_owned());
    match names.find(|name| name.starts_with("KUBE_RS_DEBUG_")) {
        Some(name) => Err(ConnectError::Environment(name)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn h_08_an_environment_that_makes_kube_impersonate_is_refused() {
        for name in ["KUBE_RS_DEBUG_IMPERSONATE_USER", "KUBE_RS_DEBUG_IMPERSONATE_GROUP"] {
            let names = ["PATH", name].map(OsString::from);
            assert!(matches!(
                plain_environment(names.into_iter()),
                Err(ConnectError::Environment(found)) if found == name
            ));
        }
        assert!(plain_environment(["KUBECONFIG".into()].into_iter()).is_ok());
    }

    async fn read(user: &str, cluster: &str) -> Result<kube::Config, ConnectError> {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("kubeconfig");
        let text = format!(
            r#"{{"apiVersion": "v1", "kind": "Config", "current-context": "x",
            "contexts": [{{"name": "x", "context": {{"cluster": "x", "user": "x"}}}}],
            "clusters": [{{"name": "x", "cluster": {{"server": "https://127.0.0.1" {cluster}}}}}],
            "users": [{{"name": "x", "user": {{"token": "x" {user}}}}}]}}"#
        );
        std::fs::write(&file, text).unwrap();
        configuration(Some(file), None).await
    }

    #[tokio::test]
    async fn h_08_a_kubeconfig_that_impersonates_by_itself_is_refused() {
        assert!(read("", "").await.is_ok());
        for user in [r#", "as": "ana""#, r#", "as-groups": ["system:masters"]"#] {
            assert!(matches!(read(user, "").await, Err(ConnectError::Impersonates)), "{user}");
        }
    }

    #[tokio::test]
    async fn a_proxy_or_an_unreadable_file_is_refused() {
        let proxy = r#", "proxy-url": "http://127.0.0.1:3128""#;
        assert!(matches!(read("", proxy).await, Err(ConnectError::Proxy)));
        let missing = configuration(Some("/nowhere/kubeconfig".into()), None).await;
        assert!(matches!(missing, Err(ConnectError::Kubeconfig { .. })));
    }
}
