/// What a named group may be called so that it means something by itself.
pub(crate) const FIELDS: [&str; 23] = [
    "tool",
    "code",
    "level",
    "message",
    "file",
    "line",
    "column",
    "column0",
    "end_line",
    "end_column",
    "caret",
    "underline",
    "note",
    "help",
    "fix",
    "escaped_fix",
    "applicability",
    "fix_file",
    "fix_line",
    "fix_column",
    "fix_end_line",
    "fix_end_column",
    "lane",
];

/// The names in `{…}` of a text that is filled in.
pub(crate) fn placeholders(text: &str) -> Vec<&str> {
    text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
}

/// Fills `{name}` in by what `value` says; `None` where a name has no value.
pub(crate) fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        out.push_str(&value(name)?);
        rest = tail;
    }
    out.push_str(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::{fill, placeholders};

    #[test]
    fn names_are_filled_in() {
        let value = |name: &str| (name == "a").then(|| "1".to_owned());
        assert_eq!(fill("x{a}yz{", value).as_deref(), Some("x1yz{"));
        assert_eq!(fill("x{a}y{b}", value), None);
        assert_eq!(placeholders("{a} and {b}"), ["a", "b"]);
    }
}
