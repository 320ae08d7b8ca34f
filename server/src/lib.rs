//! The portal as one program: its HTTP edge, and what puts the parts together.

mod checkpoint;
pub mod command;
pub mod compose;
pub mod config;
pub mod http;
mod jobs;
mod lifecycle;
mod policy_files;
mod telemetry;
