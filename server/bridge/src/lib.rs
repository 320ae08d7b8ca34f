//! Carries a session between its shell, its record and its viewers, and ends it in time.
//!
//! ```text
//! shell output ─▶ tape ─(durable)─▶ viewer, each at its own place
//! shell input  ◀─ inbox ◀────────── the one viewer that writes
//! ```
//!
//! A session belongs to the server, not to a socket: one task moves bytes between
//! the shell and the tape, and each viewer is served by the task that attached it. A viewer never
//! gets bytes from the shell, it reads what is durable from the tape, as far as its credit goes: so
//! nothing is seen that is not recorded, and who reads slowly costs nobody else anything.
//!
//! Every way in which a session ends meets in its fate. The deadline is checked on
//! every read and write, and by a thread that does not depend on the runtime (`watchdog`).
//!
//! A new thing that viewers are told is a message of `domain::wire` and a branch in
//! `viewer`'s loop; a new way to end is a `SessionEnd` and a branch where the session's task selects.
//!
//! Deliberately absent: Kubernetes, sockets, and any knowledge of who may do what.

mod fate;
mod presence;
mod pump;
mod roster;
mod session;
mod shell;
mod viewer;
mod watchdog;

#[cfg(test)]
mod tests;

pub use pump::Pump;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks; what a panicked thread left behind is still whole, since each change is one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
