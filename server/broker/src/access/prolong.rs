//! Sessions go on when the grant they run under is prolonged.

use domain::{Grant, Request};

use crate::Bound;

/// Puts the sessions of the old grant under the new one; each writes that down before its deadline
/// moves.
pub(super) fn prolong(bound: &Bound, request: &Request, grant: &Grant) {
    if let Some(base) = &request.extends {
        let running = &bound.portal.running;
        let deadline = running.anchor(grant, &*bound.portal.clock);
        running.prolong(base.grant, grant, deadline);
    }
}
