//! The configuration file: read once, checked whole, every mistake with its line.

mod recordings;

use std::collections::BTreeSet;
use std::fs;
use std::net::SocketAddr;
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cluster::{Finding, UserPrefix};
use domain::document::{self, Mistake};
use domain::{ClusterName, duration};
use secrecy::SecretString;
use serde::Deserialize;
use serde_saphyr::Spanned;
use url::Url;

pub use recordings::RecordingsConfig;
use recordings::RecordingsDocument;

/// Everything an operator decides.
#[derive(Debug)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// How browsers reach the portal; every absolute URL is made from it (O-20).
    pub public_url: Url,
    /// The directory of the database, the journal and the recordings.
    pub data: PathBuf,
    /// A PostgreSQL URL; none for the embedded database.
    pub database: Option<SecretString>,
    /// The access policy.
    pub policy: PathBuf,
    /// The identity provider.
    pub sign_in: SignInConfig,
    /// The clusters, at least one.
    pub clusters: Vec<ClusterConfig>,
    /// How long sessions may go on after the signal to stop.
    pub drain: Duration,
    /// Sessions that one person may run at once.
    pub sessions_per_person: u16,
    /// Stands before the username in the impersonated user.
    pub user_prefix: UserPrefix,
    /// Findings of the self-test that the operator accepts by name (H-09).
    pub accept: BTreeSet<String>,
    /// How recordings are kept.
    pub recordings: RecordingsConfig,
}

/// The identity provider, and how long a sign-in lasts.
#[derive(Debug)]
pub struct SignInConfig {
    /// What the button says after "Continue with".
    pub name: String,
    /// The issuer, exactly as the provider announces it.
    pub issuer: String,
    /// The origins that browsers pass on the way in and out: the issuer's, and further ones.
    pub origins: Vec<Url>,
    /// The client's name.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: Option<SecretString>,
    /// What is asked for.
    pub scopes: Vec<String>,
    /// The claim that becomes the username.
    pub username_claim: String,
    /// The claim that holds the groups.
    pub groups_claim: String,
    /// Claims whose values become groups named `claim=value`.
    pub claims: Vec<String>,
    /// A sign-in ends after this long without a click.
    pub idle: Duration,
    /// A sign-in ends after this long, whatever happens.
    pub absolute: Duration,
    /// The provider is asked again this often.
    pub recheck: Duration,
}

