//! The ways a request can go, against a reference that keeps only what must be remembered.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU8;
use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::policy::{Aliases, GrantClock, Policy, PolicyDigest, Terms};
use crate::testing::{person, place};
use crate::{Grant, GrantEnd, GroupName};

const PEOPLE: [(&str, &[&str]); 7] = [
    ("ana", &["leads", "platform"]),
    ("ana-admin", &["leads"]),
    ("ben", &["leads"]),
    ("cleo", &["platform"]),
    ("dora", &["leads", "platform"]),
    ("eve", &["none"]),
    ("ben-admin", &["leads", "platform"]),
];
const GRANT: GrantId = GrantId(uuid::Uuid::from_u128(7));
const MINUTE: Duration = Duration::from_mins(1);
/// How long the request waits.
const LAPSES: u64 = 60;
/// When the further approvers may decide.
const LATER: u64 = 20;

fn aliases() -> Aliases {
    let text = "roles: {}\nrules: []\naliases: [[ana, ana-admin], [ben, ben-admin]]\n";
    Policy::parse(text).unwrap().aliases().clone()
}

fn groups(names: &[&str]) -> BTreeSet<GroupName> {
    names.iter().map(|name| GroupName::parse(*name).unwrap()).collect()
}

fn who(index: usize) -> Person {
    let (name, groups) = PEOPLE[index];
    person(name, groups)
}

fn at(minute: u64) -> Timestamp {
    crate::later(Timestamp::UNIX_EPOCH, Duration::from_secs(minute * 60))
}

fn quorum(count: u8, from: u8) -> Quorum {
    Quorum {
        count: NonZeroU8::new(count).unwrap(),
        approvers: groups(&["leads"]),
        from: NonZeroU8::new(from).unwrap(),
        later: vec![crate::policy::Escalation {
            after: MINUTE * u32::try_from(LATER).unwrap(),
            approvers: groups(&["platform"]),
        }],
    }
}

/// A request of ana's.
fn asked(count: u8, from: u8) -> Request {
    Request {
        id: RequestId(uuid::Uuid::from_u128(1)),
        person: who(0),
        place: place("payments"),
        scope: Scope::Namespace,
        role: RoleName::parse("shell").unwrap(),
        length: MINUTE * 30,
        reason: "it is stuck".into(),
        ticket: None,
        starts_at: None,
        extends: None,
        ruling: Ruling {
            decision: Decision::Ask(quorum(count, from)),
            rule: None,
            policy: PolicyDigest("p".into()),
            longest: MINUTE * 60,
            terms: Terms {
                lapse_after: MINUTE * u32::try_from(LAPSES).unwrap(),
                ..Terms::default()
            },
            commit: None,
            preliminary: false,
        },
        circumstances: Circumstances::default(),
        sent_at: at(0),
        lapses_at: at(LAPSES),
        approvals: Vec::new(),
        reminded_at: None,
        state: RequestState::Pending,
        review: None,
    }
}

/// One step that somebody tries.
#[derive(Debug, Clone)]
enum Step {
    Wait(u64),
    /// Approve what stands there, or what stood there some changes ago.
    Approve {
        by: usize,
        stale: bool,
    },
    TakeBack {
        by: usize,
    },
    Grant,
    Deny {
        by: usize,
    },
    Withdraw {
        by: usize,
    },
    Change {
        by: usize,
        minutes: u64,
    },
    Narrow {
        by: usize,
        minutes: u64,
    },
    /// Ask as many as policy wants by now.
    Reask {
        count: u8,
    },
    Lapse,
}

