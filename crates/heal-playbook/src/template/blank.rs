use std::borrow::Cow;

/// Puts an `x` in place of each byte of a template that gets filled in, so that what is around it can be checked as
/// if it were plain and offsets stay; none where the template has blocks, as what is around depends on them.
pub(crate) fn blanked(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains("{{") {
        return Some(Cow::Borrowed(text));
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        let inner = &rest[start..];
        if inner[2..].trim_start_matches(['~', '{']).starts_with(['#', '/', '^']) {
            return None;
        }
        let close = inner.find("}}").map_or(inner.len(), |close| close + 2);
        let close = close + usize::from(inner[close..].starts_with('}'));
        plain.push_str(&rest[..start]);
        plain.extend(std::iter::repeat_n('x', close));
        rest = &inner[close..];
    }
    plain.push_str(rest);
    Some(Cow::Owned(plain))
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(super::blanked(text).as_deref(), expected);
    }

    #[test]
    fn what_is_filled_in_is_blanked() {
        check("plain", Some("plain"));
        check("a{{b}}c", Some("axxxxxc"));
        check("{{{b}}}c", Some("xxxxxxxc"));
        check("a{{b", Some("axxx"));
        check("{{#if a}}b{{/if}}", None);
    }
}
