//! Where the database is.

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use sqlx::ConnectOptions as _;
use sqlx::postgres::PgConnectOptions;
use url::Url;

/// A file for SQLite, or a PostgreSQL server. What it prints holds no password.
#[derive(Clone)]
pub struct DatabaseUrl(pub(crate) Location);

#[derive(Clone)]
pub(crate) enum Location {
    File(PathBuf),
    Server(Url),
}

/// How sqlx's addresses name the mode of TLS.
const MODE: [&str; 2] = ["sslmode", "ssl-mode"];

/// A text that is not the URL of a PostgreSQL server. It may hold a password, so it is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a PostgreSQL URL such as postgres://user:password@host/database")]
pub struct BadDatabaseUrl;

impl DatabaseUrl {
    /// The embedded database, in this file; it is made where it does not exist.
    pub fn file(path: impl AsRef<Path>) -> Self {
        Self(Location::File(path.as_ref().to_owned()))
    }

    /// A PostgreSQL server: `postgres://…` or `postgresql://…`. One on another machine has to prove
    /// by its certificate who it is, unless the URL says otherwise with `sslmode`.
    ///
    /// # Errors
    /// When the text is no URL, or one of another scheme.
    pub fn server(url: &str) -> Result<Self, BadDatabaseUrl> {
        let url: Url = url.trim().parse().map_err(|_| BadDatabaseUrl)?;
        match url.scheme() {
            "postgres" | "postgresql" => Ok(Self(Location::Server(url))),
            _ => Err(BadDatabaseUrl),
        }
    }
}

/// The address with `sslmode=verify-full` where it names no mode and leads over a network: sqlx
/// would prefer TLS, take any certificate, and go on in the clear with whoever refuses TLS.
pub(crate) fn secured(url: &Url) -> Result<Url, sqlx::Error> {
    let mut url = url.clone();
    let names_a_mode = url.query_pairs().any(|(key, _)| MODE.contains(&&*key));
    // Read by sqlx, because parameters and the environment can name another host than the address.
    if !names_a_mode && !stays_here(&PgConnectOptions::from_url(&url)?) {
        url.query_pairs_mut().append_pair(MODE[0], "verify-full");
    }
    Ok(url)
}

/// Whether the server is on this machine.
fn stays_here(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    options.get_socket().is_some()
        || host.starts_with('/')
        || host.eq_ignore_ascii_case("localhost")
        || address.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Location::File(path) => fmt::Debug::fmt(path, out),
            Location::Server(url) => write!(out, "{}", url.host_str().unwrap_or("PostgreSQL")),
        }
    }
}

#[cfg(test)]
mod tests {
    use sqlx::postgres::PgSslMode;

    use super::*;

    #[test]
    fn the_way_to_a_server_elsewhere_is_verified_unless_the_address_says_otherwise() {
        for (url, mode) in [
            ("postgres://portal@db.example/portal", PgSslMode::VerifyFull),
            ("postgresql://portal@db.example:6432/portal?user=a", PgSslMode::VerifyFull),
            ("postgres://portal@10.0.0.7/portal", PgSslMode::VerifyFull),
            ("postgres://portal@[2001:db8::7]/portal", PgSslMode::VerifyFull),
            ("postgres://portal@localhost.example/portal", PgSslMode::VerifyFull),
            ("postgres://portal@db.example/portal?sslrootcert=/ca.pem", PgSslMode::VerifyFull),
            ("postgres://portal@localhost/portal?host=db.example", PgSslMode::VerifyFull),
            ("postgres://portal@localhost/portal?hostaddr=10.0.0.7", PgSslMode::VerifyFull),
            ("postgres://portal@db.example/portal?sslmode=verify-ca", PgSslMode::VerifyCa),
            ("postgres://portal@db.example/portal?sslmode=require", PgSslMode::Require),
            ("postgres://portal@db.example/portal?ssl-mode=disable", PgSslMode::Disable),
            ("postgres://portal@localhost/portal?sslmode=verify-full", PgSslMode::VerifyFull),
            ("postgres://portal@localhost/portal", PgSslMode::Prefer),
            ("postgres://portal@127.0.0.1:5433/portal", PgSslMode::Prefer),
            ("postgres://portal@[::1]/portal", PgSslMode::Prefer),
            ("postgres:///portal?host=/run/postgresql", PgSslMode::Prefer),
            ("postgres://%2Frun%2Fpostgresql/portal", PgSslMode::Prefer),
            ("postgres://portal@db.example/portal?host=/run/postgresql", PgSslMode::Prefer),
        ] {
            let secured = secured(&url.parse().unwrap()).unwrap();
            let found = PgConnectOptions::from_url(&secured).unwrap().get_ssl_mode();
            assert_eq!(format!("{found:?}"), format!("{mode:?}"), "{url}");
        }
    }

    #[test]
    fn t_07_a_password_is_not_printed() {
        let url = DatabaseUrl::server("postgres://portal:secret@db.example/portal").unwrap();
        assert_eq!(format!("{url:?}"), "db.example");
        let Err(refusal) = DatabaseUrl::server("mysql://portal:secret@db.example") else {
            panic!("another database was accepted");
        };
        assert!(!refusal.to_string().contains("secret"));
    }
}
