mod validator;

use std::collections::BTreeSet;
use std::time::Duration;

use super::*;
use crate::policy::{PolicyFile, SCHEMA};
use crate::{Action, RoleName};

const GOOD: &str = "\
roles:
  shell: { title: Shell, summary: A terminal., actions: [shell], longest: 2h, guarantee: recorded-only }
rules:
  - name: team-shell
    groups: [oncall]
    roles: [shell]
    namespaces: [team-*]
    ask: { count: 2, approvers: [leads] }
reason: { at_least: 10 }
";

fn problem(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from));
    Policy::parse(&GOOD.replace(from, to)).unwrap_err().to_string()
}

#[test]
fn a_good_policy_is_read_and_named_by_its_bytes() {
    let policy = Policy::parse(GOOD).unwrap();
    assert_eq!(policy.rules().len(), 1);
    assert_ne!(policy.digest(), Policy::parse(&format!("{GOOD}\n")).unwrap().digest());
}

#[test]
fn a_role_may_have_a_grace_time_of_its_own() {
    let shell = RoleName::parse("shell").unwrap();
    let grace = |text: &str| Policy::parse(text).unwrap().grace(&shell);
    assert_eq!(grace(GOOD), Duration::from_mins(1));
    let for_all = format!("{GOOD}grace: 5m\n");
    assert_eq!(grace(&for_all), Duration::from_mins(5));
    let of_its_own = for_all.replace("longest: 2h", "longest: 2h, grace: 10s");
    assert_eq!(grace(&of_its_own), Duration::from_secs(10));
}

#[test]
fn only_what_the_cluster_limits_is_called_enforced() {
    for action in Action::ALL {
        let commands = match action {
            Action::Check => ", commands: { disk: { title: Disk, run: [df] } }",
            _ => "",
        };
        let word = action.word();
        let role = format!("actions: [{word}], longest: 2h, guarantee: enforced{commands}");
        let text = GOOD.replace("actions: [shell], longest: 2h, guarantee: recorded-only", &role);
        let limited = matches!(action, Action::View | Action::Logs | Action::Forward);
        assert_eq!(Policy::parse(&text).is_ok(), limited, "{word}");
    }
}

