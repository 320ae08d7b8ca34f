//! A PostgreSQL that lives as long as the tests.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Runs as long as this process: it watches its standard input.
pub(crate) struct Server {
    sockets: String,
    _process: Child,
}

impl Server {
    /// Starts it; it takes connections on return.
    pub(crate) fn start() -> Self {
        let mut command = as_another_user_than_root();
        let mut process = command
            .args(["sh", "-c", include_str!("postgresql.sh"), "postgresql"])
            .arg(programs())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut sockets = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut sockets).unwrap();
        let sockets = sockets.trim().to_owned();
        assert!(!sockets.is_empty(), "PostgreSQL did not start; its own words are above");
        Self { sockets, _process: process }
    }

    /// How to connect to one of its databases; a new one has `postgres`.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres:///{database}?user=tests&host={}", self.sockets)
    }
}

/// PostgreSQL refuses to run as root.
fn as_another_user_than_root() -> Command {
    let id = Command::new("id").arg("-u").output().unwrap();
    if id.stdout == b"0\n" {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]);
        command
    } else {
        Command::new("env")
    }
}

/// The directory with `initdb` and `pg_ctl`.
fn programs() -> PathBuf {
    let on_path = std::env::var_os("PATH")
        .iter()
        .flat_map(std::env::split_paths)
        .find_map(|directory| directory.join("initdb").canonicalize().ok())
        .and_then(|initdb| initdb.parent().map(Path::to_owned));
    let installed = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin"));
    on_path
        .into_iter()
        .chain(installed)
        .find(|directory| directory.join("initdb").exists() && directory.join("pg_ctl").exists())
        .expect(
            "PostgreSQL's server is needed: no initdb and pg_ctl on the PATH or in \
             /usr/lib/postgresql/*/bin; on Debian, install the package postgresql",
        )
}
