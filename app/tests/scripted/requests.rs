use std::time::Duration;

use domain::broker::{
    Inbox, Insight, Reach, Record, RequestRow, RequestView, SessionRow, Standing,
};
use domain::policy::{Aliases, Circumstances, Ruling};
use domain::{
    Approval, Event, Extension, Fact, GlassReview, Grant, GrantEnd, GrantId, GrantState,
    LeftBehind, Person, Request, RequestDigest, RequestId, RequestState, Risk, Scope, SessionEnd,
    Signer, Unclaimed, kubernetes_group,
};
use jiff::{SignedDuration, Timestamp};

use super::things::*;

pub(crate) fn request(number: u128, person: Person, namespace: &str, ruling: Ruling) -> Request {
    Request {
        id: RequestId(id(number)),
        person,
        place: place(namespace),
        scope: Scope::Namespace,
        role: shell().name,
        length: Duration::from_mins(30),
        reason: "web answers 500 since the last deploy".to_owned(),
        ticket: None,
        starts_at: None,
        extends: None,
        ruling,
        circumstances: Circumstances::default(),
        sent_at: before(2),
        lapses_at: before(-1_438),
        approvals: Vec::new(),
        reminded_at: None,
        state: RequestState::Pending,
        review: None,
    }
}

/// Payments, waiting for one of its leads.
pub(crate) fn pending() -> Request {
    let ruling = asks(1, &["payments-leads"], "payments-shell", Duration::from_hours(2));
    request(1, ana(), "payments", ruling)
}

/// Checkout, waiting for the second of two.
pub(crate) fn half_approved() -> Request {
    let approvers = ["payments-leads", "platform"];
    let ruling = asks(2, &approvers, "checkout-shell", Duration::from_hours(1));
    let mut request = request(2, ana(), "checkout", ruling);
    request.reason =
        String::from("ledger pod has no route to the database, need to see its sockets");
    request.sent_at = before(9);
    let digest = request.digest();
    request.approvals = vec![approval(&person("dora", &["platform"]), before(4), digest)];
    request
}

fn approval(by: &Person, at: Timestamp, digest: RequestDigest) -> Approval {
    Approval { by: Signer::from(by), groups: by.groups.clone(), at, digest }
}

/// As its requester sees it.
pub(crate) fn own(request: Request) -> RequestView {
    let standing = Standing {
        own: true,
        why_not: Some("Nobody decides on their own request.".to_owned()),
        may_change: matches!(request.state, RequestState::Pending),
        ..Standing::default()
    };
    seen(request, standing)
}

/// Waiting since some time, and reminded of.
pub(crate) fn reminded() -> Request {
    Request { sent_at: before(12), reminded_at: Some(before(3)), ..pending() }
}

/// Approved by as many as must, a moment ago.
pub(crate) fn enough() -> Request {
    let mut request = pending();
    let digest = request.digest();
    request.approvals = vec![approval(&ben(), now(), digest)];
    request
}

/// As the one who has just approved it sees it.
pub(crate) fn to_take_back(request: Request) -> RequestView {
    let mut view = not_to_decide(request, "You approved this request.");
    view.standing.may_take_back = true;
    view
}

/// Granted, with a clock that starts with the first use.
pub(crate) fn unclaimed() -> RequestView {
    let mut view = granted(true);
    let grant = view.grant.as_mut().unwrap();
    grant.unclaimed = Some(Unclaimed::Lasting(Duration::from_mins(30)));
    view.standing.may_extend = false;
    view
}

/// As one who may decide sees it.
pub(crate) fn to_decide(request: Request) -> RequestView {
    let standing = Standing { may_decide: true, ..Standing::default() };
    let mut view = seen(request, standing);
    view.smaller = vec![observe()];
    view.parts = parts();
    view.insight = Some(Insight {
        before: Record { approved: 3, denied: 1, ..Record::default() },
        similar: Record { approved: 12, other: 2, ..Record::default() },
        reach: Some(vec![Reach {
            workload: "Deployment ledger".to_owned(),
            what: vec!["holds secret database".to_owned(), "runs privileged".to_owned()],
        }]),
    });
    view
}

/// While the cluster does not answer.
pub(crate) fn unknown_to_decide() -> RequestView {
    let mut view = to_decide(pending());
    view.pods = None;
    view.insight.as_mut().unwrap().reach = None;
    view
}

/// More time, of which only a shorter one can be left.
pub(crate) fn more_to_decide() -> RequestView {
    let extends = Some(Extension { grant: GrantId(id(50)), until: before(-12) });
    let mut view = to_decide(Request { extends, ..pending() });
    view.smaller.clear();
    view.parts.clear();
    view
}

