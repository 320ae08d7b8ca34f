//! Durable state: [`broker::port::Store`] over SQLite (embedded, a file) or PostgreSQL.
//!
//! [`Database`] implements the port with one set of queries that both databases understand, on
//! tables that one set of migrations makes. A row is a struct per table (`table/`), and becomes a
//! model through `TryFrom`; a row that does not is an [`Unreadable`] naming table and column.
//! Whatever changes state writes its events in the same transaction; the audit log is numbered
//! without gaps and chained ([`chain`]). [`LoginStore`] keeps what the login cookie stands for.
//!
//! A new noun gets a migration, a file under `table/`, its methods in `port.rs`, and its part of
//! the contract suite, which runs on both databases.

pub mod chain;
mod change;
mod column;
mod database;
mod error;
mod location;
mod login;
mod port;
mod table;
mod writer;

pub use column::Unreadable;
pub use database::Database;
pub use error::OpenError;
pub use location::{BadDatabaseUrl, DatabaseUrl};
pub use login::LoginStore;
