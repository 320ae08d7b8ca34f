//! The policy as it lies on the disk: a file or a directory, perhaps in git.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context as _;
use domain::document::Mistake;
use domain::policy::{Commit, Policy, PolicyFile};

/// What was read, before it is understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PolicyText {
    /// One file.
    File(String),
    /// The files of a directory, by name.
    Directory(Vec<PolicyFile>),
}

impl PolicyText {
    /// Reads a file, or every `.yaml` and `.yml` file of a directory. Hidden files are left out:
    /// in a mounted `ConfigMap` they lead to the same files again.
    ///
    /// # Errors
    /// When something there cannot be read, or is not text.
    pub(crate) fn read(path: &Path) -> io::Result<Self> {
        if !path.is_dir() {
            return std::fs::read_to_string(path).map(Self::File);
        }
        let mut files = Vec::new();
        for entry in std::fs::read_dir(path)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let kind = name.rsplit_once('.').map(|(_, kind)| kind);
            let is_policy = matches!(kind, Some("yaml" | "yml")) && !name.contains(".test.");
            if is_policy && !name.starts_with('.') {
                files.push(PolicyFile { text: std::fs::read_to_string(entry.path())?, name });
            }
        }
        files.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(Self::Directory(files))
    }

    /// Understands it.
    ///
    /// # Errors
    /// Where and what is wrong.
    pub(crate) fn parse(&self) -> Result<Policy, Mistake> {
        match self {
            Self::File(text) => Policy::parse(text),
            Self::Directory(files) => Policy::parse_files(files),
        }
    }
}

/// Reads and understands a policy, with the commit that it stands in.
///
/// # Errors
/// When it cannot be read or makes no sense, for the person at the terminal.
pub(crate) fn read(path: &Path) -> anyhow::Result<Policy> {
    let shown = path.display();
    let text = PolicyText::read(path).with_context(|| format!("{shown}"))?;
    let policy = text.parse().with_context(|| format!("{shown}"))?;
    Ok(policy.in_commit(commit(path)))
}

/// The commit that last changed the policy: none outside git, where git is not installed, and where
/// what lies there is not what was committed.
pub(crate) fn commit(path: &Path) -> Option<Commit> {
    let path = path.canonicalize().ok()?;
    let inside = if path.is_dir() { path.as_path() } else { path.parent()? };
    let git = |arguments: &[&str]| {
        let output = Command::new("git")
            .arg("-C")
            .arg(inside)
            .args(arguments)
            .arg("--")
            .arg(&path)
            .env("GIT_OPTIONAL_LOCKS", "0")
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.trim().to_owned())
    };
    git(&["ls-files", "--error-unmatch"])?;
    let changed = git(&["status", "--porcelain"])?;
    let commit = git(&["log", "--max-count=1", "--format=%H"])?;
    (changed.is_empty() && !commit.is_empty()).then(|| Commit(commit.into()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const ROLES: &str = "roles:\n  look: { title: Look, summary: Logs., actions: [logs], longest: 1h, guarantee: enforced }\n";
    const RULES: &str = "rules: []\n";

    fn git(inside: &Path, arguments: &[&str]) {
        let mut command = Command::new("git");
        command.arg("-C").arg(inside);
        // Whoever runs this may sign their commits.
        for setting in ["user.name=test", "user.email=test@example.com", "commit.gpgsign=false"] {
            command.arg("-c").arg(setting);
        }
        command.args(arguments).stdout(Stdio::null());
        assert!(command.status().unwrap().success(), "{arguments:?}");
    }

    #[test]
    fn a_mounted_directory_is_read_without_its_hidden_doubles() {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join("..2026")).unwrap();
        for (name, text) in [("..2026/roles.yaml", ROLES), ("..2026/rules.yml", RULES)] {
            fs::write(home.path().join(name), text).unwrap();
        }
        std::os::unix::fs::symlink("..2026", home.path().join("..data")).unwrap();
        for name in ["roles.yaml", "rules.yml"] {
            let target = Path::new("..data").join(name);
            std::os::unix::fs::symlink(target, home.path().join(name)).unwrap();
        }
        fs::write(home.path().join("README.md"), "not a policy").unwrap();
        let policy = read(home.path()).unwrap();
        assert_eq!((policy.roles().count(), policy.rules().len()), (1, 0));
        assert_eq!(policy.commit(), None);
    }

    #[test]
    fn a_policy_names_the_commit_it_stands_in_and_none_once_it_differs() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("policy.yaml");
        fs::write(&file, format!("{ROLES}{RULES}")).unwrap();
        git(home.path(), &["init", "--quiet"]);
        assert_eq!(commit(&file), None, "it is not committed");
        git(home.path(), &["add", "."]);
        git(home.path(), &["commit", "--quiet", "--message=policy"]);
        let first = commit(&file).unwrap();
        assert_eq!(first.0.len(), 40);
        fs::write(home.path().join("other"), "").unwrap();
        git(home.path(), &["add", "."]);
        git(home.path(), &["commit", "--quiet", "--message=other"]);
        assert_eq!(commit(&file), Some(first), "another commit did not change it");
        fs::write(&file, format!("{ROLES}{RULES}# changed\n")).unwrap();
        assert_eq!(commit(&file), None, "it is not what was committed");
    }
}
