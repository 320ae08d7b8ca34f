use std::collections::BTreeMap;
use std::num::NonZeroU8;
use std::time::Duration;

use domain::broker::{
    Ask, AskForm, ClusterHealth, ContainerRow, EventRow, Frame, Held, Home, Judged, NamespaceRow,
    Offer, PodHealth, PodRow, PolicyView, Record, RuleRow, SessionRow, ShellChoice, Simulated,
    WorkloadRows,
};
use domain::policy::{
    Commit, Decision, Denial, Guarantee, Holding, PolicyDigest, Quorum, ReasonRule, Role, RoleRisk,
    Ruling, Terms, Urgency,
};
use domain::{
    Action, ClusterName, ContainerName, Event, EventId, Fact, GrantId, GroupName, LeftBehind,
    Namespace, Person, PersonKey, Place, PodName, Request, RequestId, Risk, RoleName, RuleName,
    Scope, Sealed, Session, SessionEnd, SessionId, SessionState, Signer, Target, Username,
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

pub(crate) const POLICY: &str = "4f2a91c07d33e8b1a6c5f0944f2a91c07d33e8b1a6c5f0944f2a91c07d33e8b1";

pub(crate) fn now() -> Timestamp {
    "2026-11-24T14:03:11Z".parse().unwrap()
}

/// This many minutes ago; ahead where negative.
pub(crate) fn before(minutes: i64) -> Timestamp {
    now() - SignedDuration::from_mins(minutes)
}

pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0197_6f2e_7a10_7000_8000_0000_0000_0000 + number)
}

pub(crate) fn person(name: &str, groups: &[&str]) -> Person {
    Person {
        key: PersonKey { issuer: "https://id.example".to_owned(), subject: format!("sub-{name}") },
        username: Username::parse(name).unwrap(),
        groups: groups.iter().map(|group| GroupName::parse(*group).unwrap()).collect(),
        groups_missing: None,
    }
}

pub(crate) fn ana() -> Person {
    person("ana", &["oncall"])
}

pub(crate) fn ben() -> Person {
    person("ben", &["payments-leads"])
}

pub(crate) fn frame(person: Person) -> Frame {
    Frame {
        person,
        auditor: false,
        pending: 0,
        live: Vec::new(),
        warnings: Vec::new(),
        newest_event: 412,
    }
}

pub(crate) fn place(namespace: &str) -> Place {
    Place {
        cluster: ClusterName::parse("main").unwrap(),
        namespace: Namespace::parse(namespace).unwrap(),
    }
}

pub(crate) fn observe() -> Role {
    Role {
        name: RoleName::parse("observe").unwrap(),
        title: "Look and logs".to_owned(),
        summary: "Pods, events and logs.".to_owned(),
        actions: [Action::View, Action::Logs].into(),
        longest: Duration::from_hours(8),
        guarantee: Guarantee::Enforced,
        risk: Some(RoleRisk::Low),
        commands: BTreeMap::new(),
    }
}

pub(crate) fn shell() -> Role {
    Role {
        name: RoleName::parse("shell").unwrap(),
        title: "Shell".to_owned(),
        summary: "A terminal in a running container. What is typed inside cannot be limited, only recorded.".to_owned(),
        actions: [Action::View, Action::Logs, Action::Shell].into(),
        longest: Duration::from_hours(2),
        guarantee: Guarantee::RecordedOnly,
        risk: Some(RoleRisk::High),
        commands: BTreeMap::new(),
    }
}

fn ruling(decision: Decision, rule: &str, longest: Duration) -> Ruling {
    Ruling {
        decision,
        rule: Some(RuleName::parse(rule).unwrap()),
        policy: PolicyDigest(POLICY.into()),
        commit: None,
        longest,
        terms: Terms {
            reason: ReasonRule { at_least: 10, pattern: None, prompt: None },
            ..Terms::default()
        },
        preliminary: false,
    }
}

