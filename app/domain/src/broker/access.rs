//! What the pages about asking and deciding show.

use std::time::Duration;

use jiff::Timestamp;

use super::SessionRow;
use crate::policy::{Role, Ruling};
use crate::{
    ClusterName, Event, Grant, GroupName, Place, Request, RequestDigest, RequestId, Risk, RoleName,
    RuleName,
};

/// The namespaces page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// What may be requested or is held, by name.
    pub rows: Vec<NamespaceRow>,
    /// How many namespaces the clusters have in all.
    pub total: usize,
    /// The clusters that do not answer.
    pub unreachable: Vec<ClusterHealth>,
    /// Why the list is empty, where it is.
    pub nothing: Option<NothingRequestable>,
}

/// A cluster that does not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterHealth {
    /// Its name.
    pub name: ClusterName,
    /// Since when.
    pub since: Timestamp,
    /// What was seen, in words without internals.
    pub why: String,
}

/// One namespace, as this person may use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamespaceRow {
    /// Cluster and name.
    pub place: Place,
    /// From its label `shorepass.dev/risk`.
    pub risk: Risk,
    /// From its annotation `shorepass.dev/owner`.
    pub owner: Option<String>,
    /// Its pods, counted.
    pub pods: PodHealth,
    /// What may be requested.
    pub offers: Vec<Offer>,
    /// What is held now.
    pub held: Vec<Held>,
}

/// Pods by condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PodHealth {
    /// Running and ready.
    pub running: usize,
    /// Restarting again and again.
    pub crash_looping: usize,
    /// Neither: starting, waiting, failed.
    pub other: usize,
}

/// A role with what policy says of it for this person here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The role.
    pub role: Role,
    /// What policy says.
    pub ruling: Ruling,
}

/// A grant in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its request, where it can be used and ended.
    pub request: RequestId,
    /// Its role.
    pub role: Role,
    /// What is left of it.
    pub remaining: Duration,
    /// Its end.
    pub not_after: Timestamp,
}

/// Why nothing may be requested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NothingRequestable {
    /// The groups that the provider named.
    pub groups: Vec<GroupName>,
    /// Why there are none, where the claim was unusable.
    pub groups_missing: Option<String>,
    /// The rules that looked, and the groups they ask for.
    pub rules: Vec<RuleSeen>,
    /// Whom to ask: the groups that run the portal.
    pub operators: Vec<GroupName>,
}

/// A rule that did not apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSeen {
    /// Its name.
    pub name: RuleName,
    /// The groups it is for.
    pub groups: Vec<GroupName>,
}

/// The request form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskForm {
    /// Cluster and namespace.
    pub place: Place,
    /// How much can be hurt.
    pub risk: Risk,
    /// Who owns it.
    pub owner: Option<String>,
    /// Its pods, counted.
    pub pods: PodHealth,
    /// The roles that may be requested, from the least powerful.
    pub offers: Vec<Offer>,
    /// Fewest characters of a reason.
    pub reason_at_least: u16,
}

/// A filled-in request form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Cluster and namespace.
    pub place: Place,
    /// The role.
    pub role: RoleName,
    /// How long, as typed: `30m`, `1h 30m`.
    pub length: String,
    /// Why, as typed.
    pub reason: String,
}

/// One request with everything about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestView {
    /// The request.
    pub request: Request,
    /// What an approval of it consents to.
    pub digest: RequestDigest,
    /// The role as the policy has it now; none where it was removed.
    pub role: Option<Role>,
    /// How much can be hurt there.
    pub risk: Risk,
    /// The pods there, counted.
    pub pods: PodHealth,
    /// The Kubernetes group that a grant stands for.
    pub group: String,
    /// What this person may do with it.
    pub standing: Standing,
    /// Its grant, if there is one.
    pub grant: Option<Grant>,
    /// What is left of the grant.
    pub remaining: Duration,
    /// Sessions under the grant, newest first.
    pub sessions: Vec<SessionRow>,
    /// Its events, oldest first.
    pub events: Vec<Event>,
    /// The instant all of this was read.
    pub now: Timestamp,
}

/// What a person may do with a request.
#[expect(clippy::struct_excessive_bools, reason = "independent rights, each shown by itself")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// It is their own.
    pub own: bool,
    /// They may approve or deny it now.
    pub may_decide: bool,
    /// Why they may not, as a sentence.
    pub why_not: Option<String>,
    /// They may end its grant.
    pub may_end: bool,
    /// The grant allows a shell, and is theirs, and runs.
    pub may_open_shell: bool,
}

/// The inbox, each section newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbox {
    /// Waiting for this person.
    pub needs_me: Vec<RequestView>,
    /// Waiting for other people: own requests and those approved already.
    pub waiting: Vec<RequestView>,
    /// Decided of late; at most 50.
    pub decided: Vec<RequestView>,
    /// Lapsed of late; at most 50.
    pub expired: Vec<RequestView>,
}
