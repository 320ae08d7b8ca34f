//! A broker that answers what a scene says, and the people, places and things of the scenes.
#![allow(clippy::unwrap_used, reason = "what is written here is known to be well-formed")]
#![allow(clippy::wildcard_imports, reason = "one vocabulary, told in several files")]
#![allow(dead_code, unused_imports, reason = "the tests and the gallery use different parts")]

mod answers;
mod replays;
mod requests;
mod scenes;
mod things;

use std::collections::BTreeMap;
use std::sync::Arc;

use app::{Assets, Favourites, Outcome, PageContext, Rejected, Theme, Visit, render};
use domain::broker::{Broker, FieldProblem};

pub(crate) use answers::Scripted;
pub(crate) use replays::*;
pub(crate) use requests::*;
pub(crate) use scenes::*;
pub(crate) use things::*;

/// A page as it was sent.
pub(crate) struct Sent {
    pub(crate) status: u16,
    pub(crate) html: String,
}

/// Everything that decides how a page looks.
#[derive(Clone)]
pub(crate) struct Scene {
    pub(crate) path: String,
    pub(crate) broker: Option<Box<Scripted>>,
    pub(crate) page: PageContext,
    pub(crate) rejected: Option<Rejected>,
}

impl Scene {
    /// A page as a signed-in person sees it.
    pub(crate) fn of(path: &str, broker: Scripted) -> Self {
        Self { path: path.to_owned(), broker: Some(Box::new(broker)), page: page(), rejected: None }
    }

    /// A page as a stranger sees it.
    pub(crate) fn stranger(path: &str) -> Self {
        Self { path: path.to_owned(), broker: None, page: page(), rejected: None }
    }

    pub(crate) fn with(mut self, change: impl FnOnce(&mut PageContext)) -> Self {
        change(&mut self.page);
        self
    }

    pub(crate) fn theme(self, theme: Theme) -> Self {
        self.with(|page| page.theme = theme)
    }

    pub(crate) fn rejected(
        mut self,
        problems: &[(&'static str, &str)],
        values: &[(&str, &str)],
        message: Option<&str>,
    ) -> Self {
        self.rejected = Some(Rejected {
            problems: problems
                .iter()
                .map(|(field, problem)| FieldProblem { field, problem: (*problem).to_owned() })
                .collect(),
            values: values.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            message: message.map(str::to_owned),
            address: self.path.clone(),
        });
        self
    }

    pub(crate) async fn render(self) -> Sent {
        let outcome = Outcome::default();
        let broker = self.broker.map(|broker| Arc::<dyn Broker>::from(broker as Box<dyn Broker>));
        let visit =
            Visit { broker, page: self.page, rejected: self.rejected, outcome: outcome.clone() };
        let html = render(&self.path, visit).await;
        Sent { status: outcome.status(), html }
    }
}

fn page() -> PageContext {
    PageContext {
        assets: Arc::new(Assets::new(BTreeMap::new())),
        theme: Theme::System,
        favourites: Favourites::default(),
        nonce: "Zm9yIHRlc3Rz".to_owned(),
        now: now(),
        provider: "Example ID".to_owned(),
        version: "0.1.0",
        request_id: "01976f2e-7a10".to_owned(),
        notice: None,
        sign_in_problem: None,
    }
}