/// As one who approved already, or may not, sees it.
pub(crate) fn not_to_decide(request: Request, why: &str) -> RequestView {
    let mut view = to_decide(request);
    view.standing.may_decide = false;
    view.standing.why_not = Some(why.to_owned());
    view.smaller.clear();
    view.parts.clear();
    view.insight = None;
    view
}

fn seen(request: Request, standing: Standing) -> RequestView {
    let events = vec![sent(&request)];
    RequestView {
        digest: request.digest(),
        role: Some(shell()),
        risk: Risk::Production,
        pods: Some(pods(5, 1, 0)),
        group: kubernetes_group(&request.role, &request.place.namespace),
        standing,
        smaller: Vec::new(),
        parts: Vec::new(),
        insight: None,
        grant: None,
        remaining: Duration::ZERO,
        sessions: Vec::new(),
        events,
        now: now(),
        request,
    }
}

fn sent(request: &Request) -> Event {
    let fact = Fact::RequestSent {
        role: request.role.clone(),
        seconds: request.length.as_secs(),
        scope: request.scope.clone(),
        reason: request.reason.clone(),
        ticket: request.ticket.clone(),
        decision: request.ruling.decision.word().to_owned(),
        rule: "payments-shell".to_owned(),
        policy: POLICY.to_owned(),
        commit: None,
    };
    event(1, 2, Some(&request.person), fact)
}

/// Granted, and eleven minutes and 42 seconds left.
pub(crate) fn granted(own_request: bool) -> RequestView {
    let request = pending();
    let mut view = if own_request { own(request) } else { not_to_decide(request, "decided") };
    let grant = GrantId(id(50));
    view.request.approvals = vec![approval(&ben(), before(1), view.digest.clone())];
    view.request.state = RequestState::Approved { at: before(1), grant };
    view.grant = Some(Grant {
        id: grant,
        request: view.request.id,
        person: ana(),
        place: place("payments"),
        scope: Scope::Namespace,
        role: shell().name,
        not_before: before(1),
        not_after: now() + SignedDuration::from_secs(702),
        extends: None,
        broke_glass: false,
        unclaimed: None,
        state: GrantState::Active,
    });
    view.remaining = Duration::from_secs(702);
    view.standing.may_end = true;
    view.standing.may_change = false;
    view.standing.may_extend = own_request;
    view.standing.may_open_shell = own_request;
    view.standing.why_not = None;
    view.events.push(event(
        2,
        1,
        Some(&ben()),
        Fact::RequestApproved { count: 1, needed: 1, digest: view.digest.0.clone() },
    ));
    view.events.push(event(
        3,
        1,
        None,
        Fact::GrantBegan {
            role: shell().name,
            group: view.group.clone(),
            begins: None,
            not_after: now() + SignedDuration::from_secs(702),
        },
    ));
    view
}

/// Granted, and it begins in an hour.
pub(crate) fn begins_later() -> RequestView {
    let mut view = granted(true);
    let grant = view.grant.as_mut().unwrap();
    (grant.not_before, grant.not_after) = (before(-60), before(-90));
    if let Some(Fact::GrantBegan { begins, not_after, .. }) =
        view.events.last_mut().map(|event| &mut event.fact)
    {
        (*begins, *not_after) = (Some(before(-60)), before(-90));
    }
    view.remaining = Duration::ZERO;
    view.standing.may_extend = false;
    view.standing.may_open_shell = false;
    view
}

/// Granted, and a terminal runs.
pub(crate) fn in_use() -> RequestView {
    let mut view = granted(true);
    view.sessions = vec![live_session(1, ana(), true)];
    view.events.push(event(
        4,
        0,
        Some(&ana()),
        Fact::SessionStarting {
            target: target("web-7d9f8c6b54-x2kqp", "web"),
            user: "shorepass:ana".to_owned(),
            group: "jit:shell:payments".to_owned(),
            extras: vec!["shorepass.dev/pod=web-7d9f8c6b54-x2kqp".to_owned()],
        },
    ));
    view.events.push(event(
        5,
        0,
        None,
        Fact::SessionLive { protocol: "v5.channel.k8s.io".to_owned(), after_ms: 180 },
    ));
    view
}

/// Over, ended by somebody else.
pub(crate) fn ended() -> RequestView {
    let mut view = in_use();
    let how = GrantEnd::Revoked { by: Signer::from(&ben()) };
    let end = SessionEnd::Revoked { by: Signer::from(&ben()) };
    let words = how.words();
    if let Some(grant) = &mut view.grant {
        grant.state = GrantState::Ended { at: before(0), how };
    }
    view.remaining = Duration::ZERO;
    view.standing.may_end = false;
    view.standing.may_extend = false;
    view.standing.may_open_shell = false;
    let mut session = past_session(1, ana(), end.clone(), LeftBehind::Processes { count: 2 });
    session.own = true;
    view.sessions = vec![session];
    let left = LeftBehind::Processes { count: 2 };
    let over = Fact::SessionEnded { how: end, left, recording: Some(sealed()) };
    view.events.push(event(6, 0, None, over));
    view.events.push(event(7, 0, Some(&ben()), Fact::GrantEnded { how: words }));
    view
}

