//! From a session's bytes to text; the record itself always keeps the bytes.

/// Decodes UTF-8 that arrives in pieces.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    /// The beginning of a character whose rest has not come yet: at most 3 bytes.
    held: Vec<u8>,
}

impl Decoder {
    /// What can be shown of the bytes; the beginning of a character at their end is held back, and
    /// what can never become one is replaced.
    pub(crate) fn decode(&mut self, bytes: &[u8]) -> String {
        self.held.extend_from_slice(bytes);
        let mut text = String::with_capacity(self.held.len());
        let mut rest = 0;
        for chunk in self.held.utf8_chunks() {
            text.push_str(chunk.valid());
            rest += chunk.valid().len();
            if rest + chunk.invalid().len() == self.held.len() && may_continue(chunk.invalid()) {
                break;
            }
            if !chunk.invalid().is_empty() {
                text.push(char::REPLACEMENT_CHARACTER);
            }
            rest += chunk.invalid().len();
        }
        self.held.drain(..rest);
        self.held.shrink_to(3);
        text
    }

    /// The bytes that are held back.
    pub(crate) fn held(&self) -> &[u8] {
        &self.held
    }
}

/// Whether more bytes can make a character of these.
fn may_continue(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}
