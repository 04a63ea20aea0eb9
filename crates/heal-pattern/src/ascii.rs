/// How a word boundary between ASCII words is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Boundary {
    /// `(?-u:\b)`, which `regex` takes.
    Flagged,
    /// Two pairs of look-around, for `fancy-regex`, which can't switch Unicode off inside a pattern.
    LookAround,
}

const DIGIT: &str = "0-9";
const WORD: &str = "0-9A-Za-z_";
const SPACE: &str = r"\t\n\x0B\x0C\r\x20";
const AT_BOUNDARY: &str = "(?:(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])|(?<![0-9A-Za-z_])(?=[0-9A-Za-z_]))";
const INSIDE: &str = "(?:(?<=[0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<![0-9A-Za-z_])(?![0-9A-Za-z_]))";

/// Writes a pattern with `\w`, `\d`, `\s` and `\b` spelled out in ASCII, the rest of it left in Unicode.
///
/// Both engines take a class in brackets inside another, so it need not be known whether an escape stands in one.
pub(crate) fn ascii(source: &str, boundary: Boundary) -> String {
    let mut out = String::with_capacity(source.len() + 32);
    let mut rest = source;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let escaped = rest[at + 1..].chars().next();
        let len = escape_len(&rest[at..], escaped);
        let escape = &rest[at..at + len];
        match escaped {
            Some('d') => out.push_str(&format!("[{DIGIT}]")),
            Some('D') => out.push_str(&format!("[^{DIGIT}]")),
            Some('w') => out.push_str(&format!("[{WORD}]")),
            Some('W') => out.push_str(&format!("[^{WORD}]")),
            Some('s') => out.push_str(&format!("[{SPACE}]")),
            Some('S') => out.push_str(&format!("[^{SPACE}]")),
            Some('b' | 'B') if boundary == Boundary::Flagged => out.push_str(&format!("(?-u:{escape})")),
            Some('b') => out.push_str(AT_BOUNDARY),
            Some('B') => out.push_str(INSIDE),
            _ => out.push_str(escape),
        }
        rest = &rest[at + len..];
    }
    out.push_str(rest);
    out
}

/// The length of the escape at the start of `rest`: with the braces of `\b{start}`.
fn escape_len(rest: &str, escaped: Option<char>) -> usize {
    let len = 1 + escaped.map_or(0, char::len_utf8);
    let named = rest[len..].strip_prefix('{').filter(|name| name.starts_with(char::is_alphabetic));
    match (escaped, named.and_then(|name| name.find('}'))) {
        (Some('b'), Some(end)) => len + end + 2,
        _ => len,
    }
}

#[cfg(test)]
mod tests {
    use super::{Boundary, ascii};

    #[track_caller]
    fn check(source: &str, expected: &str) {
        assert_eq!(ascii(source, Boundary::Flagged), expected);
    }

    #[test]
    fn escapes_are_spelled_out() {
        check(r"\w+é\\w", r"[0-9A-Za-z_]+é\\w");
        check(r"[\w.-]\D", r"[[0-9A-Za-z_].-][^0-9]");
        check(r"\bfoo\b{end}", r"(?-u:\b)foo(?-u:\b{end})");
        check(r"\p{L}\x{e9}\", r"\p{L}\x{e9}\");
    }
}