pub(crate) fn at_once(rule: &str, longest: Duration) -> Ruling {
    ruling(Decision::Approve, rule, longest)
}

pub(crate) fn asks(count: u8, approvers: &[&str], rule: &str, longest: Duration) -> Ruling {
    let approvers = approvers.iter().map(|group| GroupName::parse(*group).unwrap()).collect();
    let count = NonZeroU8::new(count).unwrap();
    let quorum = Quorum { count, approvers, from: NonZeroU8::MIN, later: Vec::new() };
    ruling(Decision::Ask(quorum), rule, longest)
}

/// Granted at once because the glass was broken, for an hour at most.
pub(crate) fn broken() -> Ruling {
    let reviewers = [GroupName::parse("security").unwrap()].into();
    let skipped = [GroupName::parse("payments-leads").unwrap()].into();
    let decision = Decision::BreakGlass { reviewers, skipped };
    ruling(decision, "payments-glass", Duration::from_hours(1))
}

/// A shell that is to be had only by breaking the glass.
pub(crate) fn only_by_glass() -> Offer {
    let decision = Decision::Deny(Denial::NoRule);
    let denied = Ruling { decision, rule: None, longest: Duration::ZERO, ..broken() };
    Offer { role: shell(), ruling: denied, glass: Some(broken()) }
}

pub(crate) fn pods(running: usize, crash_looping: usize, other: usize) -> PodHealth {
    PodHealth { running, crash_looping, other }
}

fn offers(shell_ruling: Ruling) -> Vec<Offer> {
    let look = at_once("look", Duration::from_hours(8));
    vec![
        Offer { role: observe(), ruling: look, glass: None },
        Offer { role: shell(), ruling: shell_ruling, glass: None },
    ]
}

pub(crate) fn payments_offers() -> Vec<Offer> {
    offers(asks(1, &["payments-leads"], "payments-shell", Duration::from_hours(2)))
}

pub(crate) fn row(
    namespace: &str,
    risk: Risk,
    pods: PodHealth,
    offers: Vec<Offer>,
) -> NamespaceRow {
    let owner = (risk == Risk::Production).then(|| format!("{namespace} team"));
    let pods = Some(pods);
    NamespaceRow { place: place(namespace), risk, owner, pods, offers, held: Vec::new() }
}

pub(crate) fn home() -> Home {
    let hour = Duration::from_hours(1);
    Home {
        rows: vec![
            row(
                "checkout",
                Risk::Production,
                pods(3, 0, 0),
                offers(asks(2, &["payments-leads", "platform"], "checkout-shell", hour)),
            ),
            row("payments", Risk::Production, pods(5, 1, 0), payments_offers()),
            row(
                "staging",
                Risk::Test,
                pods(8, 0, 1),
                vec![Offer { role: shell(), ruling: at_once("staging-shell", hour), glass: None }],
            ),
        ],
        total: 14,
        unreachable: Vec::new(),
        nothing: None,
    }
}

/// The parts of a namespace that can be chosen.
pub(crate) fn parts() -> Vec<Scope> {
    ["Deployment/web", "StatefulSet/ledger", "Pod/web-7d9f8c6b54-x2kqp"]
        .map(|part| part.parse().unwrap())
        .into()
}

pub(crate) fn held() -> Held {
    Held {
        request: RequestId(id(1)),
        scope: Scope::Namespace,
        name: shell().name,
        role: Some(shell()),
        remaining: Duration::from_secs(702),
        not_after: now() + SignedDuration::from_secs(702),
        unclaimed: false,
        begins: None,
        broke_glass: false,
    }
}

/// Held from in an hour on, for half an hour.
pub(crate) fn held_later() -> Held {
    Held { begins: Some(before(-60)), not_after: before(-90), remaining: Duration::ZERO, ..held() }
}