fn any_step() -> impl Strategy<Value = Step> {
    let by = 0..PEOPLE.len();
    prop_oneof![
        2 => (0..15_u64).prop_map(Step::Wait),
        8 => (by.clone(), prop::bool::weighted(0.1))
            .prop_map(|(by, stale)| Step::Approve { by, stale }),
        1 => by.clone().prop_map(|by| Step::TakeBack { by }),
        3 => Just(Step::Grant),
        1 => by.clone().prop_map(|by| Step::Deny { by }),
        1 => by.clone().prop_map(|by| Step::Withdraw { by }),
        1 => (by.clone(), 1..60_u64).prop_map(|(by, minutes)| Step::Change { by, minutes }),
        1 => (by, 0..60_u64).prop_map(|(by, minutes)| Step::Narrow { by, minutes }),
        1 => (1..4_u8).prop_map(|count| Step::Reask { count }),
        1 => Just(Step::Lapse),
    ]
}

/// What must be remembered of a request: whether it is open, since when, how long it asks for, and
/// which people stand behind exactly that, since when and for which groups.
struct Reference {
    count: u8,
    from: u8,
    open: bool,
    sent: u64,
    minutes: u64,
    behind: BTreeMap<&'static str, (u64, Vec<&'static str>)>,
    granted: bool,
}

/// The one person behind an account.
fn human(by: usize) -> &'static str {
    match PEOPLE[by].0 {
        "ana-admin" => "ana",
        "ben-admin" => "ben",
        name => name,
    }
}

impl Reference {
    fn waits(&self, now: u64) -> bool {
        self.open && now < self.sent + LAPSES
    }

    /// The approver groups that somebody speaks for.
    fn speaks_for(&self, by: usize, now: u64) -> Vec<&'static str> {
        let later = now >= self.sent + LATER;
        let counts = |group: &&&'static str| **group == "leads" || **group == "platform" && later;
        PEOPLE[by].1.iter().filter(counts).copied().collect()
    }

    fn decides(&self, by: usize, now: u64) -> bool {
        self.waits(now) && human(by) != "ana" && !self.speaks_for(by, now).is_empty()
    }

    fn is_enough(&self) -> bool {
        self.open
            && self.behind.len() >= usize::from(self.count)
            && distinct(&self.behind) >= usize::from(self.from)
    }

    /// Minutes are longer than the time in which an approver may think again.
    fn is_due(&self, now: u64) -> bool {
        self.is_enough() && self.behind.values().all(|(at, _)| *at < now)
    }
}

