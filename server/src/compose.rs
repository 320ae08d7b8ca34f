//! The one place that knows every part.

mod brokers;
mod self_test;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use bridge::Pump;
use broker::port::{Clock, Cluster, SystemClock};
use broker::signed::{GrantSigner, GrantVerifier};
use broker::{Parts, Portal, Settings};
use domain::ClusterName;
use identity::Provider;
use jiff::Timestamp;
use recorder::{Journal, Keys};
use secrecy::ExposeSecret as _;
use store::{Database, DatabaseUrl, LoginStore};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use self::brokers::PortalBrokers;
use self::self_test::SelfTest;
use crate::checkpoint::Kept;
use crate::config::{ClusterConfig, Config, SignInConfig};
use crate::http::{self, Edge, Limits, Site};
use crate::jobs;
use crate::jobs::recordings::Retention;
use crate::lifecycle::Signals;
use crate::policy_files;

/// The portal's version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Longest wait for one answer of the identity provider.
const PATIENCE: Duration = Duration::from_secs(10);
/// Once the sessions are over, connections that are still open are cut.
const DRAIN_WITHIN: Duration = Duration::from_secs(10);

/// Runs the portal until it is told to stop.
///
/// # Errors
/// When a part it cannot do without does not work at the start.
pub async fn serve(config: Config) -> anyhow::Result<()> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let policy = policy_files::read(&config.policy)?;
    std::fs::create_dir_all(&config.data)
        .with_context(|| format!("the directory {} cannot be made", config.data.display()))?;
    let database = open_database(&config).await?;
    let kept = Kept::in_directory(&config.data);
    kept.check(&database).await?;
    let journal = Arc::new(open_journal(&config, Arc::clone(&clock))?);
    let signer = GrantSigner::generate();
    let hangup = signal(SignalKind::hangup()).context("signals cannot be received")?;
    let (clusters, self_tests) = connect_clusters(&config, &signer.verifier(), &clock).await?;
    let provider = Arc::new(Provider::new(provider_settings(&config)?)?);

    tokio::spawn(greet(Arc::clone(&provider), clock.now()));

    let parts = Parts {
        store: Arc::new(database.clone()),
        recorder: Arc::clone(&journal) as _,
        bridge: Arc::new(Pump::new(Arc::clone(&clock)).context("no thread can be started")?),
        clusters,
        clock: Arc::clone(&clock),
        signer,
    };
    let settings = Settings {
        user_prefix: config.user_prefix.to_string(),
        sessions_per_person: config.sessions_per_person.into(),
        // The embedded one lies in `data`, which the journal has locked.
        shares_store: config.database.is_some(),
        version: VERSION,
    };
    let portal = Portal::new(parts, policy, settings);
    portal.start().await.context("what an earlier run left cannot be settled")?;

    let (stopping, cut) = (CancellationToken::new(), CancellationToken::new());
    let policy_watch = tokio::spawn(jobs::policy::watch(
        Arc::clone(&portal),
        config.policy.clone(),
        hangup,
        stopping.clone(),
    ));
    let recordings = tokio::spawn(jobs::recordings::look_after(
        Arc::clone(&portal),
        journal,
        Retention { keep: config.recordings.keep, quota: config.recordings.quota },
        Arc::clone(&clock),
        stopping.clone(),
    ));
    let stopped = CancellationToken::new();
    let checkpoints =
        tokio::spawn(jobs::checkpoints::keep(Arc::new(database.clone()), kept, stopped.clone()));
    let edge = Edge {
        brokers: Arc::new(PortalBrokers(Arc::clone(&portal))),
        provider,
        sessions: Arc::new(LoginStore::new(database.clone(), Arc::clone(&clock))),
        clock,
        public_url: config.public_url.clone(),
        sign_in_origins: config.sign_in.origins.clone(),
        limits: limits(&config.sign_in),
        site: Site::embedded(),
        version: VERSION,
        stopping: cut.clone(),
    };
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    let mut signals = Signals::new().context("signals cannot be received")?;
    tracing::info!(url.full = %config.public_url, version = VERSION, "Shorepass is ready");
    let serving = tokio::spawn(http::serve(listener, http::router(edge), cut.clone()));

    let refused = tokio::select! {
        () = signals.received() => None,
        cause = self_test::refused(self_tests) => Some(cause),
    };
    tracing::info!(drain_ms = config.drain.as_millis(), "stopping: no session starts any more");
    stopping.cancel();
    signals.or_received(portal.drain(config.drain)).await;
    tracing::info!("stopping: sessions are ended and their records sealed");
    signals.or_received(portal.stop()).await;
    stopped.cancel();
    cut.cancel();
    if tokio::time::timeout(DRAIN_WITHIN, serving).await.is_err() {
        tracing::warn!("connections were still open and are cut");
    }
    policy_watch.abort();
    recordings.abort();
    let _ = checkpoints.await;
    database.close().await;
    refused.map_or(Ok(()), Err)
}