pub(crate) fn unreachable() -> ClusterHealth {
    ClusterHealth {
        name: ClusterName::parse("main").unwrap(),
        since: before(6),
        why: "the connection was refused".to_owned(),
        namespaces: 14,
    }
}

pub(crate) fn ask_form() -> AskForm {
    AskForm {
        place: place("payments"),
        risk: Risk::Production,
        owner: Some("payments team".to_owned()),
        pods: Some(pods(5, 1, 0)),
        offers: payments_offers(),
        parts: parts(),
        waits: [(shell().name, Duration::from_mins(4))].into(),
        last: Some(Ask {
            place: place("payments"),
            scope: String::new(),
            role: shell().name,
            length: "45m".to_owned(),
            reason: "the queue grew again".to_owned(),
            ticket: String::new(),
            starts: String::new(),
            urgency: Urgency::Usual,
            extends: None,
        }),
        extends: None,
        changes: None,
        zone: "Europe/Berlin".to_owned(),
        ticket_may_count: false,
    }
}

/// What the policy says of ana, a shell, and payments.
pub(crate) fn simulated() -> Simulated {
    let judged = |name: &str, why: &str, applies| Judged {
        name: RuleName::parse(name).unwrap(),
        verdict: "asks 1 of payments-leads".to_owned(),
        why: why.to_owned(),
        applies,
        decides: applies,
    };
    Simulated {
        account: Some(ana().key),
        holds: vec![Holding { place: place("staging"), role: shell().name }],
        username: ana().username,
        groups: ana().groups.into_iter().collect(),
        groups_missing: None,
        namespace: place("payments").namespace,
        known: true,
        labels: vec![("shorepass.dev/risk".to_owned(), "production".to_owned())],
        at: now(),
        ruling: asks(1, &["payments-leads"], "payments-shell", Duration::from_hours(2)),
        rules: vec![
            judged("payments-shell", "applies", true),
            judged("checkout-shell", "is for namespaces checkout", false),
        ],
    }
}

pub(crate) fn rules() -> PolicyView {
    PolicyView {
        digest: PolicyDigest(POLICY.into()),
        commit: Some(Commit("5c1e09d27b44f8a36c5f0944f2a91c07d33e8b1a".into())),
        rules: Some(vec![
            RuleRow {
                name: RuleName::parse("payments-shell").unwrap(),
                condition: vec![
                    ("groups", "oncall".to_owned()),
                    ("namespaces", "payments".to_owned()),
                ],
                verdict: "asks 1 of payments-leads".to_owned(),
                decided: Record { approved: 4, denied: 1, ..Record::default() },
            },
            RuleRow {
                name: RuleName::parse("never").unwrap(),
                condition: vec![("namespaces", "kube-system".to_owned())],
                verdict: "denies: cluster components are not reached".to_owned(),
                decided: Record { refused: 2, ..Record::default() },
            },
        ]),
        roles: vec![shell().name],
    }
}

pub(crate) fn target(pod: &str, container: &str) -> Target {
    Target {
        place: place("payments"),
        pod: PodName::parse(pod).unwrap(),
        container: ContainerName::parse(container).unwrap(),
    }
}

pub(crate) fn sealed() -> Sealed {
    Sealed {
        bytes: 1_482_113,
        digest: "9be1c4d07a20f3349be1c4d07a20f3349be1c4d07a20f3349be1c4d07a20f334".to_owned(),
    }
}

/// A session that runs, begun five minutes ago.
pub(crate) fn live_session(number: u128, person: Person, own: bool) -> SessionRow {
    SessionRow {
        session: Session {
            id: SessionId(id(100 + number)),
            grant: GrantId(id(50)),
            person,
            target: target("web-7d9f8c6b54-x2kqp", "web"),
            asked_at: before(5),
            not_after: now() + SignedDuration::from_secs(702),
            state: SessionState::Live { since: before(5) },
        },
        request: RequestId(id(1)),
        risk: Risk::Production,
        broke_glass: false,
        remaining: Duration::from_secs(702),
        own,
        may_end: true,
        may_replay: false,
    }
}

