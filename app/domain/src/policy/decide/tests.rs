mod reference;

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::Person;
use crate::Scope;
use crate::policy::{Asked, Holding};
use crate::testing::{person, place};
use reference::slowly;

const POLICY: &str = r"
roles:
  observe: { title: Look, summary: Pods and logs., actions: [view, logs], longest: 8h, guarantee: enforced }
  shell: { title: Shell, summary: A terminal., actions: [view, logs, shell], longest: 2h, guarantee: recorded-only }
rules:
  - { name: anywhere, groups: [oncall], roles: [observe], approve: {} }
  - { name: team-shell, groups: [oncall], roles: [shell], namespaces: [team-*], ask: { count: 1, approvers: [leads] } }
  - { name: team-a-shell, groups: [oncall], roles: [shell], namespaces: [team-a], ask: { count: 2, approvers: [leads] }, longest: 30m }
  - { name: team-a-easy, groups: [oncall], roles: [shell], namespaces: [team-a], approve: {} }
  - { name: system, namespaces: [kube-*], deny: not through here }
  - { name: labelled, groups: [oncall], roles: [shell], labels: { env: test }, approve: {} }
  - { name: short, groups: [oncall], roles: [shell], namespaces: [quick], when: request.minutes <= 10, approve: {} }
  - { name: long, groups: [oncall], roles: [shell], namespaces: [quick], ask: { approvers: [leads] } }
  - { name: owned, groups: [oncall], roles: [shell], namespaces: [owned], when: target.labels.owner == 'us', approve: {} }
  - { name: anyway, groups: [oncall], roles: [shell], namespaces: [own*], approve: {} }
  - { name: glass, groups: [oncall], roles: [shell], namespaces: [team-*, kube-*], break_glass: { reviewers: [security] } }
";

const NOBODY_HOLDS: &[Holding] = &[];

fn asker(person: &Person) -> Asker<'_> {
    Asker { person, at: Timestamp::UNIX_EPOCH, holds: NOBODY_HOLDS }
}

struct Scene<'a> {
    groups: &'a [&'a str],
    namespace: &'a str,
    labels: &'a [(&'a str, &'a str)],
    role: &'a str,
    urgency: Urgency,
    minutes: Option<u64>,
}

impl Default for Scene<'_> {
    fn default() -> Self {
        Self {
            groups: &["oncall"],
            namespace: "team-a",
            labels: &[],
            role: "shell",
            urgency: Urgency::Usual,
            minutes: None,
        }
    }
}

impl Scene<'_> {
    fn ruled_by(&self, decide: impl Fn(&Question<'_>) -> Ruling) -> Ruling {
        let (person, place) = (person("ana", self.groups), place(self.namespace));
        let role = RoleName::parse(self.role).unwrap();
        let labels = self.labels.iter().map(|(key, value)| (key.to_string(), value.to_string()));
        let labels = labels.collect();
        let asked = self.minutes.map(|minutes| Asked {
            scope: &Scope::Namespace,
            length: Duration::from_mins(minutes),
            reason: "a reason",
            ticket: "",
        });
        decide(&Question {
            asker: asker(&person),
            place: &place,
            labels: &labels,
            role: &role,
            urgency: self.urgency,
            asked,
        })
    }

    fn ruling(&self) -> Ruling {
        let policy = Policy::parse(POLICY).unwrap();
        self.ruled_by(|question| policy.decide(question))
    }
}

fn rule(ruling: &Ruling) -> &str {
    ruling.rule.as_ref().map_or("none", RuleName::as_str)
}

#[test]
fn the_most_specific_rule_wins_and_between_equals_the_stricter() {
    assert_eq!(rule(&Scene { namespace: "team-b", ..Scene::default() }.ruling()), "team-shell");
    let both = Scene::default().ruling();
    assert_eq!(rule(&both), "team-a-shell");
    assert_eq!(both.longest, Duration::from_mins(30));
}

