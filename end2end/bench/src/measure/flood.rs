//! Floods of output through a pod's terminal, in turns with the other ways: zeros, which a terminal
//! passes as they are, and lines, whose ends it changes.

use std::time::Duration;

use anyhow::{bail, ensure};
use bytes::Bytes;
use client::process::Process;
use client::{Screen, Shell, Stopwatch};

use super::Stage;
use super::rival::{Rival, beside};
use crate::cost;
use crate::report::{Figure, Target};
use crate::way::{Opened, Way};

/// Turns, so that whatever else the machine does is shared.
const TURNS: u32 = 4;
const MIB: u64 = 1024 * 1024;
/// The least part of the direct way's speed.
const SHARE: f64 = 0.95;
/// The most processor time for each GiB, in seconds.
const PROCESSOR: f64 = 2.5;
/// Compared at once, in bytes.
const LARGEST: usize = 64 * 1024;
/// A line as a program writes it; with its end it is 64 bytes long.
const LINE: &str = "a line of a flood, as long as those that programs often write..";

/// What is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Zeros,
    Lines,
}

/// What one path took.
#[derive(Debug, Default, Clone, Copy)]
struct Taken {
    mebibytes: u32,
    time: Duration,
    processor: Duration,
    /// Bytes for which a screen came instead.
    skipped: u64,
}

pub(super) async fn measure(stage: &Stage, zeros: u32, lines: u32) -> anyhow::Result<Vec<Figure>> {
    let mut figures = of(stage, Kind::Zeros, zeros).await?;
    figures.extend(of(stage, Kind::Lines, lines).await?);
    Ok(figures)
}

async fn of(stage: &Stage, kind: Kind, mebibytes: u32) -> anyhow::Result<Vec<Figure>> {
    let portal = stage.stand.process()?;
    let mut rivals =
        Rival::each(stage, &Way::ALL, async |opened| Ok((opened, Taken::default()))).await;
    let mut taken = Taken::default();
    for _ in 0..TURNS {
        let size = (mebibytes / TURNS).max(1);
        // A terminal at which nobody sits while the others take their turn is hung up on.
        let (session, mut ours) = stage.shorepass().await?;
        ours.shell.count_screens();
        taken.add(flood(&mut ours, kind, size, Some(portal)).await?);
        stage.ana.end(session).await?;
        for rival in &mut rivals {
            let part = part(rival.way, kind);
            rival
                .turn(async |(Opened { screen, carrier }, taken)| {
                    taken.add(flood(screen, kind, (size / part?).max(1), *carrier).await?);
                    Ok(())
                })
                .await;
        }
    }
    for rival in &mut rivals {
        rival.turn(async |(opened, _)| opened.screen.enters("exit").await).await;
    }

    let direct = rivals[0].value(|(_, taken)| taken.speed())?;
    let (name, size) = (kind.name(), taken.mebibytes);
    let speed = Figure::of(format!("{name}, speed"), "MiB/s", taken.speed())
        .should(Target::AtLeast(SHARE * direct));
    let processor = Figure::of(format!("{name}, processor"), "s/GiB", taken.each_gib());
    let processor = match kind {
        Kind::Zeros => processor.should(Target::AtMost(PROCESSOR)),
        Kind::Lines => processor,
    };
    // Nothing carries the direct way but the client that measures.
    let carried = &rivals[1..];
    Ok(vec![
        Figure::of(format!("{name}, {size} MiB"), "s", taken.time.as_secs_f64()),
        Figure::of(format!("{name}, shown as it was printed"), "%", taken.shown()),
        beside(speed, &rivals, |(_, taken)| taken.speed()),
        beside(processor, carried, |(_, taken)| taken.each_gib()),
    ])
}

