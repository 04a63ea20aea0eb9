use heal_model::{Bytes, FileTier, RefusalCode, RelPath};
use jsonschema::Validator;
use serde_json::Value;

use super::keeps_checksum;
use crate::checksum;
use crate::document::Format;
use crate::draft::Draft;
use crate::id::hash;
use crate::refused::Refused;

/// Whether a file that is there is what it should be.
pub(super) enum Health {
    /// It is.
    Good(Bytes),
    /// It is not.
    Bad {
        /// What it holds.
        content: Bytes,
        /// What is wrong; reads after the file's name.
        reason: String,
        /// The hashes that its sidecar names, where that is what it fails.
        torn: Option<Vec<String>>,
    },
}

/// Looks at a file as its tier asks.
pub(super) fn of(draft: &Draft<'_>, tier: &FileTier, path: &RelPath) -> Result<Health, Refused> {
    if tier.schema.is_none() && tier.keep.is_none() {
        return Ok(Health::Good(Bytes::default()));
    }
    let content = draft.content(path)?;
    let known = if keeps_checksum(tier.keep.as_ref()) { checksum::read(&draft.world, path)? } else { None };
    if let Some(hashes) = known.as_ref().filter(|hashes| !hashes.contains(&hash(&content))) {
        let hashes = hashes.clone();
        let reason = "is not what its checksum says".to_owned();
        return Ok(Health::Bad { content, reason, torn: Some(hashes) });
    }
    let is_meant = tier.content.as_ref().is_some_and(|content| content.as_str().is_empty());
    if content.is_empty() && known.is_none() && tier.keep.is_some() && !is_meant {
        return Ok(Health::Bad { content, reason: "is empty".to_owned(), torn: None });
    }
    Ok(match Check::new(draft, tier, path)?.fails(&content) {
        None => Health::Good(content),
        Some(reason) => Health::Bad { content, reason, torn: None },
    })
}

/// What a tier says a file's content must satisfy.
pub(super) struct Check {
    format: Option<Format>,
    schema: Option<Validator>,
}

impl Check {
    /// Compiles the tier's schema.
    pub(super) fn new(draft: &Draft<'_>, tier: &FileTier, path: &RelPath) -> Result<Self, Refused> {
        let format = Format::of(path);
        let Some(name) = &tier.schema else { return Ok(Self { format, schema: None }) };
        let asset = draft.playbook.assets.get(name);
        let content = asset.and_then(|asset| asset.content.as_ref()).ok_or_else(|| {
            let reason = format!("the schema {name} is missing, so {path} can't be checked");
            Refused::new(RefusalCode::NotFound, reason)
        })?;
        let wrong = |reason: String| {
            Refused::new(RefusalCode::Invalid, format!("the schema {name} can't be used: {reason}"))
        };
        let schema: Value = serde_json::from_slice(content).map_err(|error| wrong(error.to_string()))?;
        let schema = jsonschema::validator_for(&schema).map_err(|error| wrong(error.to_string()))?;
        Ok(Self { format, schema: Some(schema) })
    }

    /// What a content fails, reading after the file's name; nothing where it satisfies all.
    pub(super) fn fails(&self, content: &Bytes) -> Option<String> {
        let format = self.format?;
        let document = match content
            .text()
            .ok_or_else(|| "it is not UTF-8".to_owned())
            .and_then(|text| format.as_written(text).parse(text))
        {
            Ok(document) => document,
            Err(reason) => return Some(format!("is not {format}: {reason}")),
        };
        let error = self.schema.as_ref()?.validate(&document).err()?;
        let place = error.instance_path().to_string();
        let place = if place.is_empty() { String::new() } else { format!(" at {place}") };
        Some(format!("does not satisfy its schema{place}: {error}"))
    }
}
