use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderError,
    RenderErrorReason, ScopedJson,
};
use serde_json::Value;

use super::function::arguments;

/// How like each other two names must be, 0 to 1, for one to be a misspelling of the other.
const LIKE: f64 = 0.6;

/// `{{nearest name candidates "key"}}`: the candidate most like a name, by edits and swaps over length; the first of
/// equals. The candidates are a list, of texts or of objects with the key, or a text parted by commas and spaces.
/// Where none is like it, that is an error, and within another helper it counts as absent, so that `default` can stand
/// in for it.
pub(super) struct Nearest;

impl HelperDef for Nearest {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        _: &'rc Context,
        context: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let arguments = arguments(helper)?;
        let Some(text) = nearest(&arguments)? else {
            let name = arguments[0].as_str().unwrap_or_default();
            return Err(other(&format!("`nearest` finds nothing like `{name}`")));
        };
        let escape = registry.get_escape_fn();
        out.write(&if context.is_disable_escape() { text.to_owned() } else { escape(text) })?;
        Ok(())
    }

    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let found = nearest(&arguments(helper)?)?.map(|text| ScopedJson::Derived(text.into()));
        Ok(found.unwrap_or(ScopedJson::Missing))
    }
}

fn nearest<'a>(arguments: &[&'a Value]) -> Result<Option<&'a str>, RenderError> {
    let (name, candidates): (&str, Vec<&str>) = match arguments {
        [Value::String(name), Value::Array(list)] => (name, list.iter().filter_map(Value::as_str).collect()),
        [Value::String(name), Value::Array(list), Value::String(key)] => {
            (name, list.iter().filter_map(|item| item.get(key)?.as_str()).collect())
        }
        [Value::String(name), Value::String(text)] => (name, words(text).collect()),
        _ => return Err(other("`nearest` needs a text and a list, and perhaps a key")),
    };
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates {
        let like = strsim::normalized_damerau_levenshtein(name, candidate);
        if like >= LIKE && best.is_none_or(|(most, _)| like > most) {
            best = Some((like, candidate));
        }
    }
    Ok(best.map(|(_, text)| text))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| character == ',' || character.is_whitespace())
        .map(|word| word.trim_matches(['\'', '"', '`']))
        .filter(|word| !word.is_empty())
}

fn other(reason: &str) -> RenderError {
    RenderErrorReason::Other(reason.to_owned()).into()
}
