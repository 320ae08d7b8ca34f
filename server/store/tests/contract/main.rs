//! What every store must do, on SQLite and on PostgreSQL.
//!
//! A test is an `async fn(Home)`, listed in its file's `on_both_databases!`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod access;
mod audit;
mod durability;
mod embedded;
mod home;
mod logins;
mod quorum;
mod reviews;
mod samples;
mod server;
mod strings;
mod writers;