proptest! {
    /// A long run sets `PROPTEST_CASES=1000000`.
    #[test]
    fn every_history_of_a_request_is_one_that_the_reference_allows(
        count in 1..4_u8,
        spread in 1..3_u8,
        steps in prop::collection::vec(any_step(), 0..24),
    ) {
        let from = spread.min(count);
        let aliases = aliases();
        let mut request = asked(count, from);
        let first_digest = request.digest();
        let mut reference = Reference {
            count,
            from,
            open: true,
            sent: 0,
            minutes: 30,
            behind: BTreeMap::new(),
            granted: false,
        };
        let mut now = 0;
        for step in steps {
            let before = request.clone();
            match step {
                Step::Wait(minutes) => now += minutes,
                Step::Approve { by, stale } => {
                    let shown = if stale { first_digest.clone() } else { request.digest() };
                    let may = reference.decides(by, now)
                        && shown == request.digest()
                        && !reference.behind.contains_key(human(by))
                        && !reference.is_enough();
                    match before.clone().approve(&who(by), &shown, &aliases, at(now)) {
                        Err(_) => prop_assert!(!may),
                        Ok(approved) => {
                            prop_assert!(may);
                            let groups = reference.speaks_for(by, now);
                            reference.behind.insert(human(by), (now, groups));
                            request = approved;
                        }
                    }
                }
                Step::TakeBack { by } => {
                    let may = (reference.waits(now) || reference.is_enough())
                        && reference.behind.contains_key(human(by));
                    match before.clone().take_back(&who(by), &aliases, at(now)) {
                        Err(_) => prop_assert!(!may),
                        Ok(fewer) => {
                            prop_assert!(may);
                            reference.behind.remove(human(by));
                            request = fewer;
                        }
                    }
                }
                Step::Grant => match before.clone().grant(GRANT, at(now)) {
                    Err(_) => prop_assert!(!reference.is_due(now)),
                    Ok((granted, grant)) => {
                        prop_assert!(reference.is_due(now));
                        prop_assert_eq!(lasts(&grant), reference.minutes);
                        prop_assert_eq!(&grant.person, &request.person);
                        reference.open = false;
                        reference.granted = true;
                        request = granted;
                    }
                },
                Step::Deny { by } => {
                    match before.clone().deny(&who(by), "no".into(), &aliases, at(now)) {
                        Ok(denied) => {
                            prop_assert!(reference.decides(by, now));
                            (reference.open, request) = (false, denied);
                        }
                        Err(_) => prop_assert!(!reference.decides(by, now)),
                    }
                }
                Step::Withdraw { by } => match before.clone().withdraw(&who(by), at(now)) {
                    Ok(withdrawn) => {
                        prop_assert!(by == 0 && reference.waits(now));
                        (reference.open, request) = (false, withdrawn);
                    }
                    Err(_) => prop_assert!(by != 0 || !reference.waits(now)),
                },
                Step::Change { by, minutes } => {
                    let change = Change {
                        scope: Scope::Namespace,
                        length: Duration::from_secs(minutes * 60),
                        reason: format!("now for {minutes} at {now}"),
                        ticket: None,
                        starts_at: None,
                        ruling: before.ruling.clone(),
                        circumstances: Circumstances::default(),
                    };
                    match before.clone().change(&who(by), change, at(now)) {
                        Ok(other) => {
                            prop_assert!(by == 0 && reference.waits(now));
                            reference.behind.clear();
                            (reference.minutes, reference.sent) = (minutes, now);
                            request = other;
                        }
                        Err(_) => prop_assert!(by != 0 || !reference.waits(now)),
                    }
                }
                Step::Narrow { by, minutes } => {
                    let less = minutes > 0 && minutes < reference.minutes;
                    let may = reference.decides(by, now) && less;
                    let narrowing = Narrowing {
                        role: before.role.clone(),
                        length: Duration::from_secs(minutes * 60),
                        scope: Scope::Namespace,
                    };
                    let today = before.ruling.clone();
                    match before.clone().narrow(&who(by), narrowing, today, &aliases, at(now)) {
                        Ok(less) => {
                            prop_assert!(may);
                            reference.behind.clear();
                            reference.minutes = minutes;
                            request = less;
                        }
                        Err(_) => prop_assert!(!may),
                    }
                }
                Step::Reask { count } => {
                    let mut today = before.ruling.clone();
                    today.decision = Decision::Ask(quorum(count, reference.from.min(count)));
                    if !reference.open {
                        continue;
                    }
                    let (anew, void) = before.clone().asked_anew(today.clone());
                    let other = today.decision != before.ruling.decision;
                    let voided = if other { reference.behind.len() } else { 0 };
                    prop_assert_eq!(void.len(), voided);
                    if other {
                        reference.behind.clear();
                    }
                    (reference.count, reference.from) = (count, reference.from.min(count));
                    request = anew;
                }
                Step::Lapse => match before.clone().lapse(at(now)) {
                    Ok(lapsed) => {
                        prop_assert!(reference.open && !reference.waits(now));
                        prop_assert!(!reference.is_enough());
                        (reference.open, request) = (false, lapsed);
                    }
                    Err(_) => prop_assert!(
                        !reference.open || reference.waits(now) || reference.is_enough()
                    ),
                },
            }
            let granted = matches!(request.state, RequestState::Approved { .. });
            prop_assert_eq!(granted, reference.granted);
            prop_assert_eq!(matches!(request.state, RequestState::Pending), reference.open);
        }
    }
}

fn lasts(grant: &Grant) -> u64 {
    u64::try_from(grant.not_after.duration_since(grant.not_before).as_mins()).unwrap()
}

