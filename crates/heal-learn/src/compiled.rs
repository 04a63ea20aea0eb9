use std::collections::BTreeMap;

use heal_model::{Pattern, PatternKind, PatternTemplate};
use heal_pattern::Compiled;

use crate::fill::{Escape, fill};

/// Fills a pattern in and compiles it, so that it matches a `whole` text or any part of one; `None` where it would match
/// anything, or is no pattern.
pub(crate) fn compiled(
    search: &PatternTemplate,
    captures: &BTreeMap<String, String>,
    whole: bool,
) -> Option<Compiled> {
    let source = match search.kind {
        PatternKind::Regex => fill(search.source.as_str(), captures, Escape::Regex)?,
        PatternKind::Text => regex::escape(&fill(search.source.as_str(), captures, Escape::Plain)?),
    };
    if source.is_empty() && !whole {
        return None;
    }
    let source = if whole { format!(r"\A(?:{source})\z") } else { source };
    let engine = heal_pattern::check(&source, PatternKind::Regex, false).ok()?.engine;
    Compiled::new(&Pattern { source, kind: PatternKind::Regex, unicode: false, engine }).ok()
}
