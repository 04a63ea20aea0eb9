use serde_json::Value;

/// How like each other two names must be, 0 to 1, for one to be a misspelling of the other.
const LIKE: f64 = 0.5;

/// `{{nearest name candidates "key"}}`: the candidate most like a name, by edits and swaps over length; the first of
/// equals.
pub(super) fn nearest(arguments: &[&Value]) -> Result<Value, String> {
    let (name, candidates, key) = match arguments {
        [Value::String(name), Value::Array(candidates)] => (name, candidates, None),
        [Value::String(name), Value::Array(candidates), Value::String(key)] => (name, candidates, Some(key)),
        _ => return Err("needs a text and a list, and perhaps a key".to_owned()),
    };
    let texts = candidates.iter().filter_map(|candidate| match key {
        Some(key) => candidate.get(key)?.as_str(),
        None => candidate.as_str(),
    });
    let mut best: Option<(f64, &str)> = None;
    for text in texts {
        let like = strsim::normalized_damerau_levenshtein(name, text);
        if like >= LIKE && best.is_none_or(|(most, _)| like > most) {
            best = Some((like, text));
        }
    }
    best.map(|(_, text)| text.into()).ok_or_else(|| format!("finds nothing like `{name}`"))
}
