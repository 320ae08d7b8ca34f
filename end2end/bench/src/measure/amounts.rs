//! How often, and how much.

/// How often, and how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::Args)]
pub struct Amounts {
    /// Times that every decision is taken
    #[arg(long, default_value_t = 20)]
    pub decisions: u32,
    /// Shells to open on each path
    #[arg(long, default_value_t = 20)]
    pub shells: u32,
    /// Keystrokes on each path
    #[arg(long, default_value_t = 1_000)]
    pub keystrokes: u32,
    /// Zeros on each path, in MiB
    #[arg(long, default_value_t = 1_024)]
    pub bulk: u32,
    /// Lines on each path, in MiB
    #[arg(long, default_value_t = 256)]
    pub flood: u32,
    /// Floods to interrupt on each path
    #[arg(long, default_value_t = 15)]
    pub interrupts: u32,
    /// Floods to interrupt in Chromium
    #[arg(long, default_value_t = 50)]
    pub pressed: u32,
    /// Viewers that take nothing
    #[arg(long, default_value_t = 200)]
    pub viewers: u32,
    /// Cuts of a connection
    #[arg(long, default_value_t = 30)]
    pub cuts: u32,
    /// Reloads on each path
    #[arg(long, default_value_t = 5)]
    pub reloads: u32,
    /// Length of the long recording, in hours
    #[arg(long, default_value_t = 8)]
    pub hours: u32,
    /// Recordings to search
    #[arg(long, default_value_t = 1_000)]
    pub recordings: u32,
    /// Terminals at which somebody types
    #[arg(long, default_value_t = 500)]
    pub busy: u32,
    /// Idle terminals, 20 to a person
    #[arg(long, default_value_t = 1_000)]
    pub terminals: u32,
}

impl Amounts {
    /// Only a part of all but the length of the recording, and at least one of each.
    #[must_use]
    pub fn part(self, percent: u32) -> Self {
        let part = |amount: u32| (amount.saturating_mul(percent) / 100).max(1);
        Self {
            decisions: part(self.decisions),
            shells: part(self.shells),
            keystrokes: part(self.keystrokes),
            bulk: part(self.bulk),
            flood: part(self.flood),
            interrupts: part(self.interrupts),
            pressed: part(self.pressed),
            viewers: part(self.viewers),
            cuts: part(self.cuts),
            reloads: part(self.reloads),
            hours: self.hours,
            recordings: part(self.recordings),
            busy: part(self.busy),
            terminals: part(self.terminals),
        }
    }
}