#[test]
fn an_error_names_line_and_field() {
    let told = [
        problem("count: 2", "count: 0"),
        problem("[leads]", "[]"),
        problem("roles: [shell]", "roles: [root]"),
        problem("namespaces: [team-*]", "namespace: [team-*]"),
        problem("longest: 2h", "longest: forever"),
        problem("longest: 2h", "longest: 8d"),
        problem("longest: 2h", "longest: 2h, grace: none"),
        problem("reason:", "grace: 0s\nreason:"),
        problem("    ask:", "    deny: no\n    ask:"),
        problem("    groups: [oncall]\n", ""),
        problem("at_least: 10", "at_least: 0"),
        problem("rules:", "rules: []\nrules:"),
        problem("actions: [shell]", "actions: [fly]"),
        problem("    ask:", "    when: time.hours > 8\n    ask:"),
        problem("    ask:", "    ticket: { pattern: 'OPS-[0-9', example: OPS-1 }\n    ask:"),
        problem("    ask:", "    ticket: { pattern: 'OPS-[0-9]+', example: 12 }\n    ask:"),
        problem("count: 2", "count: 2, from: 2"),
        problem("count: 2", "count: 2, later: [{ after: 5m, approvers: [] }]"),
        problem("reason:", "zone: Berlin\nreason:"),
        problem("reason:", "aliases: [[ana]]\nreason:"),
        problem("reason:", "aliases: [[ana, ana2], [ana, bob]]\nreason:"),
        problem("reason:", "limits: { open_requests: 0 }\nreason:"),
        problem("    ask:", "    clock: { starts: first-use }\n    ask:"),
        problem("[shell], longest", "[shell, check], longest"),
        problem("longest: 2h", "longest: 2h, commands: { disk: { title: Disk, run: [df] } }"),
        problem(
            "[shell], longest: 2h",
            "[check], longest: 2h, commands: { disk: { title: Disk, run: [] } }",
        ),
        problem("recorded-only", "enforced"),
        problem("rules:", "nothing:"),
    ]
    .join("\n");
    insta::assert_snapshot!(told, @r#"
line 8: rules[0].ask.count: invalid value: integer `0`, expected a nonzero u8
line 8: rules.team-shell.ask.approvers: must not be empty
line 6: rules.team-shell.roles: there is no role root
line 7: rules[0].namespace: unknown field `namespace`, expected one of name, groups, roles, clusters, namespaces, labels, when, longest, lapse_after, reason, ticket, clock, approve, ask, deny, break_glass
line 2: roles.shell.longest: "forever" is not a length of time such as 30m or 1h 30m
line 2: roles.shell.longest: must be at most 7 days
line 2: roles.shell.grace: "none" is not a length of time such as 30m or 1h 30m
line 9: grace: must be longer than nothing
line 4: rules.team-shell.approve: a rule says exactly one of approve, ask, deny and break_glass
line 4: rules.team-shell.groups: a rule that allows something names the groups it allows
line 9: reason.at_least: must be 1 to 200 characters
line 4: file: duplicate mapping key: rules
line 2: roles.shell.actions[0]: unknown variant `fly`, expected one of view, logs, check, shell, debug, forward, download
line 8: rules.team-shell.when: time has no hours; it has date, hour, minute, weekday
line 8: rules.team-shell.ticket.pattern: is not a regular expression: unclosed character class
line 8: rules.team-shell.ticket.example: does not match the pattern
line 8: rules.team-shell.ask.from: cannot be more than the people or the groups that are asked
line 8: rules.team-shell.ask.later.approvers: must not be empty
line 9: zone: is not a time zone such as Europe/Berlin
line 9: aliases: names at least two accounts of one person
line 9: aliases: ana stands in two sets: put them into one
line 9: limits.open_requests: must be 1 to 1,000
line 8: rules.team-shell.clock.use_within: is missing: a grant does not wait forever for its first use
line 2: roles.shell.commands: stand beside the action check, and never without it
line 2: roles.shell.commands: stand beside the action check, and never without it
line 2: roles.shell.commands.disk.run: must be a program and its arguments: 1 to 64 visible words
line 2: roles.shell.guarantee: cannot be enforced with shell: the cluster does not limit what is run in a container
line 3: nothing: unknown field `nothing`, expected one of roles, rules, reason, ticket, clock, limits, aliases, auditors, operators, zone, lapse_after, grace
"#);
}

fn files(texts: &[(&str, &str)]) -> Result<Policy, Mistake> {
    let file = |&(name, text): &(&str, &str)| PolicyFile { name: name.into(), text: text.into() };
    Policy::parse_files(&texts.iter().map(file).collect::<Vec<_>>())
}

#[test]
fn a_policy_may_be_spread_over_files_whose_parts_add_up() {
    let (roles, rules) = GOOD.split_once("rules:").unwrap();
    let rules = format!("rules:{rules}");
    let both = [("10-roles.yaml", roles), ("20-rules.yaml", &*rules)];
    let policy = files(&both).unwrap();
    assert_eq!(policy.roles().count(), 1);
    assert_eq!(policy.rules().len(), 1);
    let swapped = files(&[("20-roles.yaml", roles), ("10-rules.yaml", &rules)]).unwrap();
    assert_ne!(policy.digest(), swapped.digest());
}

#[test]
fn a_mistake_in_a_policy_of_several_files_names_the_file() {
    let more = "rules: [{ name: team-shell, groups: [b], approve: {} }]\n";
    let told = [
        files(&[("a.yaml", GOOD), ("b.yaml", more)]),
        files(&[("a.yaml", GOOD), ("b.yaml", "reason: { at_least: 3 }\n")]),
        files(&[("a.yaml", GOOD), ("b.yaml", GOOD)]),
        files(&[("a.yaml", GOOD), ("b.yaml", "rules: 3\n")]),
        files(&[]),
    ]
    .map(|read| read.unwrap_err().to_string())
    .join("\n");
    insta::assert_snapshot!(told, @r"
b.yaml: line 1: rules.name: two rules have this name
b.yaml: line 1: reason: stands in another file too; it is for the whole policy
b.yaml: line 2: roles.shell: another file has a role shell
b.yaml: line 1: rules: expected sequence start
line 1: policy: no file there ends in .yaml or .yml
");
}

#[test]
fn n_06_a_field_that_stands_twice_is_refused() {
    assert!(Policy::parse(&GOOD.replace("    roles:", "    groups: [all]\n    roles:")).is_err());
}

/// Whether the schema takes a policy, and whether the parser does.
fn taken(text: &str) -> (bool, bool) {
    let value: serde_json::Value = serde_saphyr::from_str(text).unwrap();
    (validator::takes(&value), Policy::parse(text).is_ok())
}

#[test]
fn the_schema_takes_what_the_parser_takes() {
    let (rule, role) = ("    ask: { count: 2, approvers: [leads] }", "[shell], longest: 2h");
    for (from, to) in [
        ("reason:", "# unchanged\nreason:"),
        ("groups: [oncall]", "groups: [oncall, oncall]"),
        ("actions: [shell]", "actions: [shell, shell]"),
        ("longest: 2h", "longest: 1h 30m, risk: high, grace: 90s"),
        (role, "[check], longest: 2h, commands: { disk: { title: Disk, run: [df, -h] } }"),
        (
            "[shell], longest: 2h, guarantee: recorded-only",
            "[view, forward], longest: 2h, guarantee: enforced",
        ),
        (
            "    groups: [oncall]\n    roles: [shell]\n    namespaces: [team-*]\n    ask: { count: 2, approvers: [leads] }",
            "    deny: Never.",
        ),
        (rule, "    clock: { starts: first-use, use_within: 30m }\n    approve: {}"),
        (rule, "    clock: { starts: approval }\n    break_glass: { reviewers: [security] }"),
        ("reason:", "aliases: [[ana, ana-admin]]\nzone: Europe/Berlin\nreason:"),
        ("reason:", "ticket: { pattern: 'OPS-[0-9]+', example: OPS-1 }\nreason:"),
    ] {
        assert!(GOOD.contains(from), "{from}");
        assert_eq!(taken(&GOOD.replace(from, to)), (true, true), "{to}");
    }
    let demo = include_str!("../../../../../end2end/demo/policy.yaml");
    assert_eq!(taken(demo), (true, true));
}

#[test]
fn the_schema_refuses_what_the_parser_refuses() {
    let (rule, role) = ("    ask: { count: 2, approvers: [leads] }", "[shell], longest: 2h");
    let long = format!("reason: {{ pattern: '{}' }}", "a".repeat(501));
    for (from, to) in [
        ("    groups: [oncall]\n", ""),
        ("groups: [oncall]", "groups: []"),
        ("groups: [oncall]", "groups: ['']"),
        ("team-*", "''"),
        ("team-*", "'*-*'"),
        ("actions: [shell]", "actions: []"),
        ("recorded-only", "enforced"),
        ("longest: 2h", "longest: 0s"),
        ("longest: 2h", "longest: 00h 0m"),
        ("longest: 2h", "longest: soon"),
        ("title: Shell", "title: ''"),
        ("summary: A terminal.", "summary: ''"),
        (role, "[check], longest: 2h"),
        (role, "[check], longest: 2h, commands: {}"),
        (role, "[shell], longest: 2h, commands: { disk: { title: Disk, run: [df] } }"),
        (role, "[check], longest: 2h, commands: { Disk: { title: Disk, run: [df] } }"),
        (rule, "    deny: ''"),
        (rule, "    approve: {}\n    deny: Never."),
        (rule, "    clock: { starts: first-use }\n    approve: {}"),
        (rule, "    longest: 1h"),
        ("reason: { at_least: 10 }", "reason: { at_least: 201 }"),
        ("reason: { at_least: 10 }", "reason: { pattern: '' }"),
        ("reason: { at_least: 10 }", &long),
        ("reason:", "ticket: { pattern: 'OPS', example: '' }\nreason:"),
        ("reason:", "aliases: [[ana]]\nreason:"),
        ("reason:", "limits: { open_requests: 0 }\nreason:"),
    ] {
        assert!(GOOD.contains(from), "{from}");
        assert_eq!(taken(&GOOD.replacen(from, to, 1)), (false, false), "{to}");
    }
}

/// The names that stand in the schema at a place, and those that the parser would take there.
fn fields(pointer: &str, problem: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let schema: serde_json::Value = serde_json::from_str(SCHEMA).unwrap();
    let properties = schema.pointer(pointer).unwrap().as_object().unwrap();
    let told = problem.rsplit("expected ").next().unwrap().trim_start_matches("one of ");
    let taken = told.replace(" or ", ", ");
    let taken = taken.split(", ").map(|name| name.trim_matches('`').to_owned()).collect();
    (properties.keys().cloned().collect(), taken)
}

#[test]
fn the_schema_names_every_field_that_a_policy_can_have() {
    for (pointer, from, to) in [
        ("/properties", "reason:", "nonsense: 1\nreason:"),
        ("/$defs/role/properties", "longest: 2h", "longest: 2h, nonsense: 1"),
        ("/$defs/rule/properties", "    ask:", "    nonsense: 1\n    ask:"),
        ("/$defs/ask/properties", "count: 2", "count: 2, nonsense: 1"),
        ("/$defs/later/properties", "count: 2", "later: [{ nonsense: 1 }]"),
        ("/$defs/reason/properties", "at_least: 10", "nonsense: 1"),
        ("/$defs/ticket/properties", "reason:", "ticket: { nonsense: 1 }\nreason:"),
        ("/$defs/clock/properties", "reason:", "clock: { nonsense: 1 }\nreason:"),
        (
            "/$defs/command/properties",
            "longest: 2h",
            "longest: 2h, commands: { a: { nonsense: 1 } }",
        ),
        ("/$defs/limits/properties", "reason:", "limits: { nonsense: 1 }\nreason:"),
        ("/$defs/breakGlass/properties", "    ask:", "    break_glass: { nonsense: 1 }\n    ask:"),
    ] {
        let (written, taken) = fields(pointer, &problem(from, to));
        assert_eq!(written, taken, "{pointer}");
    }
}
