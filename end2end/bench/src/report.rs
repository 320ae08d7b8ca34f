//! Figures, and how they are shown.

use serde::Serialize;

/// One measured value, next to what it is held against.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    what: &'static str,
    unit: &'static str,
    shorepass: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<Baseline>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<Target>,
}

/// The same without Shorepass, measured in the same run; or what its target is made of.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
struct Baseline {
    of: &'static str,
    value: f64,
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
    pub fn of(what: &'static str, unit: &'static str, shorepass: f64) -> Self {
        Self { what, unit, shorepass, baseline: None, target: None }
    }

    /// Puts a baseline next to it.
    #[must_use]
    pub fn beside(self, of: &'static str, value: f64) -> Self {
        Self { baseline: Some(Baseline { of, value }), ..self }
    }

    /// Holds it against a target.
    #[must_use]
    pub fn should(self, target: Target) -> Self {
        Self { target: Some(target), ..self }
    }

    fn row(&self) -> [String; 6] {
        let Self { what, unit, shorepass, baseline, target } = self;
        let ratio = baseline.filter(|baseline| baseline.value > 0.0);
        let ratio = ratio.map(|baseline| format!("{:.2}", shorepass / baseline.value));
        let (wanted, met) = match target {
            Some(Target::AtMost(most)) => (format!("≤ {}", short(*most)), *shorepass <= *most),
            Some(Target::AtLeast(least)) => (format!("≥ {}", short(*least)), *shorepass >= *least),
            None => (String::new(), true),
        };
        [
            (*what).to_owned(),
            format!("{} {unit}", short(*shorepass)),
            baseline.map(|by| format!("{} {}", by.of, short(by.value))).unwrap_or_default(),
            ratio.unwrap_or_default(),
            wanted,
            if met { "" } else { "missed" }.to_owned(),
        ]
    }
}

/// A table, for a terminal and for Markdown alike.
pub fn table(figures: &[Figure]) -> String {
    let titles = ["", "Shorepass", "baseline", "ratio", "target", ""].map(str::to_owned);
    let mut rows: Vec<_> = figures.iter().map(Figure::row).collect();
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
    fn a_missed_target_is_said() {
        let figures = [
            Figure::of("echo added", "ms", 0.912)
                .beside("one fdatasync", 0.5)
                .should(Target::AtMost(0.8)),
            Figure::of("speed", "MiB/s", 41.26)
                .beside("direct exec", 40.0)
                .should(Target::AtLeast(38.0)),
            Figure::of("page", "kB", 1_234.5),
        ];
        assert_eq!(
            table(&figures),
            "\
|            | Shorepass  | baseline           | ratio | target |        |
| ---------- | ---------- | ------------------ | ----- | ------ | ------ |
| echo added | 0.91 ms    | one fdatasync 0.50 | 1.82  | ≤ 0.80 | missed |
| speed      | 41.3 MiB/s | direct exec 40.0   | 1.03  | ≥ 38.0 |        |
| page       | 1234 kB    |                    |       |        |        |
"
        );
    }
}
