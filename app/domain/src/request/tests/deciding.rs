//! Who decides on a request, on what exactly, and until when that can be taken back.

use super::*;
use crate::policy::GrantClock;

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
