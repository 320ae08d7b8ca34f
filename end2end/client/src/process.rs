//! What the kernel knows of a process (proc(5)).

use std::fs;
use std::time::Duration;

use anyhow::Context as _;

/// A running process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Process(
    /// Its id.
    pub u32,
);

impl Process {
    /// The processor time it has used, in user and system mode; in steps of 10 ms.
    ///
    /// # Errors
    /// When it is gone.
    pub fn processor_time(self) -> anyhow::Result<Duration> {
        let fields = self.stat()?;
        let mut fields = fields.split(' ').skip(11);
        let mut ticks = || fields.next()?.parse::<u64>().ok();
        let (user, system) = ticks().zip(ticks()).context("it lacks fields")?;
        #[expect(clippy::cast_precision_loss, reason = "a run has few ticks")]
        let seconds = (user + system) as f64 / rustix::param::clock_ticks_per_second() as f64;
        Ok(Duration::from_secs_f64(seconds))
    }

    /// Its memory that is in RAM, in bytes.
    ///
    /// # Errors
    /// When it is gone.
    pub fn resident(self) -> anyhow::Result<u64> {
        let status = self.read("status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
        let kibibytes = kibibytes.and_then(|number| number.parse::<u64>().ok());
        Ok(kibibytes.context("it has no memory")? * 1_024)
    }

    /// This process and those that it started, and they in turn.
    ///
    /// # Errors
    /// When there is no list of processes.
    pub fn family(self) -> anyhow::Result<Vec<Self>> {
        let processes = fs::read_dir("/proc").context("there is no list of processes")?;
        let processes =
            processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        // One that has ended meanwhile has no parent any more.
        let parents: Vec<_> = processes
            .map(Process)
            .filter_map(|process| Some((process, process.parent().ok()?)))
            .collect();
        let mut family = vec![self];
        let mut looked_at = 0;
        while let Some(parent) = family.get(looked_at).copied() {
            family.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(child, _)| *child));
            looked_at += 1;
        }
        Ok(family)
    }

    fn parent(self) -> anyhow::Result<Self> {
        let fields = self.stat()?;
        let parent = fields.split(' ').nth(1).context("it lacks fields")?;
        Ok(Self(parent.parse()?))
    }

    /// What its `stat` says behind its name, which may hold anything, blanks and brackets too.
    fn stat(self) -> anyhow::Result<String> {
        let stat = self.read("stat")?;
        let (_, fields) = stat.rsplit_once(") ").context("this is no process' stat")?;
        Ok(fields.to_owned())
    }

    fn read(self, file: &str) -> anyhow::Result<String> {
        let path = format!("/proc/{}/{file}", self.0);
        fs::read_to_string(&path).with_context(|| format!("{path} cannot be read"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_knows_this_process() {
        let this = Process(std::process::id());
        assert!(this.resident().unwrap() > 100_000);
        let before = this.processor_time().unwrap();
        let mut busy = 0_u64;
        while this.processor_time().unwrap() < before + Duration::from_millis(20) {
            busy += 1;
        }
        assert!(busy > 0);
    }

    #[test]
    fn a_family_is_a_process_with_what_it_started() {
        let this = Process(std::process::id());
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let family = this.family().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(family.contains(&this) && family.contains(&Process(child.id())));
        assert!(!family.contains(&this.parent().unwrap()));
    }
}
