//! `shorepass policy`, as people and CI run it.
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

pub(crate) fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end/demo/policy.yaml")
}

/// What it printed, where it succeeded.
fn printed(words: &[&str]) -> String {
    super::printed(&[&["policy"], words].concat())
}

/// Why it failed.
fn failed(words: &[&str]) -> String {
    super::failed(&[&["policy"], words].concat())
}

/// The demo's policy with a change, in a folder of its own.
fn changed(from: &str, to: &str) -> (TempDir, String) {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("policy.yaml");
    let text = fs::read_to_string(demo()).unwrap();
    assert!(text.contains(from), "{from:?}");
    fs::write(&path, text.replace(from, to)).unwrap();
    fs::copy(demo().with_file_name("policy.test.yaml"), home.path().join("policy.test.yaml"))
        .unwrap();
    let path = path.to_str().unwrap().to_owned();
    (home, path)
}

#[test]
fn check_names_what_is_wrong_and_where() {
    printed(&["check", demo().to_str().unwrap()]);
    let (_home, path) = changed("approvers: [payments-leads]", "approver: [payments-leads]");
    let said = failed(&["check", &path]);
    assert!(said.contains("line ") && said.contains("approver"), "{said}");
    let said = failed(&["check", "/nowhere/policy.yaml"]);
    assert!(said.contains("/nowhere/policy.yaml"), "{said}");
}

#[test]
fn explain_says_of_each_rule_why_it_applied_or_not() {
    let demo = demo();
    let asked = ["--person", "ana", "--group", "oncall", "--namespace", "payments"];
    let words = [&["explain", demo.to_str().unwrap()][..], &asked, &["--role", "shell"]].concat();
    let said = printed(&words);
    assert!(said.contains("payments-shell") && said.contains("1 of payments-leads"), "{said}");
    assert!(said.contains("is for namespaces checkout"), "{said}");
}

#[test]
fn the_cases_beside_a_policy_are_tested_and_a_wrong_one_fails() {
    printed(&["test", demo().to_str().unwrap()]);
    let (_home, path) = changed("    deny: Cluster components", "    roles: [shell]\n    deny: C");
    let said = failed(&["test", &path]);
    assert!(said.contains("expected deny"), "{said}");
}

#[test]
fn a_case_that_leaves_open_what_it_is_about_fails() {
    let (home, path) = changed(
        "    namespaces: [staging]\n",
        "    namespaces: [staging]\n    when: request.ticket != ''\n",
    );
    let tested = |typed: &str| {
        let case = format!(
            "cases:\n  - name: ticket\n    given: {{ person: ana, groups: [oncall], namespace: staging, role: shell{typed} }}\n    expect: {{ decision: approve }}\n"
        );
        fs::write(home.path().join("policy.test.yaml"), case).unwrap();
        super::said(&["policy", "test", &path])
    };
    let (sound, said) = tested("");
    assert!(!sound && said.contains("say its length"), "{said}");
    let (sound, said) = tested(", ticket: OPS-1");
    assert!(!sound && said.contains("say its length too"), "{said}");
    let (sound, said) = tested(", ticket: OPS-1, length: 30m");
    assert!(sound, "{said}");
    let (sound, said) = tested(", length: 30m");
    assert!(!sound && said.contains("expected approve"), "{said}");
    let asked = ["--person", "ana", "--namespace", "staging", "--role", "shell"];
    for typed in [["--reason", "why"], ["--ticket", "OPS-1"], ["--only", "Pod/web-1"]] {
        let said = failed(&[&["explain", &path][..], &asked, &typed].concat());
        assert!(said.contains("say its length too"), "{said}");
    }
}

#[test]
fn the_schema_is_one_that_editors_can_read() {
    let schema: serde_json::Value = serde_json::from_str(&printed(&["schema"])).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert!(schema["properties"]["rules"].is_object());
}
