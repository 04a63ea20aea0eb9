//! Which rules fit what was seen, and why one did not.
