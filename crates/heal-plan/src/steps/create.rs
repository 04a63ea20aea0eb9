use heal_model::{Content, Create, RefusalCode, Template};
use serde_json::Value;

use crate::draft::Draft;
use crate::refused::Refused;
use crate::template::Escape;

/// Makes a file; its path is what later steps may know of it.
pub(super) fn plan(draft: &mut Draft<'_>, create: &Create) -> Result<Value, Refused> {
    let path = draft.path(&create.path)?;
    let escape = Escape::of_file(path.as_str());
    let content = match &create.content {
        Content::Inline(template) => draft.fill(template, escape)?,
        Content::Asset(name) => draft.fill(&asset(draft, name)?, escape)?,
    };
    draft.create(path.clone(), content.into())?;
    if create.executable {
        draft.executable.insert(path.clone());
    }
    Ok(Value::from(path.as_str()))
}

fn asset(draft: &Draft<'_>, name: &str) -> Result<Template, Refused> {
    let asset = draft.playbook.assets.get(name);
    let content = asset.and_then(|asset| asset.content.as_ref());
    let path = asset.map_or(name, |asset| &asset.path);
    let missing = || Refused::new(RefusalCode::NotFound, format!("the template {path} is missing"));
    let text = content.ok_or_else(missing)?.text();
    let unreadable = || Refused::new(RefusalCode::Unreadable, format!("the template {path} is not UTF-8"));
    Ok(Template(text.ok_or_else(unreadable)?.to_owned()))
}
