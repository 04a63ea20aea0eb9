use heal_model::{Bytes, FileTier, RefusalCode, Template};

use crate::draft::Draft;
use crate::refused::Refused;
use crate::template::Escape;

/// What a file is made of.
pub(super) struct Made {
    /// Its content.
    pub(super) content: Bytes,
    /// Where from, as a note says it: ` from templates/state.json.hbs`.
    pub(super) from: String,
}

/// What the playbook says a file holds; in degraded mode, when its template is missing, the fallback as it stands.
pub(super) fn content(draft: &mut Draft<'_>, tier: &FileTier) -> Result<Made, Refused> {
    let escape = Escape::of_file(&tier.path);
    let Some(name) = &tier.template else {
        let content = tier.content.clone().unwrap_or_default();
        return Ok(Made { content: draft.fill(&content, escape)?.into(), from: String::new() });
    };
    let asset = draft.playbook.assets.get(name);
    let template = asset.map_or(name, |asset| &asset.path).clone();
    let restore = format!("restore the template with: git checkout HEAD -- {template}");
    match (asset.and_then(|asset| asset.content.as_ref()), &tier.fallback) {
        (Some(source), _) => {
            let unreadable =
                || Refused::new(RefusalCode::Unreadable, format!("the template {template} is not UTF-8"));
            let source = Template(source.text().ok_or_else(unreadable)?.to_owned());
            Ok(Made { content: draft.fill(&source, escape)?.into(), from: format!(" from {template}") })
        }
        (None, Some(fallback)) => {
            draft.warn(format!(
                "{template} is missing, so {} is made from its fallback; {restore}",
                tier.path
            ));
            Ok(Made { content: fallback.as_str().into(), from: " from its fallback".to_owned() })
        }
        (None, None) => {
            let reason =
                format!("the template {template} is missing and {} has no fallback; {restore}", tier.path);
            Err(Refused::new(RefusalCode::NotFound, reason))
        }
    }
}
