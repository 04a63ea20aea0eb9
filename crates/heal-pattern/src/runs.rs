/// The longest run of characters that each match of a regular expression must hold, found by reading its source once:
/// no more than a microsecond, where parsing takes ten.
///
/// It knows only what stands outside of groups and choices; `None` where that is not enough to tell.
pub(crate) fn longest_run(source: &str) -> Option<Vec<u8>> {
    let mut best = Vec::new();
    let mut run = Vec::new();
    let mut chars = source.chars().peekable();
    while let Some(c) = chars.next() {
        let literal = match c {
            '|' => return None,
            '\\' => escaped(chars.next()?)?,
            '(' => {
                skip_group(&mut chars)?;
                None
            }
            '[' => {
                skip_class(&mut chars)?;
                None
            }
            '{' => {
                chars.by_ref().find(|c| *c == '}')?;
                None
            }
            ')' => return None,
            '.' | '^' | '$' | '*' | '+' | '?' => None,
            c => Some(c),
        };
        // A character that may be missing is no part of the run; one that may be repeated ends it.
        let counted = chars.peek().is_some_and(|next| matches!(next, '*' | '?' | '{' | '+'));
        match literal {
            Some(c) if !counted => run.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            _ => close(&mut run, &mut best),
        }
    }
    close(&mut run, &mut best);
    Some(best)
}

fn close(run: &mut Vec<u8>, best: &mut Vec<u8>) {
    if run.len() > best.len() {
        std::mem::swap(run, best);
    }
    run.clear();
}

/// The character that an escape stands for, if it is one; `None` within where it stands for others, `None` outside
/// where it is not known here.
fn escaped(c: char) -> Option<Option<char>> {
    match c {
        'd' | 'D' | 'w' | 'W' | 's' | 'S' | 'b' | 'B' => Some(None),
        c if c.is_ascii_punctuation() && !matches!(c, '<' | '>') => Some(Some(c)),
        _ => None,
    }
}

/// Goes to the end of a group. Flags that change what follows are more than is known here.
fn skip_group(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<()> {
    if chars.peek() == Some(&'?') {
        chars.next();
        if !matches!(chars.next()?, '<' | 'P' | ':' | '=' | '!') {
            return None;
        }
    }
    loop {
        match chars.next()? {
            '\\' => drop(chars.next()?),
            '(' => skip_group(chars)?,
            '[' => skip_class(chars)?,
            ')' => return Some(()),
            _ => {}
        }
    }
}

/// Goes to the end of a class in brackets, in which the first character may be a `]`.
fn skip_class(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<()> {
    chars.next_if_eq(&'^');
    chars.next_if_eq(&']');
    loop {
        match chars.next()? {
            '\\' => drop(chars.next()?),
            '[' => skip_class(chars)?,
            ']' => return Some(()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(source: &str, expected: Option<&str>) {
        let found = super::longest_run(source).map(|run| String::from_utf8_lossy(&run).into_owned());
        assert_eq!(found.as_deref(), expected, "{source}");
    }

    #[test]
    fn what_stands_outside_of_groups() {
        check(r"^E\s+fixture '(?P<name>[^']+)' not found$", Some("' not found"));
        check(r"error\[E(?<code>\d{4})\]: borrow", Some("]: borrow"));
        check("abc+de?f{2}ghi", Some("ghi"));
        check(r"[]a(]b[^]\]]cd", Some("cd"));
        check("caf\u{e9} au", Some("caf\u{e9} au"));
        check(r"\d+", Some(""));
    }

    #[test]
    fn what_takes_a_parser_to_tell() {
        check("a|b", None);
        check("(?i)abc", None);
        check(r"(a)\1", None);
        check(r"a\x41", None);
        check("a(b", None);
    }
}