#[test]
fn a_deny_wins_over_everything() {
    for (role, urgency) in [("observe", Urgency::Usual), ("shell", Urgency::BreakGlass)] {
        let ruling = Scene { namespace: "kube-system", role, urgency, ..Scene::default() }.ruling();
        assert_eq!(ruling.decision, Decision::Deny(Denial::Rule("not through here".into())));
    }
}

#[test]
fn what_no_rule_mentions_is_denied() {
    for (groups, role) in [(&[][..], "shell"), (&["leads"], "observe")] {
        let ruling = Scene { groups, role, ..Scene::default() }.ruling();
        assert_eq!(ruling.decision, Decision::Deny(Denial::NoRule));
        assert_eq!(ruling.longest, Duration::ZERO);
    }
    let unknown = Scene { role: "root", ..Scene::default() }.ruling();
    assert_eq!(unknown.decision, Decision::Deny(Denial::NoSuchRole));
}

#[test]
fn a_namespace_is_meant_by_its_labels() {
    let labels: &[_] = &[("env", "test"), ("team", "shop")];
    let test = Scene { namespace: "shop", labels, ..Scene::default() }.ruling();
    assert_eq!(rule(&test), "labelled");
    let other = Scene { namespace: "shop", labels: &[("env", "live")], ..Scene::default() };
    assert_eq!(other.ruling().decision, Decision::Deny(Denial::NoRule));
}

#[test]
fn what_depends_on_the_request_is_preliminary_until_it_is_sent() {
    let scene = |minutes| Scene { namespace: "quick", minutes, ..Scene::default() }.ruling();
    let before = scene(None);
    assert_eq!((rule(&before), before.preliminary), ("short", true));
    let short = scene(Some(10));
    assert_eq!((rule(&short), short.preliminary), ("short", false));
    assert_eq!(rule(&scene(Some(11))), "long");
}

#[test]
fn a_rule_that_cannot_be_judged_denies_and_says_so() {
    let unknown = Scene { namespace: "owned", ..Scene::default() }.ruling();
    assert_eq!(rule(&unknown), "owned");
    let Decision::Deny(denial) = unknown.decision else { panic!("{unknown:?}") };
    assert!(denial.words().contains("there is no owner here"), "{denial:?}");
    let labels: &[_] = &[("owner", "them")];
    let other = Scene { namespace: "owned", labels, ..Scene::default() }.ruling();
    assert_eq!(rule(&other), "anyway");
}

#[test]
fn breaking_the_glass_asks_nobody_and_names_who_reviews() {
    let urgency = Urgency::BreakGlass;
    let broken = Scene { urgency, ..Scene::default() }.ruling();
    let Decision::BreakGlass { reviewers, skipped } = &broken.decision else {
        panic!("{broken:?}")
    };
    let names =
        |groups: &BTreeSet<GroupName>| groups.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(reviewers), ["security"]);
    assert_eq!(names(skipped), ["leads"]);
    // An ordinary rule that would grant at once says nothing to whoever breaks the glass.
    let elsewhere = Scene { namespace: "quick", urgency, ..Scene::default() }.ruling();
    assert_eq!(elsewhere.decision, Decision::Deny(Denial::NoRule));
}

#[test]
fn why_is_said_of_each_rule() {
    let policy = Policy::parse(POLICY).unwrap();
    let (ana, place) = (person("ana", &["oncall"]), place("quick"));
    let (role, labels) = (RoleName::parse("shell").unwrap(), Labels::new());
    let question = Question {
        asker: asker(&ana),
        place: &place,
        labels: &labels,
        role: &role,
        urgency: Urgency::Usual,
        asked: None,
    };
    let told: Vec<_> = policy
        .explain(&question)
        .iter()
        .map(|considered| format!("{}: {}", considered.rule.name, considered.words()))
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r"
anywhere: is about observe
team-shell: is for namespaces team-*
team-a-shell: is for namespaces team-a
team-a-easy: is for namespaces team-a
system: is for namespaces kube-*
labelled: is for namespaces labelled env=test
short: may apply, depending on what is typed: request.minutes <= 10
long: applies
owned: is for namespaces owned
anyway: is for namespaces own*
glass: is for those who break the glass
");
}

