//! Objects by name, as a watch tells of them.

use std::collections::BTreeMap;

use kube::runtime::watcher::Event;

/// The objects of one watch. While they are listed anew the old ones stay.
#[derive(Debug)]
pub(crate) struct Catalogue<K, V> {
    known: BTreeMap<K, V>,
    listing: BTreeMap<K, V>,
    complete: bool,
}

impl<K, V> Default for Catalogue<K, V> {
    fn default() -> Self {
        Self { known: BTreeMap::new(), listing: BTreeMap::new(), complete: false }
    }
}

impl<K: Ord, V: PartialEq> Catalogue<K, V> {
    /// Takes in an event, and says whether anything is different now. Objects that `read` cannot
    /// make sense of are left out.
    pub(crate) fn take<O>(&mut self, event: Event<O>, read: impl Fn(O) -> Option<(K, V)>) -> bool {
        match event {
            Event::Init => {
                self.listing.clear();
                false
            }
            Event::InitApply(object) => {
                self.listing.extend(read(object));
                false
            }
            Event::InitDone => {
                let listed = std::mem::take(&mut self.listing);
                let different = !self.complete || listed != self.known;
                self.known = listed;
                self.complete = true;
                different
            }
            Event::Apply(object) => match read(object) {
                Some((name, value)) if self.known.get(&name) != Some(&value) => {
                    self.known.insert(name, value);
                    true
                }
                _ => false,
            },
            Event::Delete(object) => {
                read(object).is_some_and(|(name, _)| self.known.remove(&name).is_some())
            }
        }
    }

    /// Whether everything there was has been listed at least once.
    pub(crate) fn is_complete(&self) -> bool {
        self.complete
    }

    pub(crate) fn known(&self) -> &BTreeMap<K, V> {
        &self.known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(object: &str) -> Option<(&str, usize)> {
        Some((object.get(..1)?, object.len()))
    }

    #[test]
    fn what_is_known_stays_until_the_new_list_is_complete() {
        let mut catalogue = Catalogue::default();
        assert!(!catalogue.take(Event::InitApply("a1"), read));
        assert!(!catalogue.is_complete());
        assert!(catalogue.take(Event::InitDone, read));
        assert!(catalogue.take(Event::Apply("b"), read));
        assert!(!catalogue.take(Event::Apply("b"), read));

        assert!(!catalogue.take(Event::Init, read));
        assert!(!catalogue.take(Event::InitApply("c"), read));
        assert_eq!(catalogue.known().keys().collect::<Vec<_>>(), [&"a", &"b"]);
        assert!(catalogue.take(Event::InitDone, read));
        assert_eq!(catalogue.known().keys().collect::<Vec<_>>(), [&"c"]);
        assert!(catalogue.take(Event::Delete("c"), read));
        assert!(!catalogue.take(Event::Delete("c"), read));
        assert!(!catalogue.take(Event::Apply(""), read));
    }
}
