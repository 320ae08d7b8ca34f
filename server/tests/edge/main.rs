//! The router, over scripted use cases and a scripted provider.
#![allow(missing_docs, unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod assets;
mod events;
mod forms;
mod headers;
mod limits;
mod origin;
mod pages;
mod recordings;
mod routes;
mod serve;
mod sign_in;
mod terminal;
mod world;
