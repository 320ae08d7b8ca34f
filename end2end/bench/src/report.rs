//! Figures, and how they are shown.

use serde::Serialize;

/// As much is told of why something was not measured, in characters.
const LONGEST_REASON: usize = 80;

/// One measured value, next to what it is held against.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    what: String,
    unit: &'static str,
    shorepass: Value,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    baselines: Vec<Baseline>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<Target>,
}

/// The same without Shorepass, measured in the same run; or what its target is made of.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Baseline {
    of: &'static str,
    value: Value,
}

/// What was measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// In the figure's unit.
    Is(f64),
    /// Nothing, and why.
    Unknown(String),
}

/// What a figure should be, in its own unit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// This or less.
    AtMost(f64),
    /// This or more.
    AtLeast(f64),
}

impl Figure {
    /// A figure of Shorepass, alone.
    pub fn of(what: impl Into<String>, unit: &'static str, shorepass: impl Into<Value>) -> Self {
        let (what, shorepass) = (what.into(), shorepass.into());
        Self { what, unit, shorepass, baselines: Vec::new(), target: None }
    }

    /// Puts a baseline next to it; the first is the one that counts.
    #[must_use]
    pub fn beside(mut self, of: &'static str, value: impl Into<Value>) -> Self {
        self.baselines.push(Baseline { of, value: value.into() });
        self
    }

    /// Holds it against a target.
    #[must_use]
    pub fn should(self, target: Target) -> Self {
        Self { target: Some(target), ..self }
    }

    /// Its row, and one more for each further baseline.
    fn rows(&self) -> Vec<[String; 6]> {
        let Self { what, unit, shorepass, baselines, target } = self;
        let own = shorepass.words(unit);
        let (wanted, met) = match (target, shorepass) {
            (Some(Target::AtMost(most)), Value::Is(is)) => {
                (format!("≤ {}", short(*most)), is <= most)
            }
            (Some(Target::AtLeast(least)), Value::Is(is)) => {
                (format!("≥ {}", short(*least)), is >= least)
            }
            _ => (String::new(), true),
        };
        let met = if met { "" } else { "missed" }.to_owned();
        let mut beside = baselines.iter().map(|baseline| baseline.cells(shorepass));
        let [first, ratio] = beside.next().unwrap_or_default();
        let mut rows = vec![[what.clone(), own, first, ratio, wanted, met]];
        let more = |[baseline, ratio]: [String; 2]| {
            let [one, two, five, six] = [const { String::new() }; 4];
            [one, two, baseline, ratio, five, six]
        };
        rows.extend(beside.map(more));
        rows
    }
}

impl Baseline {
    /// What it is, and how many times this Shorepass' figure is.
    fn cells(&self, shorepass: &Value) -> [String; 2] {
        let ratio = match (shorepass, &self.value) {
            (Value::Is(ours), Value::Is(theirs)) if *theirs > 0.0 => {
                format!("{:.2}", ours / theirs)
            }
            _ => String::new(),
        };
        [format!("{} {}", self.of, self.value.words("")), ratio]
    }
}

impl Value {
    fn words(&self, unit: &str) -> String {
        match self {
            Self::Is(value) => format!("{} {unit}", short(*value)).trim_end().to_owned(),
            // It stands in a cell.
            Self::Unknown(why) => {
                let why = why.replace('|', "/").split_whitespace().collect::<Vec<_>>().join(" ");
                format!("not measured: {}", why.chars().take(LONGEST_REASON).collect::<String>())
            }
        }
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Is(value)
    }
}

impl From<anyhow::Result<f64>> for Value {
    fn from(measured: anyhow::Result<f64>) -> Self {
        measured.map_or_else(|why| Self::Unknown(format!("{why:#}")), Self::Is)
    }
}

/// A table, for a terminal and for Markdown alike.
pub fn table(figures: &[Figure]) -> String {
    let titles = ["", "Shorepass", "baseline", "ratio", "target", ""].map(str::to_owned);
    let mut rows: Vec<_> = figures.iter().flat_map(Figure::rows).collect();
    rows.insert(0, titles);
    let width = |column: usize| {
        rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default()
    };
    let widths: [usize; 6] = std::array::from_fn(width);
    rows.insert(1, widths.map(|width| "-".repeat(width)));
    let line = |row: &[String; 6]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!(" {cell:<width$} |"));
        format!("|{}\n", cells.collect::<String>())
    };
    rows.iter().map(line).collect()
}

/// Three digits that count, or whole numbers.
fn short(value: f64) -> String {
    match value.abs() {
        small if small < 10.0 => format!("{value:.2}"),
        middle if middle < 100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missed_target_is_said_and_so_is_why_nothing_was_measured() {
        let figures = [
            Figure::of("echo added", "ms", 0.912)
                .beside("one fdatasync", 0.5)
                .should(Target::AtMost(0.8)),
            Figure::of("speed", "MiB/s", 41.26)
                .beside("direct exec", 40.0)
                .beside("WeTTY", Err(anyhow::anyhow!("no npm")))
                .should(Target::AtLeast(38.0)),
            Figure::of("page", "kB", 1_234.5),
        ];
        assert_eq!(
            table(&figures),
            "\
|            | Shorepass  | baseline                   | ratio | target |        |
| ---------- | ---------- | -------------------------- | ----- | ------ | ------ |
| echo added | 0.91 ms    | one fdatasync 0.50         | 1.82  | ≤ 0.80 | missed |
| speed      | 41.3 MiB/s | direct exec 40.0           | 1.03  | ≥ 38.0 |        |
|            |            | WeTTY not measured: no npm |       |        |        |
| page       | 1234 kB    |                            |       |        |        |
"
        );
    }
}
