use heal_model::Tier;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Word;
use super::trigger::Trigger;

/// A file that the playbook answers for.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileTier {
    /// A path inside the project, or a glob where the tier is not `create`.
    #[schemars(extend("examples" = ["specs/state.json", "context/**"]))]
    pub(crate) path: String,
    /// What its absence means.
    pub(crate) tier: Word<Tier>,
    /// The template file that it is made from, named from the playbook's folder. For `create`.
    #[schemars(extend("examples" = ["templates/state.json.hbs"]))]
    pub(crate) template: Option<String>,
    /// Its content, as a template written here. For `create`.
    #[schemars(extend("examples" = ["{\"next\": {{add (max todo \"number\") 1}}}\n"]))]
    pub(crate) content: Option<String>,
    /// Degraded mode: its content when the template file itself is missing, used as it stands.
    pub(crate) fallback: Option<String>,
    /// A JSON Schema file that what is there must satisfy.
    pub(crate) schema: Option<String>,
    /// What heal keeps to restore it from.
    #[schemars(extend("examples" = [{"checksum": true, "backups": 3}]))]
    pub(crate) keep: Option<Keep>,
    /// What a person does to get it back, step by step: templates that know `{{path}}`. For `require`.
    #[serde(default)]
    #[schemars(length(min = 1))]
    #[schemars(extend("examples" = [["Restore it from git: git checkout HEAD -- {{path}}"]]))]
    pub(crate) recover: Vec<String>,
    /// Whether the entry counts: a condition on files, documents, processes or the environment.
    pub(crate) when: Option<Trigger>,
}

/// What heal keeps beside a file it answers for.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1))]
pub(crate) struct Keep {
    /// Whether a `.sha256` sidecar tells damage from change; false unless said otherwise.
    pub(crate) checksum: Option<bool>,
    /// How many good versions are kept, at most 10; none unless said otherwise.
    #[schemars(range(max = 10))]
    pub(crate) backups: Option<u32>,
}
