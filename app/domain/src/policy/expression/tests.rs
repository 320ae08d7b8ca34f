use super::*;
use crate::RoleName;
use crate::policy::{Asked, Asker, Holding, Labels, Urgency};
use crate::testing::{person, place};
use jiff::tz::TimeZone;
use std::time::Duration;

/// Friday, 27 November 2026, 17:30 in Berlin.
const FRIDAY: &str = "2026-11-27T16:30:00Z";

fn said(text: &str, asked: Option<Asked<'_>>) -> Said {
    let expression = Expression::parse(text).unwrap();
    let (ana, payments) = (person("ana", &["oncall"]), place("payments"));
    let role = RoleName::parse("shell").unwrap();
    let labels = Labels::from([("env".to_owned(), "production".to_owned())]);
    let holds = [Holding { place: place("checkout"), role: role.clone() }];
    let asker = Asker { person: &ana, at: FRIDAY.parse().unwrap(), holds: &holds };
    let question = Question {
        asker,
        place: &payments,
        labels: &labels,
        role: &role,
        urgency: Urgency::Usual,
        asked,
    };
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let actions = [crate::Action::View, crate::Action::Shell].into();
    expression.judge(&question, Setting { zone: &zone, actions: &actions })
}

#[test]
fn an_expression_sees_every_input() {
    for text in [
        "person.username == 'ana' && 'oncall' in person.groups",
        "person.holds.exists(held, held == 'shell@main/checkout')",
        "target.namespace == 'payments' && target.cluster == 'main'",
        "target.labels.env == 'production'",
        "!has(target.labels.owner)",
        "role.name == 'shell' && 'shell' in role.actions && !('debug' in role.actions)",
        "time.hour == 17 && time.minute == 30 && time.weekday == 'fri'",
        "time.date == '2026-11-27'",
        "time.weekday in ['sat', 'sun'] || time.hour >= 8 && time.hour < 18",
    ] {
        assert_eq!(said(text, None), Said::Holds(true), "{text}");
    }
    assert_eq!(said("time.hour < 9", None), Said::Holds(false));
}

#[test]
fn what_was_typed_is_judged_once_it_was_typed() {
    let scope = "Deployment/web".parse().unwrap();
    let length = Duration::from_mins(90);
    let asked = Asked { scope: &scope, length, reason: "a leak", ticket: "OPS-1" };
    let text = "request.minutes > 60 && request.ticket.startsWith('OPS-') \
                && request.reason.contains('leak') && !request.break_glass";
    assert_eq!(said(text, None), Said::Depends);
    assert_eq!(said(text, Some(asked)), Said::Holds(true));
}

#[test]
fn a_part_of_a_minute_counts_as_one() {
    let holds = |seconds| {
        let length = Duration::from_secs(seconds);
        let asked = Asked { scope: &crate::Scope::Namespace, length, reason: "", ticket: "" };
        said("request.minutes <= 10", Some(asked))
    };
    assert_eq!(holds(600), Said::Holds(true));
    for longer in [601, 659, 660] {
        assert_eq!(holds(longer), Said::Holds(false), "{longer}");
    }
}

#[test]
fn a_missing_input_is_named_and_not_guessed() {
    let Said::Failed(why) = said("target.labels.owner == 'shop'", None) else {
        panic!("it did not fail");
    };
    assert_eq!(why, "there is no owner here; ask with has() first");
}

#[test]
fn what_cannot_work_is_refused_when_it_is_read() {
    let told: Vec<String> = [
        "time.hour <",
        "persom.username == 'ana'",
        "person.name == 'ana'",
        "person.groups.exists(group, grop == 'oncall')",
        "time.hour",
        "time.hour == 'nine' + 1",
        "request.minutes > 60 && time.day == 1",
        "person['name'] == 'ana'",
        "time.weekday == 'sat' && request.reason.contain('x')",
        "time.weekday == 'sat' && (request.ticket != '' || request.minutes)",
        "time.weekday == 'thu' ? true : time.hour.startsWith('1')",
    ]
    .iter()
    .map(|text| format!("{text}\n    {}", Expression::parse(text).unwrap_err()))
    .collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
time.hour <
    is not an expression: Syntax error: mismatched input '<EOF>' (character 12)
persom.username == 'ana'
    there is no persom; there is person, target, role, time, request
person.name == 'ana'
    person has no name; it has username, groups, holds
person.groups.exists(group, grop == 'oncall')
    there is no grop; there is person, target, role, time, request
time.hour
    must be true or false, and is int
time.hour == 'nine' + 1
    does not fit its inputs: Unsupported binary operator 'add': String("nine"), Int(1)
request.minutes > 60 && time.day == 1
    time has no day; it has date, hour, minute, weekday
person['name'] == 'ana'
    person has no name; it has username, groups, holds
time.weekday == 'sat' && request.reason.contain('x')
    does not fit its inputs: Undeclared reference to 'contain'
time.weekday == 'sat' && (request.ticket != '' || request.minutes)
    has a part that must be true or false, and is int
time.weekday == 'thu' ? true : time.hour.startsWith('1')
    does not fit its inputs: found no matching overload for 'startsWith' applied to 'int.(string)'
"#);
}

#[test]
fn a_branch_that_another_one_guards_is_sound() {
    for text in [
        "has(target.labels.team) && target.labels.team == 'shop'",
        "request.ticket != '' && int(request.ticket) > 5",
        "size(person.holds) > 3 && person.holds[3] == 'shell@main/payments'",
        "person['username'] == 'ana' || 'x' in target.labels && target.labels['x'] == 'y'",
        "person.holds.exists(held, held.startsWith('shell@') && held.endsWith('/payments'))",
    ] {
        assert_eq!(Expression::parse(text).map(drop), Ok(()), "{text}");
    }
}
