//! Lengths of time as people write and read them.

use std::time::Duration;

/// Reads `90s`, `15m`, `2h`, `1d` and sums such as `1h 30m`.
///
/// # Errors
/// The problem in words: not a length, zero, or parts of a second.
pub fn parse(text: &str) -> Result<Duration, String> {
    let mut total = 0_u64;
    let mut digits = String::new();
    let wrong = || format!("{text:?} is not a length of time such as 30m or 1h 30m");
    for character in text.trim().chars() {
        match character {
            '0'..='9' if digits.len() < 9 => digits.push(character),
            ' ' if digits.is_empty() => {}
            's' | 'm' | 'h' | 'd' if !digits.is_empty() => {
                let count: u64 = digits.parse().map_err(|_| wrong())?;
                total = total.saturating_add(count * seconds(character));
                digits.clear();
            }
            _ => return Err(wrong()),
        }
    }
    if !digits.is_empty() {
        return Err(wrong());
    }
    if total == 0 {
        Err("must be longer than nothing".to_owned())
    } else {
        Ok(Duration::from_secs(total))
    }
}

fn seconds(unit: char) -> u64 {
    match unit {
        'd' => 86_400,
        'h' => 3_600,
        'm' => 60,
        _ => 1,
    }
}

/// Says a length in at most two units: `1 h 30 min`, `12 min`, `45 s`.
pub fn words(length: Duration) -> String {
    let total = length.as_secs();
    let (days, hours, minutes, rest) =
        (total / 86_400, total % 86_400 / 3_600, total % 3_600 / 60, total % 60);
    let parts = [(days, "d"), (hours, "h"), (minutes, "min"), (rest, "s")];
    let Some(first) = parts.iter().position(|(count, _)| *count > 0) else {
        return "0 s".to_owned();
    };
    parts[first..]
        .iter()
        .take(2)
        .filter(|(count, _)| *count > 0)
        .map(|(count, unit)| format!("{count} {unit}"))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Writes a length as it would be typed: `1h 30m`.
pub fn short(length: Duration) -> String {
    let total = length.as_secs();
    let parts = [
        (total / 86_400, 'd'),
        (total % 86_400 / 3_600, 'h'),
        (total % 3_600 / 60, 'm'),
        (total % 60, 's'),
    ];
    let typed = parts.iter().filter(|(count, _)| *count > 0);
    typed.map(|(count, unit)| format!("{count}{unit}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_and_said() {
        for (text, seconds, said) in [
            ("90s", 90, "1 min 30 s"),
            ("15m", 900, "15 min"),
            ("1h 30m", 5_400, "1 h 30 min"),
            ("1h30m", 5_400, "1 h 30 min"),
            ("1d", 86_400, "1 d"),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_secs(seconds)));
            assert_eq!(words(Duration::from_secs(seconds)), said);
            assert_eq!(parse(&short(Duration::from_secs(seconds))), parse(text));
        }
    }

    #[test]
    fn a_07_what_is_not_a_length_is_refused() {
        for text in
            ["", "0m", "-5m", "5", "m", "1e9h", "5 m m", "NaN", "1.5h", "99999999999h", "１h"]
        {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }
}
