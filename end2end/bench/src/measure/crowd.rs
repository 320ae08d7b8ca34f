//! Many terminals at once: what a keystroke costs, and what an idle terminal does.

mod idler;
mod seats;

use std::time::Duration;

use client::process::Process;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use tokio::time::sleep;

use self::idler::{Idler, TO_A_PERSON};
use self::seats::Seats;
use super::Stage;
use crate::cost;
use crate::report::{Figure, Target, Value};
use crate::way::Way;

/// People who open terminals at the same time: a node starts few processes at once.
const AT_ONCE: usize = 4;
/// Long enough for what opening used to be given back, and for a ping to be answered.
const SETTLES: Duration = Duration::from_secs(10);
const KIB: f64 = 1_024.0;
/// The most for each terminal, in KiB.
const MOST: f64 = 48.0;
/// Terminals of the other ways, at most: one of theirs costs as much as many.
const OF_BRIDGE: u32 = 100;
const OF_WETTY: u32 = 5;
/// Keys that are typed at each terminal. Processor time is told in steps of 10 ms, so one terminal's
/// few keys say nothing.
const KEYS: u32 = 20;

/// What one terminal costs.
#[derive(Debug, Clone, Copy)]
struct Cost {
    /// Bytes.
    memory: f64,
    /// For each keystroke.
    processor: Duration,
}

/// The terminals stay open: they end with the stand, which is quicker than one after the other, so
/// this is measured last.
pub(super) async fn measure(
    stage: &Stage,
    busy: u32,
    terminals: u32,
) -> anyhow::Result<Vec<Figure>> {
    let bridge = by(stage, Way::Bridge, OF_BRIDGE.min(terminals)).await;
    let wetty = by(stage, Way::Wetty, OF_WETTY.min(terminals)).await;
    let kubectl = by(stage, Way::Kubectl, 1).await;

    let mut idlers = Vec::new();
    for number in 0..terminals.div_ceil(TO_A_PERSON) {
        idlers.push(Idler::arrive(stage, &format!("idler-{number}")).await?);
    }
    let process = stage.stand.process()?;
    sleep(SETTLES).await;
    let before = process.resident()?;

    let mut seats = Seats::default();
    let shares = (0..terminals).step_by(TO_A_PERSON as usize);
    let shares = shares.map(|begun| (terminals - begun).min(TO_A_PERSON));
    let mut idlers = stream::iter(idlers.iter().zip(shares))
        .map(|(idler, count)| idler.open(count))
        .buffer_unordered(AT_ONCE);
    let mut processor = None;
    while let Some(opened) = idlers.try_next().await? {
        seats.extend(opened);
        if processor.is_none() && seats.count() >= busy {
            processor = Some((seats.count(), keystroke(&mut seats, process).await?));
        }
    }
    sleep(SETTLES).await;
    #[expect(clippy::cast_precision_loss, reason = "memory is below 2^53 bytes")]
    let grown = process.resident()?.saturating_sub(before) as f64;
    let count = seats.count();

    let memory = |cost: &anyhow::Result<Cost>| value(cost, |cost| cost.memory / KIB);
    let typing =
        |cost: &anyhow::Result<Cost>| value(cost, |cost| cost.processor.as_secs_f64() * 1_000.0);
    let mut figures = Vec::new();
    if let Some((count, processor)) = processor {
        let name = format!("processor for a keystroke, {count} terminals");
        let figure = Figure::of(name, "ms", processor.as_secs_f64() * 1_000.0)
            .beside("naive bridge, 100 at most", typing(&bridge))
            .beside("WeTTY, 5 at most", typing(&wetty));
        figures.push(figure);
    }
    let each = grown / KIB / f64::from(count);
    let figure = Figure::of(format!("memory of an idle terminal, of {count}"), "KiB", each)
        .beside("kubectl exec, 1", memory(&kubectl))
        .beside("naive bridge, 100 at most", memory(&bridge))
        .beside("WeTTY, 5 at most", memory(&wetty))
        .should(Target::AtMost(MOST));
    figures.push(figure);
    Ok(figures)
}

fn value(cost: &anyhow::Result<Cost>, read: impl Fn(&Cost) -> f64) -> Value {
    let read = cost.as_ref().map(read);
    Value::from(read.map_err(|cause| anyhow::anyhow!("{cause:#}")))
}

/// What terminals of another way cost; one that was opened before is not counted, unless each has
/// a process of its own.
async fn by(stage: &Stage, way: Way, count: u32) -> anyhow::Result<Cost> {
    let first = stage.ways.open(way).await?;
    let carrier = first.carrier.ok_or_else(|| anyhow::anyhow!("nothing carries it"))?;
    sleep(SETTLES).await;
    let (mut seats, mut before) = (Seats::default(), 0);
    if way == Way::Kubectl {
        seats.extend([first.screen.shell]);
    } else {
        before = cost::resident(carrier)?;
        seats.sit_by(first.screen.shell);
        for _ in 0..count {
            seats.extend([stage.ways.open(way).await?.screen.shell]);
        }
    }
    sleep(SETTLES).await;
    #[expect(clippy::cast_precision_loss, reason = "memory is below 2^53 bytes")]
    let grown = cost::resident(carrier)?.saturating_sub(before) as f64;
    let memory = grown / f64::from(seats.count());
    Ok(Cost { memory, processor: keystroke(&mut seats, carrier).await? })
}

/// Types at all of them, and says what each keystroke cost.
async fn keystroke(seats: &mut Seats, process: Process) -> anyhow::Result<Duration> {
    let before = cost::processor_time(process)?;
    seats.type_keys(KEYS).await?;
    let used = cost::processor_time(process)?.saturating_sub(before);
    Ok(used / (KEYS * seats.count()))
}
