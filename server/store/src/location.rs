//! Where the database is.

use std::fmt;
use std::path::{Path, PathBuf};

use url::Url;

/// A file for SQLite, or a PostgreSQL server. What it prints holds no password.
#[derive(Clone)]
pub struct DatabaseUrl(pub(crate) Location);

#[derive(Clone)]
pub(crate) enum Location {
    File(PathBuf),
    Server(Url),
}

/// A text that is not the URL of a PostgreSQL server. It may hold a password, so it is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a PostgreSQL URL such as postgres://user:password@host/database")]
pub struct BadDatabaseUrl;

impl DatabaseUrl {
    /// The embedded database, in this file; it is made where it does not exist.
    pub fn file(path: impl AsRef<Path>) -> Self {
        Self(Location::File(path.as_ref().to_owned()))
    }

    /// A PostgreSQL server: `postgres://…` or `postgresql://…`.
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
    use super::*;

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