/// For how many groups the people speak, where each speaks for one: there are only two groups.
fn distinct(behind: &BTreeMap<&str, (u64, Vec<&str>)>) -> usize {
    let leads = behind.values().any(|(_, groups)| groups.contains(&"leads"));
    let platform = behind.values().any(|(_, groups)| groups.contains(&"platform"));
    match (leads, platform) {
        (true, true) if behind.len() > 1 => 2,
        (false, false) => 0,
        _ => 1,
    }
}

#[test]
fn a_01_neither_the_requester_nor_their_other_account_decides() {
    let (request, aliases) = (asked(1, 1), aliases());
    let shown = request.digest();
    for by in [0, 1] {
        let approved = request.clone().approve(&who(by), &shown, &aliases, at(1));
        assert_eq!(approved, Err(RequestRefusal::OwnRequest));
        let denied = request.clone().deny(&who(by), "no".into(), &aliases, at(1));
        assert_eq!(denied, Err(RequestRefusal::OwnRequest));
    }
}

#[test]
fn a_03_a_digest_tells_everything_apart_that_is_consented_to() {
    let request = asked(1, 1);
    let grant = GrantId(uuid::Uuid::from_u128(9));
    let mut others = vec![request.clone(); 8];
    others[0].length += MINUTE;
    others[1].reason.push('!');
    others[2].ticket = Some("OPS-1".into());
    others[3].starts_at = Some(at(10));
    others[4].extends = Some(Extension { grant, until: at(5) });
    others[5].place = place("checkout");
    others[6].ruling.policy = PolicyDigest("q".into());
    others[7].scope = "Pod/web-1".parse().unwrap();
    let digests: BTreeSet<_> = others.iter().map(|other| other.digest().0).collect();
    assert_eq!(digests.len(), 8);
    assert!(!digests.contains(&request.digest().0));
    // However it came to be another request, what was approved before is not this one.
    let shown = request.digest();
    let approved = request.approve(&who(2), &shown, &aliases(), at(1)).unwrap();
    assert!(approved.granted_at().is_some());
    let other = Request { length: approved.length + MINUTE, ..approved };
    assert_eq!(other.granted_at(), None);
}

/// The grant of a request that ben approved after a minute, made a minute later.
fn granted(request: Request) -> Grant {
    let shown = request.digest();
    let approved = request.approve(&who(2), &shown, &aliases(), at(1)).unwrap();
    approved.grant(GRANT, at(2)).unwrap().1
}

#[test]
fn a_grant_begins_when_it_was_asked_for_and_goes_on_where_it_prolongs() {
    let times = |request: Request| {
        let grant = granted(request);
        (grant.not_before, grant.not_after)
    };
    assert_eq!(times(asked(1, 1)), (at(2), at(32)));
    let later = Request { starts_at: Some(at(20)), ..asked(1, 1) };
    assert_eq!(times(later), (at(20), at(50)));
    let base = Extension { grant: GrantId(uuid::Uuid::from_u128(9)), until: at(12) };
    let longer = Request { extends: Some(base), ..asked(1, 1) };
    assert_eq!(times(longer), (at(2), at(42)));
}

#[test]
fn an_approval_can_be_taken_back_for_five_seconds_and_then_the_grant_is_made() {
    let request = asked(1, 1);
    let approved = request.clone().approve(&who(2), &request.digest(), &aliases(), at(1)).unwrap();
    let due = crate::later(at(1), UNDO);
    assert_eq!(approved.granted_at(), Some(due));
    let early = due - jiff::SignedDuration::from_millis(1);
    assert_eq!(approved.clone().grant(GRANT, early), Err(RequestRefusal::NotApproved));
    let again = approved.clone().approve(&who(4), &request.digest(), &aliases(), early);
    assert_eq!(again, Err(RequestRefusal::Enough(who(2).username.to_string())));
    let other = approved.clone().take_back(&who(4), &aliases(), early);
    assert_eq!(other, Err(RequestRefusal::NotApproved));
    let back = approved.clone().take_back(&who(2), &aliases(), early).unwrap();
    assert_eq!((back.granted_at(), back.approvals.len()), (None, 0));
    assert!(approved.clone().grant(GRANT, due).is_ok());
    // Approved in the last second of its time, it is granted after it.
    let last = approved.lapses_at - jiff::SignedDuration::from_secs(1);
    let late = request.clone().approve(&who(2), &request.digest(), &aliases(), last).unwrap();
    let after = crate::later(last, UNDO);
    assert_eq!(late.clone().lapse(after), Err(RequestRefusal::Changed));
    assert!(late.grant(GRANT, after).is_ok());
}

