//! What the server tells a page about the request it is rendered for.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use domain::broker::{Broker, FieldProblem};
use jiff::Timestamp;
use leptos::prelude::{expect_context, provide_context, use_context};

use crate::Favourites;

/// One request for a page.
#[derive(Clone)]
pub struct Visit {
    /// The broker of whoever is signed in; none where nobody is.
    pub broker: Option<Arc<dyn Broker>>,
    /// What every page needs.
    pub page: PageContext,
    /// The form post that was refused, where the page answers one.
    pub rejected: Option<Rejected>,
    /// Where the page says with which status it is to be sent.
    pub outcome: Outcome,
}

/// What every page needs, signed in or not.
#[derive(Debug, Clone)]
pub struct PageContext {
    /// The addresses of style sheets, scripts and icons.
    pub assets: Arc<Assets>,
    /// The colours that were chosen, from a cookie.
    pub theme: Theme,
    /// The namespaces that were marked, from a cookie.
    pub favourites: Favourites,
    /// The value of the response's Content-Security-Policy nonce.
    pub nonce: String,
    /// The instant from which the page counts.
    pub now: Timestamp,
    /// The identity provider's name, as people know it.
    pub provider: String,
    /// The portal's version.
    pub version: &'static str,
    /// What to tell an operator, to find this request in the log.
    pub request_id: String,
    /// What was just done, said once after a redirect.
    pub notice: Option<String>,
    /// Why the last sign-in did not work, as a sentence.
    pub sign_in_problem: Option<String>,
}

/// A form that was refused: its page is shown again and nothing that was typed is lost.
#[derive(Debug, Clone, Default)]
pub struct Rejected {
    /// What is wrong, by field.
    pub problems: Vec<FieldProblem>,
    /// What was typed, by field.
    pub values: BTreeMap<String, String>,
    /// What is wrong with the whole of it, as a sentence.
    pub message: Option<String>,
    /// Where the page stands that the form was on: the form's own address shows nothing.
    pub address: String,
}

/// The fields of the forms, in the order in which they stand on their pages.
const IN_ORDER: [&str; 16] = [
    "person",
    "groups",
    "namespace",
    "role",
    "cluster",
    "at",
    "scope",
    "length",
    "reason",
    "ticket",
    "starts",
    "why",
    "words",
    "comment",
    "pod",
    "container",
];

/// The HTTP status that a page asks for; 200 unless it says otherwise.
#[derive(Debug, Clone)]
pub struct Outcome(Arc<AtomicU16>);

/// The colours of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the person's system has it.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// The addresses of built files, whose names carry a digest of their content.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    addresses: BTreeMap<String, String>,
}

impl Visit {
    /// Makes all of it readable by the pages that are rendered under the current owner.
    pub fn provide(self) {
        provide_context(self);
    }

    pub(crate) fn current() -> Self {
        expect_context()
    }
}

impl PageContext {
    pub(crate) fn current() -> Self {
        Visit::current().page
    }
}

impl Rejected {
    /// Makes it that of the page, where the page answers its form by itself.
    pub(crate) fn provide(self) {
        provide_context(self);
    }

    pub(crate) fn current() -> Self {
        use_context::<Self>()
            .or_else(|| use_context::<Visit>().and_then(|visit| visit.rejected))
            .unwrap_or_default()
    }

    /// What is wrong with a field.
    pub(crate) fn problem(&self, field: &str) -> Option<String> {
        self.problems
            .iter()
            .find(|problem| problem.field == field)
            .map(|problem| problem.problem.clone())
    }

    /// Whether this is the first field of its form with a problem: it gets the focus.
    pub(crate) fn is_first(&self, field: &str) -> bool {
        let wrong = |name: &&&str| self.problems.iter().any(|problem| problem.field == **name);
        IN_ORDER.iter().find(wrong).is_some_and(|first| *first == field)
    }

    /// What was typed into a field.
    pub(crate) fn value(&self, field: &str) -> Option<String> {
        self.values.get(field).cloned()
    }
}

impl Default for Outcome {
    fn default() -> Self {
        Self(Arc::new(AtomicU16::new(200)))
    }
}

impl Outcome {
    /// The status the page asked for.
    pub fn status(&self) -> u16 {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn set(&self, status: u16) {
        self.0.store(status, Ordering::Relaxed);
    }
}

impl Theme {
    /// Every theme, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The value in the form and in the cookie.
    pub fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads a cookie or form value; whatever is not known is the system's theme.
    pub fn from_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.word() == word).unwrap_or_default()
    }
}

impl Assets {
    /// From plain names such as `main.css` to addresses such as `/assets/main.4f2a91c0.css`.
    pub fn new(addresses: BTreeMap<String, String>) -> Self {
        Self { addresses }
    }

    /// The address of a file; `/assets/<name>` where none was given.
    pub fn path(&self, name: &str) -> String {
        self.addresses.get(name).cloned().unwrap_or_else(|| format!("/assets/{name}"))
    }
}
