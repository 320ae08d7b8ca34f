//! The ways into a container that Shorepass is measured next to.

mod direct;
mod kubectl;

pub use direct::{Administrator, Direct};
pub use kubectl::Kubectl;
