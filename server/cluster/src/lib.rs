//! Kubernetes: the only crate that names kube or k8s-openapi.
//!
//! [`connect()`] makes a [`Kubernetes`], which is the broker's port `Cluster`. Two wrappers share
//! one client, and nothing else can reach it: `watch::Observer` reads namespaces and pods and asks
//! who may do what, as the portal itself; `exec::Impersonator` reaches containers and cannot be
//! called without an `Identity`, which only a believed, signed grant becomes. [`onboard`] prints
//! what an operator applies, [`Kubernetes::self_test`] looks whether the portal was given more than
//! that.
//!
//! A new thing done for a person is a method of the port, a file beside `exec`, and goes through
//! the impersonator; its right is added in `onboard::rules`.

mod access_review;
mod connect;
mod exec;
mod identity;
mod kubernetes;
pub mod onboard;
mod powers;
mod self_test;
mod transport;
mod user_prefix;
mod watch;

pub use connect::{ConnectError, Settings, connect};
pub use kubernetes::Kubernetes;
pub use self_test::{Finding, SelfTestFailed};
pub use user_prefix::{BadUserPrefix, UserPrefix};