#[test]
fn those_who_decide_are_reminded_once_in_five_minutes_while_they_must_decide() {
    let request = asked(1, 1);
    assert_eq!(request.clone().remind(&who(0), at(4)), Err(RequestRefusal::Reminded));
    assert_eq!(request.clone().remind(&who(2), at(5)), Err(RequestRefusal::NotTheRequester));
    let reminded = request.clone().remind(&who(0), at(5)).unwrap();
    assert_eq!(reminded.digest(), request.digest(), "it is the same request");
    assert_eq!(reminded.clone().remind(&who(0), at(9)), Err(RequestRefusal::Reminded));
    assert!(reminded.clone().remind(&who(0), at(10)).is_ok());
    let enough = request.clone().approve(&who(2), &request.digest(), &aliases(), at(5)).unwrap();
    assert_eq!(
        enough.remind(&who(0), at(5)),
        Err(RequestRefusal::Enough(who(2).username.to_string()))
    );
    assert_eq!(request.remind(&who(0), at(LAPSES)), Err(RequestRefusal::Lapsed));
}

#[test]
fn a_clock_may_start_with_the_first_use_and_what_is_not_used_ends() {
    let with = |clock| {
        let mut request = asked(1, 1);
        request.ruling.terms.clock = clock;
        granted(request)
    };
    let waits = with(GrantClock::FirstUse(MINUTE * 10));
    assert_eq!((waits.not_before, waits.not_after), (at(2), at(12)));
    let used = waits.clone().claim(at(11)).unwrap();
    assert_eq!((used.not_after, used.unclaimed), (at(41), None));
    assert_eq!(used.clone().claim(at(30)).unwrap(), used, "a second use changes nothing");
    assert_eq!(waits.clone().claim(at(12)), Err(crate::GrantRefusal::Ended));
    let how = waits.lapse();
    assert_eq!(how, GrantEnd::Unused);
    assert_eq!(waits.clone().end(how.clone(), at(11)), Err(crate::GrantRefusal::NotOver));
    assert!(waits.end(how, at(12)).is_ok());
    let runs = with(GrantClock::Approval(Some(MINUTE * 10)));
    assert_eq!(runs.not_after, at(12));
    assert_eq!(runs.claim(at(11)).unwrap().not_after, at(32), "its clock ran all the time");
    // A deadline beyond the end of the grant changes nothing.
    let free = with(GrantClock::Approval(Some(MINUTE * 40)));
    assert_eq!((free.not_after, free.unclaimed), (at(32), None));
}

#[test]
fn broken_glass_is_closed_by_somebody_else_alone() {
    let mut request = asked(1, 1);
    request.ruling.decision =
        Decision::BreakGlass { reviewers: groups(&["leads"]), skipped: groups(&["platform"]) };
    let aliases = aliases();
    assert!(request.owes_review());
    for (by, refusal) in [
        (0, RequestRefusal::OwnRequest),
        (1, RequestRefusal::OwnRequest),
        (3, RequestRefusal::NotAReviewer),
    ] {
        let refused = request.clone().reviewed(&who(by), "all fine".into(), &aliases, at(1));
        assert_eq!(refused, Err(refusal));
    }
    let reviewed = request.reviewed(&who(2), "it was needed".into(), &aliases, at(1)).unwrap();
    assert!(!reviewed.owes_review());
    let again = reviewed.reviewed(&who(2), "once more".into(), &aliases, at(2));
    assert_eq!(again, Err(RequestRefusal::Reviewed));
}

