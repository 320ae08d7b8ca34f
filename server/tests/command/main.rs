//! The command line, as people and CI run it.
#![allow(missing_docs, clippy::unwrap_used)]

mod audit;
mod check_config;
mod grants;
mod policy;
mod replay;

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

fn run(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_shorepass")).args(words).output().unwrap()
}

/// What it printed, where it succeeded.
fn printed(words: &[&str]) -> String {
    let output = run(words);
    assert!(output.status.success(), "{words:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Why it failed.
fn failed(words: &[&str]) -> String {
    let output = run(words);
    assert_eq!(output.status.code(), Some(1), "{words:?}: {output:?}");
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

/// What it printed and said, and whether it succeeded.
fn said(words: &[&str]) -> (bool, String) {
    let output = run(words);
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (output.status.success(), text)
}

/// As small as a configuration can be.
const CONFIG: &str = include_str!("shorepass.yaml");

const KUBECONFIG: &str = r#"{"apiVersion": "v1", "kind": "Config", "current-context": "main",
    "contexts": [{"name": "main", "context": {"cluster": "main", "user": "portal"}}],
    "clusters": [{"name": "main", "cluster": {"server": "https://127.0.0.1:6443"}}],
    "users": [{"name": "portal", "user": {"token": "x"}}]}"#;

/// A folder with a portal's files that could be started from it, and the configuration's path.
fn home(config: &str) -> (TempDir, String) {
    let home = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(home.path().join(name), text).unwrap();
    write("shorepass.yaml", config);
    write("kubeconfig", KUBECONFIG);
    std::fs::copy(policy::demo(), home.path().join("policy.yaml")).unwrap();
    std::fs::create_dir(home.path().join("data")).unwrap();
    let path = text(&home.path().join("shorepass.yaml"));
    (home, path)
}

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}