/// Asks the identity provider before the first person does, so that the log and the sign-in page
/// say what is wrong with it. The portal runs without it.
async fn greet(provider: Arc<Provider>, now: Timestamp) {
    if let Err(trouble) = provider.check(now).await {
        tracing::warn!(error = %domain::text::causes(&trouble), "nobody can sign in");
    }
}

/// Opens what the configuration names.
async fn open_database(config: &Config) -> anyhow::Result<Database> {
    Database::open(&database_url(config)?).await.context("the database cannot be opened")
}

/// The database of a portal that runs, or ran: the command line makes none.
pub(crate) async fn existing_database(config: &Config) -> anyhow::Result<Database> {
    let url = database_url(config)?;
    Database::open_existing(&url).await.context("the portal's database cannot be opened")
}

fn database_url(config: &Config) -> anyhow::Result<DatabaseUrl> {
    Ok(match &config.database {
        None => DatabaseUrl::file(config.data.join("shorepass.db")),
        Some(url) => DatabaseUrl::server(url.expose_secret())?,
    })
}

/// Without recipients, recordings are encrypted for a key of the portal's own.
fn open_journal(config: &Config, clock: Arc<dyn Clock>) -> anyhow::Result<Journal> {
    let wanted = &config.recordings;
    let keys = if wanted.recipients.is_empty() {
        Keys::own(&config.data.join("recordings.key"))
    } else {
        Keys::of(&wanted.recipients, wanted.identity_file.as_deref())
    };
    let keys = keys.context("recordings cannot be encrypted")?;
    if !keys.decrypt() {
        tracing::warn!("recordings are written and cannot be played: there is no identity_file");
    }
    let settings = recorder::Settings::new(&config.data);
    let reserve_bytes = wanted.reserve.unwrap_or(settings.reserve_bytes);
    let settings = recorder::Settings { keys, level: wanted.durable, reserve_bytes, ..settings };
    Journal::open(&settings, clock).context("the journal cannot be opened")
}

async fn connect_clusters(
    config: &Config,
    verifier: &GrantVerifier,
    clock: &Arc<dyn Clock>,
) -> anyhow::Result<(BTreeMap<ClusterName, Arc<dyn Cluster>>, Vec<SelfTest>)> {
    let mut clusters: BTreeMap<_, Arc<dyn Cluster>> = BTreeMap::new();
    let mut self_tests = Vec::new();
    for wanted in &config.clusters {
        let settings = cluster_settings(config, wanted);
        let connected = cluster::connect(settings, verifier.clone(), Arc::clone(clock))
            .await
            .with_context(|| format!("cluster {}", wanted.name))?;
        let (name, cluster) = (wanted.name.clone(), Arc::new(connected));
        let accept = config.accept.clone();
        self_tests.push(SelfTest::begin(Arc::clone(&cluster), name.clone(), accept).await?);
        clusters.insert(name, cluster);
    }
    Ok((clusters, self_tests))
}

fn cluster_settings(config: &Config, wanted: &ClusterConfig) -> cluster::Settings {
    cluster::Settings {
        name: wanted.name.clone(),
        kubeconfig: wanted.kubeconfig.clone(),
        context: wanted.context.clone(),
        user_prefix: config.user_prefix.clone(),
    }
}

/// Looks for what would keep a portal with this configuration from starting, as far as that shows
/// in files: nothing is started, and nobody is asked.
///
/// # Errors
/// The first thing that would.
pub(crate) async fn check(config: &Config) -> anyhow::Result<()> {
    if let Some(url) = &config.database {
        DatabaseUrl::server(url.expose_secret()).context("database_url_file")?;
    }
    let wanted = &config.recordings;
    if !wanted.recipients.is_empty() {
        Keys::of(&wanted.recipients, wanted.identity_file.as_deref()).context("recordings")?;
    }
    Provider::new(provider_settings(config)?).context("sign_in")?;
    for wanted in &config.clusters {
        cluster_settings(config, wanted)
            .check()
            .await
            .with_context(|| format!("cluster {}", wanted.name))?;
    }
    Ok(())
}

fn provider_settings(config: &Config) -> anyhow::Result<identity::Settings> {
    let sign_in = &config.sign_in;
    Ok(identity::Settings {
        issuer: sign_in.issuer.clone(),
        client_id: sign_in.client_id.clone(),
        client_secret: sign_in.client_secret.clone(),
        redirect_uri: config.public_url.join("sign-in/callback")?,
        signed_out_uri: Some(config.public_url.join("sign-in")?),
        scopes: sign_in.scopes.clone(),
        username_claim: sign_in.username_claim.clone(),
        groups_claim: sign_in.groups_claim.clone(),
        further_claims: sign_in.claims.clone(),
        name: sign_in.name.clone(),
        patience: PATIENCE,
    })
}

fn limits(sign_in: &SignInConfig) -> Limits {
    Limits { idle: sign_in.idle, absolute: sign_in.absolute, recheck: sign_in.recheck }
}
