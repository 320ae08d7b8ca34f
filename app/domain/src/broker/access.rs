//! What the pages about asking and deciding show.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use super::SessionRow;
use crate::policy::{Role, Ruling, Urgency};
use crate::{
    ClusterName, Event, Grant, GroupName, Place, Request, RequestDigest, RequestId, Risk, RoleName,
    RuleName, Scope,
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
    /// How many of its namespaces are known from before; 0 where it has not answered yet.
    pub namespaces: usize,
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
    /// Its pods, counted; none where they are not known.
    pub pods: Option<PodHealth>,
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
    /// What policy says; a denial where the glass must be broken.
    pub ruling: Ruling,
    /// What it says to whoever breaks the glass, where that is allowed.
    pub glass: Option<Ruling>,
}

/// A grant in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its request, where it can be used and ended.
    pub request: RequestId,
    /// How much of the namespace.
    pub scope: Scope,
    /// The name of its role.
    pub name: RoleName,
    /// The role as the policy has it now; none where it was removed.
    pub role: Option<Role>,
    /// What is left of it.
    pub remaining: Duration,
    /// Its end.
    pub not_after: Timestamp,
    /// It waits for its first use, until then.
    pub unclaimed: bool,
    /// When it begins, where it has not begun.
    pub begins: Option<Timestamp>,
    /// The glass was broken for it.
    pub broke_glass: bool,
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
    /// Its pods, counted; none where they are not known.
    pub pods: Option<PodHealth>,
    /// The roles that may be requested, from the least powerful.
    pub offers: Vec<Offer>,
    /// How long others waited for an approval here in the last 30 days, by role: the median.
    pub waits: BTreeMap<RoleName, Duration>,
    /// What this person asked for here the last time; what a request that is changed asks for now.
    pub last: Option<Ask>,
    /// The workloads and pods that can be asked for by themselves.
    pub parts: Vec<Scope>,
    /// The grant that is to be prolonged, where one is.
    pub extends: Option<Grant>,
    /// The request that is to be changed, where one is.
    pub changes: Option<Request>,
    /// The time zone of a start, as the policy names it.
    pub zone: String,
    /// Whether a ticket may count even where none is asked for.
    pub ticket_may_count: bool,
}

/// What a request form is opened for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AskFor {
    /// Something new in a place.
    Place(Place),
    /// More time for the grant of a request.
    More(RequestId),
    /// Something else than what a request that waits asks for.
    Change(RequestId),
}

/// A filled-in request form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Cluster and namespace.
    pub place: Place,
    /// How much of the namespace, as [`Scope`] is written.
    pub scope: String,
    /// The role.
    pub role: RoleName,
    /// How long, as typed: `30m`, `1h 30m`.
    pub length: String,
    /// Why, as typed.
    pub reason: String,
    /// The ticket, as typed.
    pub ticket: String,
    /// When it shall begin, as typed: `2026-11-27T18:00` in the policy's time zone, or nothing.
    pub starts: String,
    /// Whether the glass is broken.
    pub urgency: Urgency,
    /// The request whose grant it prolongs.
    pub extends: Option<RequestId>,
}

/// What an approver leaves of a request, as typed; empty where nothing is changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Less {
    /// A role whose actions are among those asked for.
    pub role: String,
    /// A shorter length.
    pub length: String,
    /// A part of the namespace, as [`Scope`] is written.
    pub scope: String,
}

/// One request as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRow {
    /// The request.
    pub request: Request,
    /// The role as the policy has it now; none where it was removed.
    pub role: Option<Role>,
    /// How much can be hurt there.
    pub risk: Risk,
    /// What this person may do with it.
    pub standing: Standing,
    /// Its grant, if there is one.
    pub grant: Option<Grant>,
    /// The instant all of this was read.
    pub now: Timestamp,
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
    /// The pods there, counted; none where they are not known.
    pub pods: Option<PodHealth>,
    /// The Kubernetes group that a grant stands for.
    pub group: String,
    /// What this person may do with it.
    pub standing: Standing,
    /// The roles that an approver may give instead, from the least powerful.
    pub smaller: Vec<Role>,
    /// The parts of the namespace that an approver may give instead.
    pub parts: Vec<Scope>,
    /// What helps to decide; none where there is nothing to decide for this person.
    pub insight: Option<Insight>,
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
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// It is their own.
    pub own: bool,
    /// They may approve or deny it now.
    pub may_decide: bool,
    /// They may take their approval back.
    pub may_take_back: bool,
    /// Why they may not, as a sentence.
    pub why_not: Option<String>,
    /// They may change it before it is decided.
    pub may_change: bool,
    /// They may review that the glass was broken.
    pub may_review: bool,
    /// They may ask for more time.
    pub may_extend: bool,
    /// They may end its grant.
    pub may_end: bool,
    /// The grant allows a shell, and is theirs, and runs.
    pub may_open_shell: bool,
}

/// What helps an approver to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insight {
    /// Requests of this person for this place in the last 30 days, and what became of them.
    pub before: Record,
    /// What became of requests of anybody for this role in this place in the last 30 days.
    pub similar: Record,
    /// What a shell there reaches; none where that is not known.
    pub reach: Option<Vec<Reach>>,
}

/// What became of what was asked for, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Record {
    /// They became grants.
    pub approved: usize,
    /// Approvers denied them.
    pub denied: usize,
    /// Policy refused them before they were requests.
    pub refused: usize,
    /// Withdrawn or lapsed.
    pub other: usize,
}

/// Something that a pod can do beyond its own container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// The workload, as `kind name`.
    pub workload: String,
    /// What, e.g. "runs privileged", "mounts secret ledger-key".
    pub what: Vec<String>,
}

/// The inbox, each section newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbox {
    /// Waiting for this person: to be decided, or to be reviewed where the glass was broken.
    pub needs_me: Vec<RequestRow>,
    /// Waiting for other people: own requests and those approved already.
    pub waiting: Vec<RequestRow>,
    /// Decided of late; at most 50.
    pub decided: Vec<RequestRow>,
    /// Lapsed of late; at most 50.
    pub expired: Vec<RequestRow>,
    /// The one that is looked at; none where there are none.
    pub shown: Option<RequestView>,
}
