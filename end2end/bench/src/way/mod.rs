//! The ways into a container that Shorepass is measured next to.
//!
//! To add one: a file with a [`Shell`], a variant of [`Way`], and a line in `docs/benchmarks.md`.

mod bridge;
mod direct;
mod kubectl;
mod socket;
mod wetty;

use anyhow::{Context as _, anyhow};
use client::process::Process;
use client::{Screen, Shell, Stand};
use domain::Target;
use tokio::sync::OnceCell;

pub use bridge::Bridge;
pub use direct::{Administrator, Direct};
pub use kubectl::Kubectl;
pub use wetty::Wetty;

/// A way into a container that is not Shorepass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// One WebSocket to the API server, and nothing between.
    Direct,
    /// `kubectl exec -it`.
    Kubectl,
    /// What is written in an afternoon: `naive-bridge`.
    Bridge,
    /// `WeTTY`, with `kubectl exec -it` as its command.
    Wetty,
}

/// All of them, into one container. What has to be started for one is started when it is used.
pub struct Ways {
    stand: Stand,
    target: Target,
    administrator: Administrator,
    bridge: OnceCell<Result<Bridge, String>>,
    wetty: OnceCell<Result<Wetty, String>>,
}

/// A shell at its prompt.
pub struct Opened {
    /// Who looks at it.
    pub screen: Screen<Box<dyn Shell>>,
    /// The process that carries it here, with those that it started; none where nothing does.
    pub carrier: Option<Process>,
}

impl Way {
    /// The shortest first: it is what others are held against.
    pub const ALL: [Self; 4] = [Self::Direct, Self::Kubectl, Self::Bridge, Self::Wetty];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct exec",
            Self::Kubectl => "kubectl exec",
            Self::Bridge => "naive bridge",
            Self::Wetty => "WeTTY",
        }
    }
}

impl Ways {
    /// Prepares all of them.
    ///
    /// # Errors
    /// When the stand's kubeconfig is not usable.
    pub async fn into(stand: &Stand, target: &Target) -> anyhow::Result<Self> {
        let administrator = Administrator::of(stand).await?;
        let (bridge, wetty) = (OnceCell::new(), OnceCell::new());
        Ok(Self { stand: stand.clone(), target: target.clone(), administrator, bridge, wetty })
    }

    /// Opens a shell, and returns at its prompt.
    ///
    /// # Errors
    /// When there is none.
    pub async fn open(&self, way: Way) -> anyhow::Result<Opened> {
        let (shell, carrier): (Box<dyn Shell>, _) = match way {
            Way::Direct => (Box::new(self.administrator.exec(&self.target).await?), None),
            Way::Kubectl => {
                let kubectl = Kubectl::exec(&self.stand, &self.target)?;
                let process = kubectl.process()?;
                (Box::new(kubectl), Some(process))
            }
            Way::Bridge => {
                let bridge = self.bridge().await?;
                (Box::new(bridge.open().await?), Some(bridge.process()?))
            }
            Way::Wetty => {
                let wetty = self.wetty().await?;
                (Box::new(wetty.open().await?), Some(wetty.process()?))
            }
        };
        let mut screen = Screen::new(shell);
        screen.prompt().await.with_context(|| format!("no prompt by {}", way.name()))?;
        Ok(Opened { screen, carrier })
    }

    async fn bridge(&self) -> anyhow::Result<&Bridge> {
        let start = async || {
            let started = Bridge::start(&self.stand, &self.target).await;
            started.map_err(|cause| format!("{cause:#}"))
        };
        self.bridge.get_or_init(start).await.as_ref().map_err(|cause| anyhow!(cause.clone()))
    }

    async fn wetty(&self) -> anyhow::Result<&Wetty> {
        let start = async || {
            let started = Wetty::start(&self.stand, &self.target).await;
            started.map_err(|cause| format!("{cause:#}"))
        };
        self.wetty.get_or_init(start).await.as_ref().map_err(|cause| anyhow!(cause.clone()))
    }
}
