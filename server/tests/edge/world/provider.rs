//! A provider that says what it is told to.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use jiff::Timestamp;
use server::http::{RecheckRefused, Rechecked, Secret, SignIn, SignInTrouble, SignedIn};
use tokio::sync::Semaphore;
use url::Url;

use super::data::person;

pub const ISSUER: &str = "https://id.example";
/// What must never be seen outside the store.
pub const CANARY: &str = "canary-refresh-token";

/// What it answers when it is asked about somebody again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Word {
    /// They are who they were.
    #[default]
    Same,
    /// They left all their groups.
    NoGroups,
    /// They are gone.
    Gone,
    /// It cannot be asked.
    Away,
    /// It names somebody else.
    Other,
}

pub struct ScriptedProvider {
    pub word: Mutex<Word>,
    pub away: Mutex<bool>,
    pub logout: Mutex<Option<Url>>,
    pub begun: AtomicUsize,
    pub asked: AtomicUsize,
    /// Answers to re-checks wait here.
    pub gate: Semaphore,
}

impl Default for ScriptedProvider {
    fn default() -> Self {
        Self {
            word: Mutex::default(),
            away: Mutex::default(),
            logout: Mutex::default(),
            begun: AtomicUsize::default(),
            asked: AtomicUsize::default(),
            gate: Semaphore::new(1_000),
        }
    }
}

impl ScriptedProvider {
    pub fn says(&self, word: Word) {
        *self.word.lock().unwrap() = word;
    }

    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl SignIn for ScriptedProvider {
    fn name(&self) -> &'static str {
        "Example"
    }

    fn trouble(&self) -> Option<String> {
        None
    }

    async fn begin(&self, _: Timestamp) -> Result<(Url, Secret), SignInTrouble> {
        if *self.away.lock().unwrap() {
            let words = "The identity provider cannot be used: it is away.".into();
            return Err(SignInTrouble::Away { words, why: "away".into() });
        }
        let state = format!("state-{}", self.begun.fetch_add(1, Ordering::SeqCst));
        let url = Url::parse_with_params(&format!("{ISSUER}/authorize"), [("state", &state)]);
        Ok((url.unwrap(), Secret(state.into())))
    }

    async fn finish(
        &self,
        attempt: Option<Secret>,
        query: &str,
        _: Timestamp,
    ) -> Result<SignedIn, SignInTrouble> {
        let refused = |words: &str| {
            Err(SignInTrouble::Refused { words: words.into(), why: words.to_lowercase() })
        };
        let Some(Secret(state)) = attempt else { return refused("Begun elsewhere.") };
        let query: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap();
        let value = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, v)| v.clone());
        if value("state").as_deref() != state.as_str() {
            return refused("Another state.");
        }
        let Some(code) = value("code") else { return refused("No code.") };
        let name = code.trim_start_matches("code-");
        let renewal = Some(Secret(format!("{CANARY}/{name}").into()));
        Ok(SignedIn { person: person(name), renewal })
    }

    async fn recheck(&self, renewal: &Secret, _: Timestamp) -> Result<Rechecked, RecheckRefused> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let _gate = self.gate.acquire().await.unwrap();
        let word = *self.word.lock().unwrap();
        let (_, name) = renewal.0.as_str().unwrap().split_once('/').unwrap();
        let mut answer = Rechecked { person: person(name), renewal: renewal.clone() };
        match word {
            Word::Same => {}
            Word::NoGroups => answer.person.groups.clear(),
            Word::Gone => return Err(RecheckRefused::Gone("invalid_grant".into())),
            Word::Away => return Err(RecheckRefused::Away("no answer".into())),
            Word::Other => answer.person = person("eve"),
        }
        Ok(answer)
    }

    fn logout_url(&self) -> Option<Url> {
        self.logout.lock().unwrap().clone()
    }
}
