//! The cluster crate against an API server that does as each scenario says, strange things too.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod life;
#[cfg(test)]
mod server;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod streams;