/// A session that ended, an hour ago and half an hour after it began.
pub(crate) fn past_session(
    number: u128,
    person: Person,
    how: SessionEnd,
    left: LeftBehind,
) -> SessionRow {
    let mut row = live_session(number, person, false);
    row.session.target = target("api-5c77d8f9c4-m4tzx", "api");
    row.session.asked_at = before(90);
    row.session.state =
        SessionState::Ended { at: before(60), how, left, recording: Some(sealed()) };
    row.remaining = Duration::ZERO;
    row.may_end = false;
    row.may_replay = true;
    row
}

fn container(name: &str, image: &str, status: &str, no_shell: Option<&str>) -> ContainerRow {
    ContainerRow {
        name: ContainerName::parse(name).unwrap(),
        image: image.to_owned(),
        status: status.to_owned(),
        no_shell: no_shell.map(str::to_owned),
    }
}

fn pod(name: &str, status: &str, restarts: u32, containers: Vec<ContainerRow>) -> PodRow {
    PodRow {
        name: PodName::parse(name).unwrap(),
        status: status.to_owned(),
        ready: status == "Running",
        restarts,
        created_at: Some(before(3_000)),
        containers,
    }
}

fn workload(name: &str, pods: Vec<PodRow>) -> WorkloadRows {
    WorkloadRows { kind: "Deployment".to_owned(), name: name.to_owned(), pods }
}

pub(crate) fn shell_choice(request: Request) -> ShellChoice {
    let image = "registry.example/payments/web:2026.11.3";
    ShellChoice {
        request,
        risk: Risk::Production,
        broke_glass: false,
        remaining: Duration::from_secs(1_702),
        refused_group: None,
        workloads: vec![
            workload(
                "api",
                vec![pod(
                    "api-5c77d8f9c4-m4tzx",
                    "Running",
                    0,
                    vec![
                        container("api", "registry.example/payments/api:1.9.0", "running", None),
                        container("proxy", "registry.example/mesh/proxy:4.1", "running", None),
                    ],
                )],
            ),
            workload(
                "ledger",
                vec![pod(
                    "ledger-66c5d4b7f9-a1zvw",
                    "Running",
                    0,
                    vec![container(
                        "ledger",
                        "registry.example/payments/ledger:3.0.2",
                        "running",
                        Some("The image has no shell."),
                    )],
                )],
            ),
            workload(
                "web",
                vec![
                    pod(
                        "web-7d9f8c6b54-q8pnn",
                        "Running",
                        0,
                        vec![container("web", image, "running", None)],
                    ),
                    pod(
                        "web-7d9f8c6b54-x2kqp",
                        "Running",
                        1,
                        vec![container("web", image, "running", None)],
                    ),
                ],
            ),
            workload(
                "worker",
                vec![pod(
                    "worker-5c8d7f6b9-m4tpl",
                    "CrashLoopBackOff",
                    12,
                    vec![container(
                        "worker",
                        "registry.example/payments/worker:7",
                        "waiting",
                        Some("It is not running: it restarts again and again."),
                    )],
                )],
            ),
        ],
    }
}

pub(crate) fn event(number: u128, minutes: i64, actor: Option<&Person>, fact: Fact) -> Event {
    Event {
        id: EventId(id(1_000 + number)),
        at: before(minutes),
        actor: actor.map(Signer::from),
        place: Some(place("payments")),
        request: Some(RequestId(id(1))),
        grant: None,
        session: None,
        fact,
    }
}

/// Events as the audit log lists them, newest first.
pub(crate) fn log(events: Vec<Event>) -> Vec<EventRow> {
    let newest = 412;
    events
        .into_iter()
        .rev()
        .zip(0..)
        .map(|(event, back)| EventRow { number: newest - back, digest: POLICY.to_owned(), event })
        .collect()
}
