//! How much work an emulator may still do.

use avt::parser::{DecMode, Function};
use avt::{Observation, Observer, Operation};

/// How many cells are cleared or moved in the time in which one character is written.
const CELLS: u64 = 16;

/// Counts work: a few bytes of hostile output can ask for very much of it.
pub(super) struct Meter {
    left: u64,
}

impl Meter {
    pub(super) fn new(work: u64) -> Self {
        Self { left: work }
    }

    pub(super) fn is_spent(&self) -> bool {
        self.left == 0
    }
}

impl Observer for Meter {
    type Output = ();

    fn before(&mut self, context: &mut Observation<'_>, operation: &Operation) {
        self.left = self.left.saturating_sub(cost(operation, context.terminal().size()));
    }

    fn end(&mut self, _: &mut Observation<'_>) {}
}

/// About how many characters could be written instead.
fn cost(operation: &Operation, (columns, rows): (usize, usize)) -> u64 {
    let line = columns as u64 / CELLS + 1;
    let screen = line * rows as u64;
    let Operation::Function(function) = operation else { return screen };
    match function {
        Function::Rep(count) => u64::from(*count) + 1,
        Function::Lf
        | Function::Nel
        | Function::Ri
        | Function::El(_)
        | Function::Ich(_)
        | Function::Dch(_)
        | Function::Ech(_) => line,
        Function::Su(_)
        | Function::Sd(_)
        | Function::Il(_)
        | Function::Dl(_)
        | Function::Ed(_)
        | Function::Ris
        | Function::Decaln => screen,
        Function::Decset(modes) | Function::Decrst(modes) => {
            let switches = modes.as_slice().iter().filter(|mode| {
                matches!(mode, DecMode::AltScreenBuffer | DecMode::SaveCursorAltScreenBuffer)
            });
            switches.count() as u64 * screen + 1
        }
        _ => 1,
    }
}
