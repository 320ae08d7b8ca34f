//! One entry of the audit log.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::policy::{Commit, Policy, PolicyDigest, Ruling};
use crate::{
    EventId, GrantId, GroupName, LeftBehind, Place, RequestId, RoleName, RuleName, Scope, Sealed,
    SessionEnd, SessionId, Signer, Target,
};

/// What happened, who did it, and what it concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its name; also the `Audit-ID` of the API server's events where the cluster is involved.
    pub id: EventId,
    /// When, UTC, microseconds.
    pub at: Timestamp,
    /// Who did it; none where the portal itself did.
    pub actor: Option<Signer>,
    /// Where, if anywhere.
    pub place: Option<Place>,
    /// The request it belongs to.
    pub request: Option<RequestId>,
    /// The grant it belongs to.
    pub grant: Option<GrantId>,
    /// The session it belongs to.
    pub session: Option<SessionId>,
    /// What happened.
    pub fact: Fact,
}

/// What happened.
///
/// Work on a cluster is two events: the intent (`SessionStarting`, `SessionEnding`) is durable
/// before anything is sent, the outcome (`SessionLive`, `SessionEnded`) follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, strum::EnumDiscriminants)]
#[serde(rename_all = "kebab-case", tag = "kind")]
#[strum_discriminants(
    doc = "The kind of a fact, without what it tells.",
    name(FactKind),
    derive(strum::EnumString, strum::IntoStaticStr, strum::VariantArray),
    strum(serialize_all = "kebab-case")
)]
pub enum Fact {
    /// A person signed in.
    SignedIn {
        /// The groups the provider named.
        groups: Vec<String>,
    },
    /// A sign-in was refused.
    SignInRefused {
        /// Why, for operators.
        why: String,
    },
    /// A sign-in ended.
    SignedOut {
        /// How, in words.
        how: String,
    },
    /// A request was sent.
    RequestSent {
        /// For which role.
        role: RoleName,
        /// Seconds asked for.
        seconds: u64,
        /// How much of the namespace.
        #[serde(default, skip_serializing_if = "is_all")]
        scope: Scope,
        /// The person's words.
        reason: String,
        /// The ticket, where one was named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ticket: Option<String>,
        /// What policy said: `approve`, `ask` or `break-glass`.
        decision: String,
        /// The rule that said so.
        rule: String,
        /// The policy's digest.
        policy: String,
        /// The commit that the policy stands in, where it stands in one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        commit: Option<String>,
    },
    /// Something was asked for that is not to be had.
    Refused {
        /// What was tried.
        what: String,
        /// Why it was refused.
        why: String,
        /// The rule of the policy that denied it, where one did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<RuleName>,
        /// The policy that denied it, where one did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stamp: Option<Stamp>,
    },
    /// An approver consented.
    RequestApproved {
        /// How many have now.
        count: u32,
        /// How many must.
        needed: u32,
        /// The digest of what they consented to.
        digest: String,
    },
    /// An approver said no.
    RequestDenied {
        /// Why.
        why: String,
    },
    /// The requester changed what they ask for; approvals given so far are void.
    RequestChanged {
        /// Seconds asked for now.
        seconds: u64,
        /// How much of the namespace now.
        #[serde(default, skip_serializing_if = "is_all")]
        scope: Scope,
        /// The person's words now.
        reason: String,
        /// The ticket now.
        ticket: Option<String>,
        /// What policy said of it: `ask`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        decision: Option<String>,
        /// The rule that said so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<RuleName>,
        /// The policy that said so; none in events of before this was written down.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stamp: Option<Stamp>,
        /// Approvals that do not count any more.
        void: u32,
    },
    /// An approver left less of a request; approvals given so far are void.
    RequestNarrowed {
        /// The role that is left.
        role: RoleName,
        /// The seconds that are left.
        seconds: u64,
        /// The part of the namespace that is left.
        #[serde(default, skip_serializing_if = "is_all")]
        scope: Scope,
        /// Approvals that do not count any more.
        void: u32,
    },
    /// The requester reminded those who decide.
    RequestReminded,
    /// The request waited for so long that further people decide on it.
    RequestEscalated {
        /// The groups that decide from now on, too.
        approvers: Vec<GroupName>,
        /// How long it had to wait for that, in seconds.
        after: u64,
    },
    /// An approver thought again before the grant was made.
    ApprovalTakenBack,
    /// An approval does not count any more: its person lost the right to give it, or the policy asks
    /// others by now (A-05).
    ApprovalVoided {
        /// Whose it was.
        approver: Signer,
    },
    /// Somebody said something about a request.
    Commented {
        /// Their words.
        words: String,
    },
    /// Broken glass was reviewed.
    GlassReviewed {
        /// What the reviewer found.
        words: String,
    },
    /// The requester took it back.
    RequestWithdrawn,
    /// Nobody decided in time.
    RequestLapsed,
    /// A grant was made.
    GrantBegan {
        /// Its role.
        role: RoleName,
        /// The Kubernetes group that it stands for.
        group: String,
        /// Its beginning, where that is later than the event.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        begins: Option<Timestamp>,
        /// Its end.
        not_after: Timestamp,
    },
    /// A grant was used for the first time, which set its end.
    GrantClaimed {
        /// Its end.
        not_after: Timestamp,
    },
    /// A session goes on under another grant, which ends later.
    SessionExtended {
        /// Its new end.
        not_after: Timestamp,
    },
    /// A grant ended.
    GrantEnded {
        /// How, in words.
        how: String,
    },
    /// A shell is about to be opened: written before the cluster hears of it.
    SessionStarting {
        /// The container.
        target: Target,
        /// The user that is impersonated.
        user: String,
        /// The group that is impersonated.
        group: String,
        /// The extras that are sent, as `key=value`.
        extras: Vec<String>,
    },
    /// The shell is open.
    SessionLive {
        /// The subprotocol the API server chose.
        protocol: String,
        /// From intent to the first byte possible, milliseconds.
        after_ms: u64,
    },
    /// A shell is about to be ended.
    SessionEnding {
        /// How.
        how: SessionEnd,
    },
    /// A session is over.
    SessionEnded {
        /// How.
        how: SessionEnd,
        /// What was found in the container afterwards.
        left: LeftBehind,
        /// Its recording, where one was begun.
        recording: Option<Sealed>,
    },
    /// The container of a session that is over was looked into again: something was left in it, or
    /// it was out of reach.
    SessionCleanedUp {
        /// What was found this time.
        left: LeftBehind,
    },
    /// The recording of a session that ended without a seal was sealed since then.
    RecordingSealed {
        /// The recording.
        recording: Sealed,
    },
    /// Somebody joined a session to look on.
    Watched,
    /// Somebody read a recording.
    RecordingRead,
    /// Somebody looked for a text in what recordings show.
    RecordingsSearched {
        /// The text.
        text: String,
    },
    /// Somebody reviewed a recording.
    RecordingReviewed,
    /// A recording got its final form: written before it has its place.
    RecordingArchived {
        /// Length of the file, in bytes.
        bytes: u64,
        /// SHA-256 of the file, lower-case hexadecimal: it can be checked without a key.
        digest: String,
    },
    /// A recording is removed: written before it is gone.
    RecordingRemoved {
        /// Why.
        why: String,
    },
    /// A policy took effect.
    PolicyLoaded {
        /// Its digest.
        digest: String,
        /// The commit that it stands in, where it stands in one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        commit: Option<String>,
    },
    /// A changed policy file was refused; the one before stays in force.
    PolicyRefused {
        /// What is wrong with it.
        problem: String,
    },
    /// The portal started.
    PortalStarted {
        /// Its version.
        version: String,
    },
}