/// One cluster.
#[derive(Debug)]
pub struct ClusterConfig {
    /// Its name on pages and in the policy.
    pub name: ClusterName,
    /// A kubeconfig file; none inside the cluster itself.
    pub kubeconfig: Option<PathBuf>,
    /// The context in it; none for the current one.
    pub context: Option<String>,
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file cannot be read.
    #[error("cannot read {path}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// A file makes no sense.
    #[error("{path}: {mistake}")]
    Wrong {
        /// The file.
        path: PathBuf,
        /// Where and what.
        mistake: Mistake,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    listen: Spanned<String>,
    public_url: Spanned<String>,
    data: PathBuf,
    database_url_file: Option<Spanned<PathBuf>>,
    policy: PathBuf,
    sign_in: SignInDocument,
    clusters: Vec<ClusterDocument>,
    drain: Option<Spanned<String>>,
    sessions_per_person: Option<NonZeroU16>,
    user_prefix: Option<Spanned<String>>,
    #[serde(default)]
    accept: Vec<Spanned<String>>,
    #[serde(default)]
    recordings: RecordingsDocument,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignInDocument {
    name: String,
    issuer: Spanned<String>,
    #[serde(default)]
    leads_over: Vec<Spanned<String>>,
    client_id: String,
    client_secret_file: Option<Spanned<PathBuf>>,
    scopes: Option<Vec<String>>,
    username_claim: Option<String>,
    groups_claim: Option<String>,
    #[serde(default)]
    claims: Vec<String>,
    idle: Option<Spanned<String>>,
    absolute: Option<Spanned<String>>,
    recheck: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClusterDocument {
    name: Spanned<ClusterName>,
    kubeconfig: Option<PathBuf>,
    context: Option<String>,
}

impl Config {
    /// Reads and checks a file; paths in it are relative to its directory.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = contents(path)?;
        let wrong = |mistake| ConfigError::Wrong { path: path.to_owned(), mistake };
        let document: Document = document::read(&text).map_err(wrong)?;
        let base = path.parent().unwrap_or(Path::new(".")).to_owned();
        document.checked(&base, &wrong)
    }
}

impl Document {
    fn checked(
        self,
        base: &Path,
        wrong: &dyn Fn(Mistake) -> ConfigError,
    ) -> Result<Config, ConfigError> {
        let listen = self.listen.value.parse().map_err(|_| {
            wrong(Mistake::at(&self.listen, "listen", "must be ADDRESS:PORT, e.g. 127.0.0.1:8080"))
        })?;
        let public_url = public_url(&self.public_url).map_err(wrong)?;
        let secret = |file, field| secret(base, file, field).map_err(wrong);
        let database = self.database_url_file.as_ref();
        let database = database.map(|file| secret(file, "database_url_file")).transpose()?;
        let mut names = BTreeSet::new();
        for cluster in &self.clusters {
            if !names.insert(&cluster.name.value) {
                let problem = "two clusters have this name";
                return Err(wrong(Mistake::at(&cluster.name, "clusters.name", problem)));
            }
        }
        if self.clusters.is_empty() {
            return Err(wrong(Mistake::new(1, "clusters", "must name at least one cluster")));
        }
        let user_prefix = user_prefix(self.user_prefix.as_ref()).map_err(wrong)?;
        let accept =
            self.accept.into_iter().map(accepted).collect::<Result<_, _>>().map_err(wrong)?;
        let clusters = self.clusters.into_iter().map(|cluster| ClusterConfig {
            name: cluster.name.value,
            kubeconfig: cluster.kubeconfig.map(|file| base.join(file)),
            context: cluster.context,
        });
        Ok(Config {
            listen,
            public_url,
            data: base.join(self.data),
            database,
            policy: base.join(self.policy),
            sign_in: self.sign_in.checked(base, wrong)?,
            clusters: clusters.collect(),
            sessions_per_person: self.sessions_per_person.map_or(20, NonZeroU16::get),
            drain: length(self.drain.as_ref(), "drain", 30).map_err(wrong)?,
            user_prefix,
            accept,
            recordings: self.recordings.checked(base).map_err(wrong)?,
        })
    }
}

impl SignInDocument {
    fn checked(
        self,
        base: &Path,
        wrong: &dyn Fn(Mistake) -> ConfigError,
    ) -> Result<SignInConfig, ConfigError> {
        let client_secret = self.client_secret_file.as_ref();
        let client_secret = client_secret
            .map(|file| secret(base, file, "sign_in.client_secret_file").map_err(wrong))
            .transpose()?;
        let issuer = Url::parse(&self.issuer.value)
            .map_err(|_| wrong(Mistake::at(&self.issuer, "sign_in.issuer", "must be a URL")))?;
        let further = self.leads_over.iter().map(|text| {
            let url = Url::parse(&text.value).ok().filter(|url| url.scheme() == "https");
            let problem = "must be an address that begins with https";
            url.ok_or_else(|| wrong(Mistake::at(text, "sign_in.leads_over", problem)))
        });
        let origins = std::iter::once(Ok(issuer)).chain(further).collect::<Result<_, _>>()?;
        let time = |text: Option<&Spanned<String>>, field: &str, seconds| {
            length(text, field, seconds).map_err(wrong)
        };
        let scopes = ["openid", "profile", "email", "groups", "offline_access"].map(str::to_owned);
        Ok(SignInConfig {
            name: self.name,
            issuer: self.issuer.value,
            origins,
            client_id: self.client_id,
            client_secret,
            scopes: self.scopes.unwrap_or_else(|| scopes.to_vec()),
            username_claim: self.username_claim.unwrap_or_else(|| "preferred_username".to_owned()),
            groups_claim: self.groups_claim.unwrap_or_else(|| "groups".to_owned()),
            claims: self.claims,
            idle: time(self.idle.as_ref(), "sign_in.idle", 3_600)?,
            absolute: time(self.absolute.as_ref(), "sign_in.absolute", 12 * 3_600)?,
            recheck: time(self.recheck.as_ref(), "sign_in.recheck", 300)?,
        })
    }
}

fn public_url(text: &Spanned<String>) -> Result<Url, Mistake> {
    let wrong = |problem| Mistake::at(text, "public_url", problem);
    let url = Url::parse(&text.value).map_err(|_| wrong("must be a URL"))?;
    let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1"));
    match url.scheme() {
        "https" => {}
        "http" if local => {}
        _ => return Err(wrong("must be https: cookies are sent to nothing else, localhost apart")),
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("must be an origin, without a path"));
    }
    Ok(url)
}

fn user_prefix(text: Option<&Spanned<String>>) -> Result<UserPrefix, Mistake> {
    text.map_or(Ok(UserPrefix::default()), |text| {
        UserPrefix::parse(text.value.as_str())
            .map_err(|bad| Mistake::at(text, "user_prefix", &bad.to_string()))
    })
}

fn length(text: Option<&Spanned<String>>, field: &str, seconds: u64) -> Result<Duration, Mistake> {
    text.map_or(Ok(Duration::from_secs(seconds)), |text| {
        duration::parse(&text.value).map_err(|problem| Mistake::at(text, field, &problem))
    })
}

fn secret(base: &Path, file: &Spanned<PathBuf>, field: &str) -> Result<SecretString, Mistake> {
    let path = base.join(&file.value);
    let text = fs::read_to_string(&path).map_err(|cause| {
        Mistake::at(file, field, &format!("{} cannot be read: {cause}", path.display()))
    })?;
    Ok(SecretString::from(text.trim().to_owned()))
}

fn accepted(name: Spanned<String>) -> Result<String, Mistake> {
    let mut known = Finding::names();
    if known.any(|known| known == name.value) {
        return Ok(name.value);
    }
    let known = Finding::names().collect::<Vec<_>>().join(", ");
    let problem = format!("{:?} is no finding of the self-test, which are {known}", name.value);
    Err(Mistake::at(&name, "accept", &problem))
}

fn contents(path: &Path) -> Result<String, ConfigError> {
    let unreadable = |cause| ConfigError::Unreadable { path: path.to_owned(), cause };
    fs::read_to_string(path).map_err(unreadable)
}

#[cfg(test)]
mod tests;
