//! Modes of a terminal that change nothing on its screen, and how typing and clicking are sent.

/// Private modes (DECSET, <https://invisible-island.net/xterm/ctlseqs/ctlseqs.html>): the mouse's,
/// focus reports, and bracketed paste.
const KEPT: [u16; 10] = [9, 1000, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 2004];
/// Which of them are on.
#[derive(Debug, Default)]
pub(super) struct Modes {
    on: [bool; KEPT.len()],
    keypad: bool,
    place: Place,
    /// Numbers of the sequence that is read, as places in `KEPT`.
    named: [bool; KEPT.len()],
}

/// How far a sequence is read.
#[derive(Debug, Default, Clone, Copy)]
enum Place {
    #[default]
    Text,
    Escape,
    Control,
    Private(u16),
}

impl Modes {
    /// Follows what a terminal is told.
    pub(super) fn follow(&mut self, text: &str) {
        for letter in text.chars() {
            self.place = self.step(letter);
        }
    }

    fn step(&mut self, letter: char) -> Place {
        match (self.place, letter) {
            (_, '\x1b') => return Place::Escape,
            (_, '\u{9b}') | (Place::Escape, '[') => return Place::Control,
            (Place::Escape, 'c') => *self = Self::default(),
            (Place::Escape, '=') => self.keypad = true,
            (Place::Escape, '>') => self.keypad = false,
            (Place::Control, '?') => {
                self.named = Default::default();
                return Place::Private(0);
            }
            (Place::Private(number), '0'..='9') => {
                let digit = letter as u16 - '0' as u16;
                return Place::Private(number.saturating_mul(10).saturating_add(digit));
            }
            (Place::Private(number), ';') => {
                self.name(number);
                return Place::Private(0);
            }
            (Place::Private(number), 'h' | 'l') => {
                self.name(number);
                for (on, named) in self.on.iter_mut().zip(self.named) {
                    *on = if named { letter == 'h' } else { *on };
                }
            }
            _ => {}
        }
        Place::Text
    }

    fn name(&mut self, number: u16) {
        if let Some(place) = KEPT.iter().position(|kept| *kept == number) {
            self.named[place] = true;
        }
    }

    /// What switches on, on a fresh terminal, what is on here.
    pub(super) fn sequences(&self) -> String {
        let on = KEPT.iter().zip(self.on).filter(|(_, on)| *on);
        let mut sequences: Vec<_> = on.map(|(number, _)| format!("\x1b[?{number}h")).collect();
        sequences.extend(self.keypad.then(|| "\x1b=".to_owned()));
        sequences.concat()
    }
}
