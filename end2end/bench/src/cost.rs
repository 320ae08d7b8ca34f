//! What a process and those that it started have used.

use std::time::Duration;

use client::process::Process;

/// Processor time of a process and its family. One that ended meanwhile is not counted.
///
/// # Errors
/// When there is no list of processes.
pub(crate) fn processor_time(of: Process) -> anyhow::Result<Duration> {
    let family = of.family()?.into_iter();
    Ok(family.filter_map(|process| process.processor_time().ok()).sum())
}

/// Memory of a process and its family that is in RAM, in bytes. Pages that they share are counted
/// for each of them.
///
/// # Errors
/// When there is no list of processes.
pub(crate) fn resident(of: Process) -> anyhow::Result<u64> {
    let family = of.family()?.into_iter();
    Ok(family.filter_map(|process| process.resident().ok()).sum())
}
