//! What breaks beside a portal, and what must hold then; `end2end/stand/cluster` runs these tests.
//!
//! `FAULTS_CUTS`, `FAULTS_KILLS` and `FAULTS_SESSIONS` say how often and under how much; each test
//! says its seed, and `FAULTS_SEED` repeats one.

#[cfg(test)]
mod cuts;
#[cfg(test)]
mod full;
#[cfg(test)]
mod kills;
#[cfg(test)]
mod partition;
#[cfg(test)]
mod replicas;
#[cfg(test)]
#[path = "../../../../server/store/tests/contract/home/server.rs"]
mod server;
#[cfg(test)]
mod standstill;
#[cfg(test)]
mod support;
#[cfg(test)]
mod viewers;