/// Slow ways get a part of what the others do: what is told is for each second, and each GiB.
fn part(way: Way, kind: Kind) -> anyhow::Result<u32> {
    match (way, kind) {
        (Way::Direct | Way::Kubectl, _) => Ok(1),
        (Way::Bridge, _) | (Way::Wetty, Kind::Lines) => Ok(8),
        (Way::Wetty, Kind::Zeros) => bail!("it writes each zero as six letters of JSON"),
    }
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Zeros => "bulk",
            Self::Lines => "flood",
        }
    }

    /// Prints so much.
    fn command(self, mebibytes: u32) -> String {
        match self {
            Self::Zeros => format!("dd if=/dev/zero bs=65536 count={} 2>/dev/null", mebibytes * 16),
            Self::Lines => format!("yes '{LINE}' | head -c {}", u64::from(mebibytes) * MIB),
        }
    }

    /// What comes again and again, and how often.
    fn pattern(self, mebibytes: u32) -> (Vec<u8>, u64) {
        let bytes = u64::from(mebibytes) * MIB;
        match self {
            Self::Zeros => (vec![0], bytes),
            Self::Lines => (format!("{LINE}\r\n").into_bytes(), bytes / (LINE.len() as u64 + 1)),
        }
    }
}

impl Taken {
    fn add(&mut self, more: Self) {
        self.mebibytes += more.mebibytes;
        self.time += more.time;
        self.processor += more.processor;
        self.skipped += more.skipped;
    }

    fn speed(&self) -> f64 {
        f64::from(self.mebibytes) / self.time.as_secs_f64()
    }

    /// What came as it was printed, in percent.
    fn shown(&self) -> f64 {
        let bytes = u64::from(self.mebibytes) * MIB;
        #[expect(clippy::cast_precision_loss, reason = "floods are below 2^53 bytes")]
        let skipped = self.skipped as f64 / bytes as f64;
        100.0 * (1.0 - skipped)
    }

    fn each_gib(&self) -> f64 {
        self.processor.as_secs_f64() * 1_024.0 / f64::from(self.mebibytes)
    }
}

/// Lets a pod print, and holds every byte that comes against what should.
async fn flood<S: Shell>(
    screen: &mut Screen<S>,
    kind: Kind,
    mebibytes: u32,
    carrier: Option<Process>,
) -> anyhow::Result<Taken> {
    let used = || carrier.map(cost::processor_time).transpose().map(Option::unwrap_or_default);
    let (unit, times) = kind.pattern(mebibytes);
    let length = unit.len() as u64 * times;
    let mut expected = Expected { repeated: unit.repeat(LARGEST / unit.len() + 2), unit, at: 0 };
    let (before, mut skipped) = (used()?, 0);
    let began = Stopwatch::start();
    screen.enters(&format!("echo beg''in; {}", kind.command(mebibytes))).await?;
    screen.sees("begin\r\n").await?;
    let mut output = Bytes::from(screen.unseen());
    loop {
        let left = usize::try_from(length.saturating_sub(expected.at))?.min(output.len());
        let rest = output.split_off(left);
        expected.takes(&output)?;
        if expected.at >= length {
            ensure!(rest.first() != expected.unit.first(), "more comes than was printed");
            break;
        }
        output = screen.shell.output().await?;
        let missed = screen.shell.skipped();
        (skipped, expected.at) = (skipped + missed, expected.at + missed);
    }
    let processor = used()?.saturating_sub(before);
    let taken = Taken { mebibytes, time: began.read(), processor, skipped };
    screen.enters("echo don''e").await?;
    screen.sees("done\r\n").await?;
    screen.prompt().await?;
    Ok(taken)
}

/// A pattern that is repeated, and how far it has come.
struct Expected {
    unit: Vec<u8>,
    repeated: Vec<u8>,
    at: u64,
}

impl Expected {
    fn takes(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        for bytes in bytes.chunks(LARGEST) {
            let begins = usize::try_from(self.at % self.unit.len() as u64)?;
            let expected = &self.repeated[begins..begins + bytes.len()];
            ensure!(bytes == expected, "what came behind byte {} is not what was printed", self.at);
            self.at += bytes.len() as u64;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_of_a_flood_counts() {
        let (unit, times) = Kind::Lines.pattern(1);
        assert_eq!((unit.len(), times), (65, 16_384));
        let all = unit.repeat(3_000);
        let mut expected = Expected { repeated: unit.repeat(LARGEST / 65 + 2), unit, at: 0 };
        let (first, mut second) = (all[..100].to_vec(), all[100..].to_vec());
        expected.takes(&first).unwrap();
        second[150_000] ^= 1;
        assert!(expected.takes(&second).is_err());
    }
}
