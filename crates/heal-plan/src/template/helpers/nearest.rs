use serde_json::Value;

/// How like each other two names must be, 0 to 1, for one to be a misspelling of the other.
const LIKE: f64 = 0.5;

/// `{{nearest name candidates "key"}}`: the candidate most like a name, by edits and swaps over length; the first of
/// equals. The candidates are a list, of texts or of objects with the key, or a text parted by commas and spaces.
pub(super) fn nearest(arguments: &[&Value]) -> Result<Value, String> {
    let (name, candidates): (&str, Vec<&str>) = match arguments {
        [Value::String(name), Value::Array(list)] => (name, list.iter().filter_map(Value::as_str).collect()),
        [Value::String(name), Value::Array(list), Value::String(key)] => {
            (name, list.iter().filter_map(|item| item.get(key)?.as_str()).collect())
        }
        [Value::String(name), Value::String(text)] => {
            let parted = text.split(|character: char| character == ',' || character.is_whitespace());
            (
                name,
                parted
                    .map(|word| word.trim_matches(['\'', '"', '`']))
                    .filter(|word| !word.is_empty())
                    .collect(),
            )
        }
        _ => return Err("needs a text and a list, and perhaps a key".to_owned()),
    };
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates {
        let like = strsim::normalized_damerau_levenshtein(name, candidate);
        if like >= LIKE && best.is_none_or(|(most, _)| like > most) {
            best = Some((like, candidate));
        }
    }
    best.map(|(_, text)| text.into()).ok_or_else(|| format!("finds nothing like `{name}`"))
}
