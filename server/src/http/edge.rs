//! What the edge is made of.

use std::sync::Arc;
use std::time::Duration;

use app::Assets;
use broker::port::Clock;
use tokio_util::sync::CancellationToken;
use tower_sessions::SessionStore;
use url::Url;

use super::live::Streams;
use super::login::{Attempts, Logins, Records};
use super::shell::Handshakes;
use super::strangers::Strangers;
use super::{Brokers, SignIn, Site};

/// Everything the edge needs.
pub struct Edge {
    /// The use cases.
    pub brokers: Arc<dyn Brokers>,
    /// The identity provider.
    pub provider: Arc<dyn SignIn>,
    /// Where sign-ins are kept; what is kept holds secrets.
    pub sessions: Arc<dyn SessionStore>,
    /// Time and names.
    pub clock: Arc<dyn Clock>,
    /// How browsers reach the portal: an origin. Every absolute URL is made from it (O-20).
    pub public_url: Url,
    /// The provider and what it leads over: forms that sign in and out may lead to their origins.
    pub sign_in_origins: Vec<Url>,
    /// How long a sign-in lasts.
    pub limits: Limits,
    /// What browsers load besides pages.
    pub site: Site,
    /// The portal's version.
    pub version: &'static str,
    /// Cancelled when connections must end. Sessions are to be ended before, so that terminals
    /// hear why.
    pub stopping: CancellationToken,
}

/// How long a sign-in lasts.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// It ends after this long without a sign of life.
    pub idle: Duration,
    /// It ends after this long, whatever happens.
    pub absolute: Duration,
    /// The provider is asked about its person this often. Where it cannot be asked, the sign-in
    /// ends once the last answer is twice as old.
    pub recheck: Duration,
}

/// The edge at work, shared by all requests.
pub(crate) struct State {
    pub(crate) brokers: Arc<dyn Brokers>,
    pub(crate) provider: Arc<dyn SignIn>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) public_url: Url,
    pub(crate) sign_in_origins: Vec<Url>,
    pub(crate) site: Site,
    pub(crate) assets: Arc<Assets>,
    pub(crate) version: &'static str,
    pub(crate) stopping: CancellationToken,
    pub(crate) logins: Arc<Logins>,
    pub(crate) attempts: Attempts,
    pub(crate) handshakes: Handshakes,
    pub(crate) streams: Streams,
    pub(crate) strangers: Strangers,
}

/// The state as handlers hold it.
pub(crate) type Shared = Arc<State>;

impl From<Edge> for State {
    fn from(edge: Edge) -> Self {
        let records = Records::new(edge.sessions);
        let (clock, brokers) = (Arc::clone(&edge.clock), Arc::clone(&edge.brokers));
        let provider = Arc::clone(&edge.provider);
        let logins = Logins::new(records.clone(), clock, provider, brokers, edge.limits);
        Self {
            attempts: Attempts::new(records, Arc::clone(&edge.clock)),
            logins: Arc::new(logins),
            assets: Arc::new(edge.site.addresses()),
            handshakes: Handshakes::default(),
            streams: Streams::default(),
            strangers: Strangers::default(),
            brokers: edge.brokers,
            provider: edge.provider,
            clock: edge.clock,
            public_url: edge.public_url,
            sign_in_origins: edge.sign_in_origins,
            site: edge.site,
            version: edge.version,
            stopping: edge.stopping,
        }
    }
}
