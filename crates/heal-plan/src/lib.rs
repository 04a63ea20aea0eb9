//! What to do about a finding: pure data, with a diff to look at.
