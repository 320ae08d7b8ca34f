//! An edge with everything behind it scripted, and browsers in front of it.

pub mod broker;
pub mod brokers;
pub mod browser;
pub mod clock;
pub mod data;
pub mod provider;
pub mod sessions;
pub mod socket;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use server::http::{Edge, Limits, Site, router};
use tokio_util::sync::CancellationToken;

use self::broker::Script;
use self::brokers::ScriptedBrokers;
use self::browser::Browser;
use self::clock::TestClock;
use self::provider::ScriptedProvider;
use self::sessions::FragileStore;

pub const HOST: &str = "portal.example";
pub const ORIGIN: &str = "https://portal.example";
pub const IDLE: Duration = Duration::from_hours(1);
pub const ABSOLUTE: Duration = Duration::from_hours(12);
pub const RECHECK: Duration = Duration::from_mins(5);

pub struct World {
    pub router: Router,
    pub script: Arc<Script>,
    pub brokers: Arc<ScriptedBrokers>,
    pub provider: Arc<ScriptedProvider>,
    pub clock: Arc<TestClock>,
    pub sessions: FragileStore,
    pub stopping: CancellationToken,
    public_url: String,
}

impl World {
    pub fn new() -> Self {
        Self::at(ORIGIN)
    }

    /// A portal under another address.
    pub fn at(public_url: &str) -> Self {
        let script = Arc::new(Script::default());
        let brokers = Arc::new(ScriptedBrokers::new(Arc::clone(&script)));
        let provider = Arc::new(ScriptedProvider::default());
        let clock = Arc::new(TestClock::default());
        let mut world = Self {
            router: Router::new(),
            script,
            brokers,
            provider,
            clock,
            sessions: FragileStore::default(),
            stopping: CancellationToken::new(),
            public_url: public_url.to_owned(),
        };
        world.router = router(world.edge());
        world
    }

    /// What the router is made of; made into a second one, it is another replica of the portal.
    pub fn edge(&self) -> Edge {
        Edge {
            brokers: Arc::clone(&self.brokers) as _,
            provider: Arc::clone(&self.provider) as _,
            sessions: Arc::new(self.sessions.clone()),
            clock: Arc::clone(&self.clock) as _,
            public_url: self.public_url.parse().unwrap(),
            sign_in_origins: vec![provider::ISSUER.parse().unwrap()],
            limits: Limits { idle: IDLE, absolute: ABSOLUTE, recheck: RECHECK },
            site: site(),
            version: "1.2.3",
            stopping: self.stopping.clone(),
        }
    }

    /// A browser that was never here.
    pub fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// A browser in which somebody signed in.
    pub async fn signed_in(&self, name: &str) -> Browser {
        let mut browser = self.browser();
        browser.sign_in(name, "/").await;
        browser
    }
}

fn site() -> Site {
    let file = |path: &str, content: &'static [u8]| (path.to_owned(), Cow::Borrowed(content));
    Site::of([
        file("assets/main.0123456789ab.css", b"body { color: black }"),
        file("assets/main.0123456789ab.css.br", b"(brotli)"),
        file("assets/main.0123456789ab.css.gz", b"(gzip)"),
        file("assets/icon.svg", b"<svg/>"),
        file("manifest.json", b"{}"),
    ])
}
