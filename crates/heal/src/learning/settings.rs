use heal_model::{Origin, Playbook, RelPath};

/// Where lessons are written where nothing is said.
const USUAL_FILE: &str = ".heal/learned.yaml";

/// How a project learns, by the first of its playbooks that says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Whether rules are proposed, and failures recorded, at all.
    pub stores: bool,
    /// The playbook that lessons are written to.
    pub file: RelPath,
    /// How many distinct incidents a rule needs.
    pub min_occurrences: u32,
    /// The playbook that says so; absent where none does.
    pub said_by: Option<String>,
}

impl Settings {
    /// Reads them from the playbooks of a project, in rank.
    #[must_use]
    pub fn of(playbooks: &[Playbook]) -> Self {
        let usual = || RelPath::new(USUAL_FILE).expect("the path is written above");
        let is_file = |playbook: &&Playbook| !matches!(playbook.origin, Origin::Builtin(_));
        let mut said = playbooks.iter().filter(is_file).filter_map(|one| Some((one, one.learning.as_ref()?)));
        let Some((playbook, policy)) = said.next() else {
            return Self { stores: true, file: usual(), min_occurrences: 2, said_by: None };
        };
        let file = policy.pattern_file.as_deref().and_then(|path| RelPath::new(path).ok());
        Self {
            stores: policy.store_new_patterns,
            file: file.unwrap_or_else(usual),
            min_occurrences: policy.min_occurrences_to_save.max(1),
            said_by: Some(playbook.origin.path().to_owned()),
        }
    }
}
