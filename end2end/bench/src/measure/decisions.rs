//! What policy says of every role in every namespace at once, as the first page asks it.

use std::fmt::Write as _;
use std::hint::black_box;

use allocation_counter::AllocationInfo;
use client::Stopwatch;
use domain::policy::{Asker, Labels, Personal, Policy, Question, Urgency};
use domain::{GroupName, Person, PersonKey, Place, RoleName, Username};
use jiff::Timestamp;

use crate::Sample;
use crate::report::{Figure, Target};

const NAMESPACES: usize = 2_000;
const ROLES: usize = 5;
const RULES: usize = 200;
/// Teams that namespaces and rules belong to.
const TEAMS: usize = 40;
/// The most for all of it, in milliseconds.
const ALL_WITHIN: f64 = 50.0;

pub(super) fn measure(rounds: u32) -> anyhow::Result<Vec<Figure>> {
    let policy = Policy::parse(&text()?)?;
    let roles: Vec<RoleName> = policy.roles().map(|role| role.name.clone()).collect();
    let places = (0..NAMESPACES).map(place).collect::<anyhow::Result<Vec<_>>>()?;
    let person = person()?;
    let asker = Asker { person: &person, at: Timestamp::UNIX_EPOCH, holds: &[] };
    let questions = || {
        let ways = [Urgency::Usual, Urgency::BreakGlass];
        places
            .iter()
            .flat_map(|(place, labels)| roles.iter().map(move |role| (place, labels, role)))
            .flat_map(move |(place, labels, role)| ways.map(|way| (place, labels, role, way)))
    };
    // How many decisions were taken: what nobody may break the glass for is not asked again.
    let together = |personal: &Personal<'_>| {
        questions()
            .filter(|(_, _, role, urgency)| {
                *urgency == Urgency::Usual || personal.may_break_glass(role)
            })
            .map(|(place, labels, role, urgency)| {
                black_box(personal.decide(place, labels, role, urgency));
            })
            .count()
    };
    let one_by_one = || {
        for (place, labels, role, urgency) in questions() {
            let question = Question { asker, place, labels, role, urgency, asked: None };
            black_box(policy.decide(&question));
        }
    };
    let (mut all, mut each) = (Sample::new(), Sample::new());
    for _ in 0..rounds {
        let began = Stopwatch::start();
        let _ = together(&policy.personal(asker));
        all.add(began.read());
        let began = Stopwatch::start();
        one_by_one();
        each.add(began.read());
    }
    let mut taken = 0;
    let allocated = allocation_counter::measure(|| taken = together(&policy.personal(asker)));
    Ok(vec![
        Figure::of("every decision of the first page", "ms", all.percentile(50))
            .beside("each by itself", each.percentile(50))
            .should(Target::AtMost(ALL_WITHIN)),
        Figure::of("allocations for a decision", "", per_decision(&allocated, taken)),
    ])
}

fn per_decision(allocated: &AllocationInfo, decisions: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts are below 2^53")]
    let per_decision = allocated.count_total as f64 / decisions as f64;
    per_decision
}

/// Every tenth rule has an expression, every twentieth denies, and every fortieth is for those who
/// break the glass.
fn text() -> anyhow::Result<String> {
    let mut text = String::from("roles:\n");
    for role in 0..ROLES {
        writeln!(
            text,
            "  role-{role}: {{ title: Role, summary: A role., actions: [view, shell], longest: 2h, guarantee: recorded-only }}"
        )?;
    }
    text.push_str("rules:\n");
    for rule in 0..RULES {
        let (team, role) = (rule % TEAMS, rule % ROLES);
        let when = if rule % 10 == 0 { ", when: 'time.hour < 20'" } else { "" };
        let verdict = match rule {
            _ if rule % 40 == 7 => "break_glass: { reviewers: [security] }",
            _ if rule % 20 == 3 => "deny: Not here.",
            _ if rule % 3 == 0 => "approve: {}",
            _ => "ask: { count: 2, approvers: [leads, platform] }",
        };
        writeln!(
            text,
            "  - {{ name: rule-{rule}, groups: [oncall, group-{team}], roles: [role-{role}], namespaces: [team-{team}-*], labels: {{ env: production }}{when}, {verdict} }}"
        )?;
    }
    Ok(text)
}

fn place(number: usize) -> anyhow::Result<(Place, Labels)> {
    let namespace = format!("team-{}-{number}", number % TEAMS).parse()?;
    let labels = [("env", "production"), ("team", "a-team"), ("cost-center", "42")];
    let labels = labels.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
    Ok((Place { cluster: "main".parse()?, namespace }, labels))
}

fn person() -> anyhow::Result<Person> {
    let groups = ["oncall", "group-7", "staff"].map(GroupName::parse).into_iter();
    Ok(Person {
        key: PersonKey { issuer: "https://idp.example".to_owned(), subject: "ana".to_owned() },
        username: Username::parse("ana")?,
        groups: groups.collect::<Result<_, _>>()?,
        groups_missing: None,
    })
}
