//! A flood of output through a pod's terminal, in turns with the direct way and with kubectl.

use std::time::Duration;

use anyhow::ensure;
use client::process::Process;
use client::{Screen, Shell, Stopwatch};

use super::Stage;
use crate::report::{Figure, Target};

/// Turns, so that whatever else the machine does is shared.
const TURNS: u32 = 4;
const MIB: u64 = 1024 * 1024;
/// The least part of the direct way's speed.
const SHARE: f64 = 0.95;
/// The most processor time for each GiB, in seconds.
const PROCESSOR: f64 = 2.5;

/// What one path took.
#[derive(Debug, Default, Clone, Copy)]
struct Taken {
    time: Duration,
    processor: Duration,
}

pub(super) async fn measure(stage: &Stage, mebibytes: u32) -> anyhow::Result<Vec<Figure>> {
    let portal = stage.stand.process()?;
    let (session, mut ours) = stage.shorepass().await?;
    let mut direct = stage.direct().await?;
    let mut kubectl = stage.kubectl().await?;
    let process = kubectl.shell.process()?;

    let size = mebibytes / TURNS;
    let [mut by_ours, mut by_direct, mut by_kubectl] = [Taken::default(); 3];
    for _ in 0..TURNS {
        by_ours.add(flood(&mut ours, size, Some(portal)).await?);
        by_direct.add(flood(&mut direct, size, None).await?);
        by_kubectl.add(flood(&mut kubectl, size, Some(process)).await?);
    }
    kubectl.leave().await?;
    direct.leave().await?;
    stage.ana.end(session).await?;

    let size = f64::from(size * TURNS);
    let speed = |taken: Taken| size / taken.time.as_secs_f64();
    let each_gib = |taken: Taken| taken.processor.as_secs_f64() * 1_024.0 / size;
    let least = Target::AtLeast(SHARE * speed(by_direct));
    Ok(vec![
        Figure::of("flood", "s", by_ours.time.as_secs_f64())
            .beside("direct exec", by_direct.time.as_secs_f64()),
        Figure::of("flood, speed", "MiB/s", speed(by_ours))
            .beside("direct exec", speed(by_direct))
            .should(least),
        Figure::of("flood, speed", "MiB/s", speed(by_ours))
            .beside("kubectl exec", speed(by_kubectl)),
        Figure::of("flood, processor", "s/GiB", each_gib(by_ours))
            .beside("kubectl exec", each_gib(by_kubectl))
            .should(Target::AtMost(PROCESSOR)),
    ])
}

impl Taken {
    fn add(&mut self, more: Self) {
        self.time += more.time;
        self.processor += more.processor;
    }
}

/// Lets a pod print zeros, which its terminal passes as they are, and counts them.
async fn flood<S: Shell>(
    screen: &mut Screen<S>,
    mebibytes: u32,
    process: Option<Process>,
) -> anyhow::Result<Taken> {
    let used = || process.map(Process::processor_time).transpose().map(Option::unwrap_or_default);
    let expected = u64::from(mebibytes) * MIB;
    let before = used()?;
    let began = Stopwatch::start();
    screen
        .enters(&format!("dd if=/dev/zero bs=65536 count={} 2>/dev/null", mebibytes * 16))
        .await?;
    let mut zeros = 0;
    while zeros < expected {
        let output = screen.shell.output().await?;
        zeros += output.iter().map(|byte| u64::from(*byte == 0)).sum::<u64>();
    }
    let taken = Taken { time: began.read(), processor: used()?.saturating_sub(before) };
    ensure!(zeros == expected, "{zeros} zeros arrived instead of {expected}");
    screen.enters("echo don''e").await?;
    screen.sees("done\r\n").await?;
    Ok(taken)
}