/// The policy that a decision rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Its digest.
    pub policy: String,
    /// The commit that it stands in, where it stands in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
}

impl Stamp {
    fn new(policy: &PolicyDigest, commit: Option<&Commit>) -> Self {
        Self { policy: policy.to_string(), commit: commit.map(|commit| commit.0.to_string()) }
    }
}

impl From<&Ruling> for Stamp {
    fn from(ruling: &Ruling) -> Self {
        Self::new(&ruling.policy, ruling.commit.as_ref())
    }
}

impl From<&Policy> for Stamp {
    fn from(policy: &Policy) -> Self {
        Self::new(policy.digest(), policy.commit())
    }
}

/// Whether nothing is narrowed.
fn is_all(scope: &Scope) -> bool {
    *scope == Scope::Namespace
}

impl Fact {
    /// Whether it changes what somebody waits for or holds, by more than time.
    pub fn is_of_access(&self) -> bool {
        matches!(self, Self::RequestSent { .. } | Self::GrantBegan { .. })
    }

    /// Its kind.
    pub fn kind(&self) -> FactKind {
        self.into()
    }

    /// The word of its kind.
    pub fn word(&self) -> &'static str {
        self.kind().word()
    }
}

impl FactKind {
    /// Every kind, in the order of a request's life.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// The word in the log, in its lists and in the addresses of pages; it can be parsed.
    pub fn word(self) -> &'static str {
        self.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_of_the_log() {
        let unknown = serde_json::from_str::<Fact>(r#"{"kind": "?"}"#).unwrap_err().to_string();
        for kind in FactKind::ALL {
            let word = kind.word();
            assert!(unknown.contains(&format!("`{word}`")), "{word}");
            assert_eq!(word.parse(), Ok(*kind));
        }
        assert_eq!(Fact::RequestLapsed.word(), "request-lapsed");
    }

    #[test]
    fn what_was_written_before_more_was_stamped_is_read() {
        let refused = r#"{"kind":"refused","what":"ask","why":"no"}"#;
        let changed =
            r#"{"kind":"request-changed","seconds":60,"reason":"x","ticket":null,"void":0}"#;
        let began = r#"{"kind":"grant-began","role":"shell","group":"g","not_after":"2026-11-23T08:00:00Z"}"#;
        for before in [refused, changed, began] {
            let fact: Fact = serde_json::from_str(before).unwrap();
            assert_eq!(serde_json::to_string(&fact).unwrap(), before);
        }
    }
}
