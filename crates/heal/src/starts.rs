/// A playbook that heal brings and that counts in no project before its paths are set: a start to be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// Its name, `resilience/stale-lock`.
    pub name: &'static str,
    /// What it is for.
    pub summary: &'static str,
    /// Its text.
    pub text: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/starts.rs"));

/// The playbooks that a project can set up, in the order of their names; the build has checked them.
#[must_use]
pub fn starts() -> &'static [Start] {
    STARTS
}
