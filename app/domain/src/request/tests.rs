//! The ways a request can go, against a reference that keeps only what must be remembered.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU8;
use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::policy::{Aliases, Policy, PolicyDigest, Terms};
use crate::testing::{person, place};
use crate::{Grant, GroupName};

const PEOPLE: [(&str, &[&str]); 6] = [
    ("ana", &["leads", "platform"]),
    ("ana-admin", &["leads"]),
    ("ben", &["leads"]),
    ("cleo", &["platform"]),
    ("dora", &["leads", "platform"]),
    ("eve", &["none"]),
];
const MINUTE: Duration = Duration::from_mins(1);
/// How long the request waits.
const LAPSES: u64 = 60;
/// When the further approvers may decide.
const LATER: u64 = 20;

fn aliases() -> Aliases {
    let text = "roles: {}\nrules: []\naliases: [[ana, ana-admin]]\n";
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

/// A request of ana's.
fn asked(count: u8, from: u8) -> Request {
    let quorum = Quorum {
        count: NonZeroU8::new(count).unwrap(),
        approvers: groups(&["leads"]),
        from: NonZeroU8::new(from).unwrap(),
        later: vec![crate::policy::Escalation {
            after: MINUTE * u32::try_from(LATER).unwrap(),
            approvers: groups(&["platform"]),
        }],
    };
    Request {
        id: RequestId(uuid::Uuid::from_u128(1)),
        person: who(0),
        place: place("payments"),
        role: RoleName::parse("shell").unwrap(),
        length: MINUTE * 30,
        reason: "it is stuck".into(),
        ticket: None,
        starts_at: None,
        extends: None,
        ruling: Ruling {
            decision: Decision::Ask(quorum),
            rule: None,
            policy: PolicyDigest("p".into()),
            longest: MINUTE * 60,
            terms: Terms {
                lapse_after: MINUTE * u32::try_from(LAPSES).unwrap(),
                ..Terms::default()
            },
            preliminary: false,
        },
        sent_at: at(0),
        lapses_at: at(LAPSES),
        approvals: Vec::new(),
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
    Lapse,
}

fn any_step() -> impl Strategy<Value = Step> {
    let by = 0..PEOPLE.len();
    prop_oneof![
        2 => (0..15_u64).prop_map(Step::Wait),
        8 => (by.clone(), prop::bool::weighted(0.1))
            .prop_map(|(by, stale)| Step::Approve { by, stale }),
        1 => by.clone().prop_map(|by| Step::Deny { by }),
        1 => by.clone().prop_map(|by| Step::Withdraw { by }),
        1 => (by.clone(), 1..60_u64).prop_map(|(by, minutes)| Step::Change { by, minutes }),
        1 => (by, 0..60_u64).prop_map(|(by, minutes)| Step::Narrow { by, minutes }),
        1 => Just(Step::Lapse),
    ]
}

/// What must be remembered of a request: whether it is open, since when, how long it asks for, and
/// which people stand behind exactly that.
struct Reference {
    open: bool,
    sent: u64,
    minutes: u64,
    behind: BTreeMap<&'static str, usize>,
    granted: Option<u64>,
}

/// The one person behind an account.
fn human(by: usize) -> &'static str {
    match PEOPLE[by].0 {
        "ana-admin" => "ana",
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
        let mut reference =
            Reference { open: true, sent: 0, minutes: 30, behind: BTreeMap::new(), granted: None };
        // Who spoke for which groups when they approved.
        let mut spoke: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut now = 0;
        for step in steps {
            let before = request.clone();
            match step {
                Step::Wait(minutes) => now += minutes,
                Step::Approve { by, stale } => {
                    let shown = if stale { first_digest.clone() } else { request.digest() };
                    let fits = shown == request.digest();
                    let grant = GrantId(uuid::Uuid::from_u128(7));
                    let may = reference.decides(by, now)
                        && fits
                        && !reference.behind.contains_key(human(by));
                    match before.clone().approve(&who(by), &shown, &aliases, grant, at(now)) {
                        Err(_) => prop_assert!(!may),
                        Ok(approved) => {
                            prop_assert!(may);
                            reference.behind.insert(human(by), by);
                            spoke.insert(human(by), reference.speaks_for(by, now));
                            let enough = reference.behind.len() >= usize::from(count)
                                && distinct(&spoke) >= usize::from(from);
                            match approved {
                                Approved::Counted(counted) => {
                                    prop_assert!(!enough);
                                    request = counted;
                                }
                                Approved::Granted(granted, grant) => {
                                    prop_assert!(enough);
                                    prop_assert_eq!(lasts(&grant), reference.minutes);
                                    prop_assert_eq!(&grant.person, &request.person);
                                    reference.open = false;
                                    reference.granted = Some(now);
                                    request = granted;
                                }
                            }
                        }
                    }
                }
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
                        length: Duration::from_secs(minutes * 60),
                        reason: format!("now for {minutes} at {now}"),
                        ticket: None,
                        ruling: before.ruling.clone(),
                    };
                    match before.clone().change(&who(by), change, at(now)) {
                        Ok(other) => {
                            prop_assert!(by == 0 && reference.waits(now));
                            reference.behind.clear();
                            spoke.clear();
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
                    };
                    match before.clone().narrow(&who(by), narrowing, &aliases, at(now)) {
                        Ok(less) => {
                            prop_assert!(may);
                            reference.behind.clear();
                            spoke.clear();
                            reference.minutes = minutes;
                            request = less;
                        }
                        Err(_) => prop_assert!(!may),
                    }
                }
                Step::Lapse => match before.clone().lapse(at(now)) {
                    Ok(lapsed) => {
                        prop_assert!(reference.open && !reference.waits(now));
                        (reference.open, request) = (false, lapsed);
                    }
                    Err(_) => prop_assert!(!reference.open || reference.waits(now)),
                },
            }
            let granted = matches!(request.state, RequestState::Approved { .. });
            prop_assert_eq!(granted, reference.granted.is_some());
            prop_assert_eq!(matches!(request.state, RequestState::Pending), reference.open);
        }
    }
}

