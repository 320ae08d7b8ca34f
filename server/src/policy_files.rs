//! The policy as it lies on the disk: a file or a directory, perhaps in git.

use std::io;
use std::path::{Path, PathBuf};
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
    /// Reads a file, or every `.yaml` and `.yml` file of a directory, cases and hidden files apart.
    ///
    /// # Errors
    /// When something there cannot be read, or is not text.
    pub(crate) fn read(path: &Path) -> io::Result<Self> {
        if !path.is_dir() {
            return std::fs::read_to_string(path).map(Self::File);
        }
        let files = found(path, Kind::Policy)?.into_iter().map(|(name, path)| {
            std::fs::read_to_string(path).map(|text| PolicyFile { name, text })
        });
        files.collect::<io::Result<_>>().map(Self::Directory)
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
    let text = PolicyText::read(path).with_context(|| format!("cannot read {shown}"))?;
    let policy = text.parse().with_context(|| format!("{shown}"))?;
    Ok(policy.in_commit(commit(path)))
}

/// The files with the cases of a policy: `policy.test.yaml` beside `policy.yaml`, and those of a
/// directory that end in `.test.yaml` or `.test.yml`.
///
/// # Errors
/// When the directory cannot be read.
pub(crate) fn case_files(policy: &Path) -> io::Result<Vec<PathBuf>> {
    if !policy.is_dir() {
        return Ok(vec![policy.with_extension("test.yaml")]);
    }
    Ok(found(policy, Kind::Cases)?.into_iter().map(|(_, path)| path).collect())
}

/// What a file of a directory is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Policy,
    Cases,
}

/// The files of a directory that are for something, with their names and in the order of these.
fn found(directory: &Path, wanted: Kind) -> io::Result<Vec<(String, PathBuf)>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if kind(&name) == Some(wanted) {
            files.push((name, entry.path()));
        }
    }
    files.sort();
    Ok(files)
}

/// What a file is for by its name. Hidden files are for nothing: in a mounted `ConfigMap` they lead
/// to the same files again.
fn kind(name: &str) -> Option<Kind> {
    let (stem, extension) = name.rsplit_once('.')?;
    if name.starts_with('.') || !matches!(extension, "yaml" | "yml") {
        return None;
    }
    let is_test = stem.rsplit_once('.').is_some_and(|(_, last)| last == "test");
    Some(if is_test { Kind::Cases } else { Kind::Policy })
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
    fn cases_end_in_test_and_nothing_else_is_left_out_of_a_policy() {
        let home = tempfile::tempdir().unwrap();
        let file = |name| home.path().join(name);
        fs::write(file("roles.yaml"), ROLES).unwrap();
        fs::write(file("infra.test.rules.yaml"), RULES).unwrap();
        for cases in ["infra.test.yaml", "other.test.yml"] {
            fs::write(file(cases), "cases: []\n").unwrap();
        }
        assert_eq!(read(home.path()).unwrap().rules().len(), 0);
        let beside = [file("infra.test.yaml"), file("other.test.yml")];
        assert_eq!(case_files(home.path()).unwrap(), beside);
        assert_eq!(case_files(&file("roles.yaml")).unwrap(), [file("roles.test.yaml")]);
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