/// The view of a request that was settled without a grant.
pub(crate) fn settled(state: RequestState) -> RequestView {
    let mut view = own(pending());
    view.request.state = state;
    view
}

pub(crate) fn denied() -> RequestView {
    let mut view = settled(RequestState::Denied {
        at: before(1),
        by: Signer::from(&ben()),
        why: "logs are enough here, ask for those".to_owned(),
    });
    let why = "logs are enough here, ask for those".to_owned();
    view.events.push(event(2, 1, Some(&ben()), Fact::RequestDenied { why }));
    view
}

/// Denied by dora, as ben sees it, who decided a moment later.
pub(crate) fn decided_before() -> RequestView {
    let by = Signer::from(&person("dora", &["platform"]));
    let why = "logs are enough here, ask for those".to_owned();
    let request =
        Request { state: RequestState::Denied { at: before(0), by, why }, ..half_approved() };
    not_to_decide(request, "The request was denied by dora already.")
}

/// What he is told, in the words of the request.
pub(crate) fn decided_first() -> String {
    let request = decided_before().request;
    let late = request.deny(&ben(), "not today".to_owned(), &Aliases::default(), now());
    domain::text::sentence(&late.unwrap_err().to_string())
}

/// The glass was broken, and nobody has reviewed it; as one who may sees it.
pub(crate) fn broken_glass() -> RequestView {
    let mut view = granted(false);
    view.request.ruling = broken();
    view.request.approvals.clear();
    view.grant.as_mut().unwrap().broke_glass = true;
    view.standing.may_review = true;
    view.events = vec![sent(&view.request)];
    view
}

/// The same, after its end.
pub(crate) fn broken_glass_ended() -> RequestView {
    let mut view = broken_glass();
    let state = GrantState::Ended { at: before(0), how: GrantEnd::Expired };
    view.grant.as_mut().unwrap().state = state;
    view.remaining = Duration::ZERO;
    view.standing.may_end = false;
    view
}

/// The same, reviewed.
pub(crate) fn broken_glass_reviewed() -> RequestView {
    let mut view = broken_glass_ended();
    let by = Signer::from(&person("cleo", &["security"]));
    let words = "The lead on duty did not answer; only logs were read.".to_owned();
    view.request.review = Some(GlassReview { by, at: before(0), words });
    view.standing.may_review = false;
    view
}

/// More time under a grant for which the glass was broken.
pub(crate) fn broken_glass_prolonged() -> RequestView {
    let mut view = granted(true);
    view.request.extends = Some(Extension { grant: GrantId(id(49)), until: before(-12) });
    view.grant.as_mut().unwrap().broke_glass = true;
    view
}

fn row(view: RequestView) -> RequestRow {
    let RequestView { request, role, risk, standing, grant, now, .. } = view;
    RequestRow { request, role, risk, standing, grant, now }
}

/// Looking at the request with this number.
pub(crate) fn inbox(shown: u128) -> Inbox {
    let mut lapsed = not_to_decide(pending(), "It lapsed.");
    lapsed.request.id = RequestId(id(9));
    lapsed.request.state = RequestState::Lapsed { at: before(400) };
    lapsed.request.sent_at = before(1_840);
    let mut decided = granted(false);
    decided.request.id = RequestId(id(8));
    decided.request.person = person("eli", &["oncall"]);
    decided.request.sent_at = before(45);
    let mut first = to_decide(half_approved());
    first.request.person = person("dora", &["oncall"]);
    first.request.reminded_at = Some(before(1));
    let mut other = own(half_approved());
    other.request.reminded_at = Some(before(3));
    other.request.id = RequestId(id(7));
    let sections = [vec![to_decide(pending()), first], vec![other], vec![decided], vec![lapsed]];
    let shown = sections.iter().flatten().find(|view| view.request.id == RequestId(id(shown)));
    let shown = shown.cloned();
    let [needs_me, waiting, decided, expired] =
        sections.map(|section| section.into_iter().map(row).collect());
    Inbox { needs_me, waiting, decided, expired, shown }
}

/// Looking at a request for which the glass was broken, while two terminals run under it.
pub(crate) fn inbox_watch() -> Inbox {
    let mut view = broken_glass();
    let live = |number| SessionRow { broke_glass: true, ..live_session(number, ana(), false) };
    view.sessions = vec![live(2), live(1)];
    let shown = Some(view.clone());
    let needs_me = vec![row(view)];
    let (waiting, decided, expired) = (Vec::new(), Vec::new(), Vec::new());
    Inbox { needs_me, waiting, decided, expired, shown }
}
