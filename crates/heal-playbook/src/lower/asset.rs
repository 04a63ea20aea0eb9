use heal_model::{Asset, RelPath};
use serde_json::Value;

use super::Lower;
use crate::Code;
use crate::template::Scope;
use crate::yaml::Node;

/// What a missing file means where it is named.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// The playbook can't be used.
    Error,
    /// Something stands in for it.
    Warning,
}

impl Lower<'_> {
    /// Reads a template file and checks it.
    pub(super) fn template_asset(&mut self, path: &str, missing: Missing, scope: &Scope, at: &Node) {
        let Some(asset) = self.asset(path, missing, at) else { return };
        match asset.content.as_ref().map(|content| content.text().map(str::to_owned)) {
            Some(Some(text)) => self.template_file(path, &text, scope, at),
            Some(None) => {
                let problem = self.wrong(Code::Encoding, at, format!("{path} is not UTF-8"));
                self.note(problem.label("this file").help("save the file as UTF-8"));
            }
            None => {}
        }
    }

    /// Reads a JSON Schema file and checks it.
    pub(super) fn schema_asset(&mut self, path: &str, at: &Node) {
        let Some(content) = self.asset(path, Missing::Error, at).and_then(|asset| asset.content) else {
            return;
        };
        let message = match serde_json::from_slice::<Value>(&content) {
            Ok(schema) => match jsonschema::options().build(&schema) {
                Ok(_) => return,
                Err(error) => format!("{path} is not a JSON Schema: at `{}`, {error}", error.instance_path()),
            },
            Err(error) => format!("{path} is not JSON: {error}"),
        };
        let problem = self.wrong(Code::Schema, at, message);
        self.note(problem.label("this file").help("correct the file, or take the key out"));
    }

    fn asset(&mut self, path: &str, missing: Missing, at: &Node) -> Option<Asset> {
        if !self.inside(path, at) || RelPath::new(path).is_err() {
            return None;
        }
        let read = self.read;
        let asset = self.assets.entry(path.to_owned()).or_insert_with(|| read(path)).clone();
        if asset.content.is_none() {
            let problem = self.wrong(Code::MissingAsset, at, format!("there is no file {}", asset.path));
            let problem = problem.label("not there");
            self.note(match missing {
                Missing::Error => problem.help(format!("write {}, or name another file", asset.path)),
                Missing::Warning => problem.warning().help("until it is back, `fallback` takes its place"),
            });
        }
        Some(asset)
    }
}
