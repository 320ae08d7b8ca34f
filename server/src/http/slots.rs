//! How much of something may be open at once, in all and for each sign-in.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::LoginId;

/// Counts what is open.
#[derive(Debug, Clone)]
pub(crate) struct Slots {
    most: usize,
    most_each: usize,
    taken: Arc<Mutex<BTreeMap<LoginId, usize>>>,
}

/// One open thing; dropped, it makes room.
#[derive(Debug)]
pub(crate) struct Slot {
    login: LoginId,
    taken: Arc<Mutex<BTreeMap<LoginId, usize>>>,
}

impl Slots {
    pub(crate) fn new(most: usize, most_each: usize) -> Self {
        Self { most, most_each, taken: Arc::default() }
    }

    /// Room for one more, where there is any.
    pub(crate) fn take(&self, login: LoginId) -> Option<Slot> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = taken.values().sum();
        let own = taken.get(&login).copied().unwrap_or_default();
        if all >= self.most || own >= self.most_each {
            return None;
        }
        taken.insert(login, own + 1);
        Some(Slot { login, taken: Arc::clone(&self.taken) })
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        match taken.get_mut(&self.login) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                taken.remove(&self.login);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn w_06_one_sign_in_cannot_take_every_slot_and_a_dropped_one_is_free_again() {
        let (ana, ben) = (LoginId(Uuid::from_u128(1)), LoginId(Uuid::from_u128(2)));
        let slots = Slots::new(3, 2);
        let first = slots.take(ana);
        let _second = slots.take(ana);
        assert!(first.is_some());
        assert!(slots.take(ana).is_none());
        let _third = slots.take(ben);
        assert!(slots.take(ben).is_none());
        drop(first);
        assert!(slots.take(ben).is_some());
        assert!(slots.take(ana).is_some());
    }
}
