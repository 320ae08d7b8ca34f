//! A PostgreSQL of the tests' own.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

static SERVER: OnceLock<Server> = OnceLock::new();
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// Runs as long as this process: it watches its standard input.
struct Server {
    sockets: String,
    _process: Child,
}

/// Makes an empty database and returns its URL.
pub(crate) async fn fresh_database() -> String {
    let server = tokio::task::spawn_blocking(|| SERVER.get_or_init(Server::start)).await.unwrap();
    let name = format!("test{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    let mut admin = PgConnection::connect(&server.url("postgres")).await.unwrap();
    admin.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
    server.url(&name)
}

impl Server {
    fn start() -> Self {
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

    fn url(&self, database: &str) -> String {
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
