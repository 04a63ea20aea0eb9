use heal_model::Playbook;

const PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/playbooks.json"));

/// The playbooks that are built into heal, in the order of their names; the build has checked them.
#[must_use]
pub fn builtin() -> Vec<Playbook> {
    serde_json::from_slice(PACKED).expect("the build packed these same types")
}
