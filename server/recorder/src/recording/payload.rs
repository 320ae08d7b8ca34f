//! What stands in frames that hold no output.

use domain::wire::Size;

/// Reads a size; absurd ones are clamped (W-07).
pub(crate) fn size(payload: &[u8]) -> Option<Size> {
    let (columns, rows) = std::str::from_utf8(payload).ok()?.split_once('x')?;
    Some(Size::clamped(columns.parse().ok()?, rows.parse().ok()?))
}

/// Reads an exit code.
pub(crate) fn exit(payload: &[u8]) -> Option<u8> {
    std::str::from_utf8(payload).ok()?.parse().ok()
}