#[test]
fn an_approval_of_the_last_seconds_can_be_taken_back_though_the_request_would_have_lapsed() {
    let request = asked(1, 1);
    let last = request.lapses_at - jiff::SignedDuration::from_secs(1);
    let late = request.clone().approve(&who(2), &request.digest(), &aliases(), last).unwrap();
    let back = late.clone().take_back(&who(2), &aliases(), request.lapses_at).unwrap();
    assert_eq!(back.granted_at(), None);
    assert!(back.lapse(request.lapses_at).is_ok());
    let granted = late.grant(GRANT, crate::later(last, UNDO)).unwrap().0;
    let over = granted.take_back(&who(2), &aliases(), request.lapses_at);
    assert!(matches!(over, Err(RequestRefusal::Settled(_))));
}

#[test]
fn a_05_others_or_more_who_are_asked_by_now_are_asked_anew() {
    let request = asked(1, 1);
    let request = request.clone().approve(&who(2), &request.digest(), &aliases(), at(1)).unwrap();
    let today = |quorum| Ruling { decision: Decision::Ask(quorum), ..request.ruling.clone() };
    let others = Quorum { approvers: groups(&["platform"]), ..quorum(1, 1) };
    let more = quorum(2, 1);
    for quorum in [others, more] {
        assert!(!request.is_enough_under(&today(quorum.clone())));
        let (anew, void) = request.clone().asked_anew(today(quorum.clone()));
        assert_eq!((anew.quorum(), anew.approvals.len()), (Some(&quorum), 0));
        assert_eq!(void, [Signer::from(&who(2))]);
    }
    // What would be granted at once, and what asks the same or fewer, goes on.
    let wider = Quorum { approvers: groups(&["leads", "platform"]), ..quorum(1, 1) };
    for ruling in [
        today(quorum(1, 1)),
        today(wider),
        Ruling { decision: Decision::Approve, ..request.ruling.clone() },
    ] {
        assert!(request.is_enough_under(&ruling), "{ruling:?}");
    }
    let (same, void) = request.clone().asked_anew(today(quorum(1, 1)));
    assert_eq!((same, void.len()), (request, 0));
}

#[test]
fn a_02_accounts_that_are_declared_as_one_later_count_once() {
    let (nobody, shown) = (Aliases::default(), asked(3, 1).digest());
    let mut request = asked(3, 1);
    for by in [1, 2, 6] {
        request = request.approve(&who(by), &shown, &nobody, at(30)).unwrap();
    }
    assert!(request.granted_at().is_some());
    assert_eq!(request.approved_twice(&nobody), []);
    let names: Vec<_> = request.approved_twice(&aliases());
    let names: Vec<_> = names.iter().map(|signer| signer.username.as_str()).collect();
    assert_eq!(names, ["ana-admin", "ben-admin"]);
}

#[test]
fn what_is_left_stands_under_what_policy_says_of_it() {
    let request = asked(1, 1);
    let leave = |today: Ruling| {
        let narrowing = Narrowing {
            role: request.role.clone(),
            length: MINUTE * 10,
            scope: request.scope.clone(),
        };
        request.clone().narrow(&who(2), narrowing, today, &aliases(), at(1)).unwrap().ruling
    };
    let clock = GrantClock::FirstUse(MINUTE);
    let terms = Terms { clock, ..Terms::default() };
    let asks = Decision::Ask(quorum(2, 1));
    let today = Ruling { decision: asks.clone(), terms, ..request.ruling.clone() };
    assert_eq!(leave(today.clone()), today);
    // What would be granted at once is approved by those who were asked.
    let at_once = leave(Ruling { decision: Decision::Approve, ..today });
    assert_eq!(at_once.decision, request.ruling.decision);
    assert_eq!(at_once.terms.clock, clock);
}
