//! The crate against a provider that does what each test tells it to.

#[cfg(test)]
mod callback;
#[cfg(test)]
mod claims;
#[cfg(test)]
mod discovery;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod provider;
#[cfg(test)]
mod recheck;
#[cfg(test)]
mod token;
