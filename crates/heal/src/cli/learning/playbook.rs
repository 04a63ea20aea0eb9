use heal_model::{Playbook, RelPath};

/// The name of a playbook; its file's where it is not there yet: `.heal/learned.yaml` is `learned`.
pub(super) fn name_of(playbooks: &[Playbook], path: &RelPath) -> String {
    if let Some(there) = playbooks.iter().find(|playbook| playbook.origin.path() == path.as_str()) {
        return there.name.clone();
    }
    let stem = path.name().split('.').find(|part| !part.is_empty()).unwrap_or("learned");
    let kept = stem.to_ascii_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    let kept = kept.trim_matches('-');
    let is_name = kept.starts_with(|first: char| first.is_ascii_lowercase());
    if is_name { kept.to_owned() } else { "learned".to_owned() }
}