fn lasts(grant: &Grant) -> u64 {
    u64::try_from(grant.not_after.duration_since(grant.not_before).as_mins()).unwrap()
}

/// For how many groups the people speak, where each speaks for one: there are only two groups.
fn distinct(spoke: &BTreeMap<&str, Vec<&str>>) -> usize {
    let leads = spoke.values().filter(|groups| groups.contains(&"leads")).count();
    let platform = spoke.values().filter(|groups| groups.contains(&"platform")).count();
    match (leads > 0, platform > 0) {
        (true, true) if spoke.len() > 1 => 2,
        (false, false) => 0,
        _ => 1,
    }
}

#[test]
fn a_01_neither_the_requester_nor_their_other_account_decides() {
    let (request, aliases) = (asked(1, 1), aliases());
    let shown = request.digest();
    for by in [0, 1] {
        let grant = GrantId(uuid::Uuid::from_u128(7));
        let approved = request.clone().approve(&who(by), &shown, &aliases, grant, at(1));
        assert_eq!(approved, Err(RequestRefusal::OwnRequest));
        let denied = request.clone().deny(&who(by), "no".into(), &aliases, at(1));
        assert_eq!(denied, Err(RequestRefusal::OwnRequest));
    }
}

#[test]
fn a_03_a_digest_tells_everything_apart_that_is_consented_to() {
    let request = asked(1, 1);
    let grant = GrantId(uuid::Uuid::from_u128(9));
    let mut others = vec![request.clone(); 7];
    others[0].length += MINUTE;
    others[1].reason.push('!');
    others[2].ticket = Some("OPS-1".into());
    others[3].starts_at = Some(at(10));
    others[4].extends = Some(Extension { grant, until: at(5) });
    others[5].place = place("checkout");
    others[6].ruling.policy = PolicyDigest("q".into());
    let digests: BTreeSet<_> = others.iter().map(|other| other.digest().0).collect();
    assert_eq!(digests.len(), 7);
    assert!(!digests.contains(&request.digest().0));
}

#[test]
fn a_grant_begins_when_it_was_asked_for_and_goes_on_where_it_prolongs() {
    let granted = |request: Request| {
        let (shown, grant) = (request.digest(), GrantId(uuid::Uuid::from_u128(7)));
        match request.approve(&who(2), &shown, &aliases(), grant, at(1)).unwrap() {
            Approved::Granted(_, grant) => (grant.not_before, grant.not_after),
            Approved::Counted(_) => panic!("one approval is enough"),
        }
    };
    assert_eq!(granted(asked(1, 1)), (at(1), at(31)));
    let later = Request { starts_at: Some(at(20)), ..asked(1, 1) };
    assert_eq!(granted(later), (at(20), at(50)));
    let base = Extension { grant: GrantId(uuid::Uuid::from_u128(9)), until: at(12) };
    let longer = Request { extends: Some(base), ..asked(1, 1) };
    assert_eq!(granted(longer), (at(1), at(42)));
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