/// A rule of a random policy: from few words, so that many of them meet.
fn any_rule() -> impl Strategy<Value = String> {
    let condition = (
        prop::sample::subsequence(vec!["a", "b", "c"], 1..3),
        prop::option::of(prop::sample::subsequence(vec!["observe", "shell"], 1..3)),
        prop::option::of(prop::sample::select(vec![
            "team-a", "team-*", "*-a", "t*", "team*m-a", "other",
        ])),
        prop::option::of(prop::sample::select(vec!["main", "m*", "*n", "other", "other, main"])),
        prop::bool::ANY,
        prop::option::of(prop::sample::select(vec![
            "target.labels.env == 'test'",
            "time.hour == 0",
            "request.minutes > 20",
            "'b' in person.groups",
        ])),
    );
    let verdict = prop::sample::select(vec![
        "approve: {}",
        "ask: { approvers: [leads] }",
        "ask: { count: 2, approvers: [leads] }",
        "deny: no",
        "break_glass: { reviewers: [leads] }",
    ]);
    let longest = prop::option::of(prop::sample::select(vec!["30m", "3h"]));
    (condition, verdict, longest).prop_map(|(condition, verdict, longest)| {
        let (groups, roles, namespace, clusters, labels, when) = condition;
        let mut parts = vec![format!("groups: [{}]", groups.join(", ")), verdict.to_owned()];
        parts.extend(roles.map(|roles| format!("roles: [{}]", roles.join(", "))));
        parts.extend(namespace.map(|name| format!("namespaces: ['{name}']")));
        parts.extend(clusters.map(|names| format!("clusters: [{}]", quoted(names))));
        parts.extend(longest.map(|longest| format!("longest: {longest}")));
        parts.extend(labels.then(|| "labels: { tier: x }".to_owned()));
        parts.extend(when.map(|when| format!("when: \"{when}\"")));
        parts.join(", ")
    })
}

/// Names in quotes: a `*` is something else to YAML.
fn quoted(names: &str) -> String {
    names.split(", ").map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ")
}

fn any_policy() -> impl Strategy<Value = Policy> {
    prop::collection::vec(any_rule(), 0..12).prop_map(|rules| {
        let roles = POLICY.split("rules:").next().unwrap();
        let lines = (0..).zip(rules);
        let lines = lines.map(|(number, rule)| format!("  - {{ name: r{number}, {rule} }}"));
        let rules = lines.collect::<Vec<_>>().join("\n");
        let rules = if rules.is_empty() { " []".to_owned() } else { format!("\n{rules}\n") };
        Policy::parse(&format!("{roles}rules:{rules}")).unwrap()
    })
}

proptest! {
    #[test]
    fn the_order_of_the_rules_never_matters_and_every_way_to_decide_says_the_same(
        policy in any_policy(),
        turned in 0..12_usize,
        groups in prop::sample::subsequence(vec!["a", "b", "c"], 0..3),
        namespace in prop::sample::select(vec!["team-a", "team-b", "other", "shop-a"]),
        labels in prop::sample::subsequence(vec![("tier", "x"), ("env", "test")], 0..3),
        role in prop::sample::select(vec!["observe", "shell", "root"]),
        minutes in prop::option::of(10..30_u64),
        urgency in prop::sample::select(vec![Urgency::Usual, Urgency::BreakGlass]),
    ) {
        let scene = Scene { groups: &groups, namespace, labels: &labels, role, urgency, minutes };
        let ruling = scene.ruled_by(|question| policy.decide(question));
        let mut other = policy.clone();
        let count = other.rules.len().max(1);
        other.rules.rotate_left(turned % count);
        prop_assert_eq!(&ruling, &scene.ruled_by(|question| other.decide(question)));
        if minutes.is_none() {
            prop_assert_eq!(&ruling, &scene.ruled_by(|question| {
                let Question { place, labels, role, urgency, .. } = *question;
                policy.personal(question.asker).decide(place, labels, role, urgency)
            }));
        }
        scene.ruled_by(|question| {
            let told = slowly(&policy, question);
            assert_eq!(ruling, told);
            told
        });
    }
}
