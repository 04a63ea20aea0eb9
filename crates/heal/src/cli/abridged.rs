/// How many alternatives of a pattern are shown where it has more than twice as many.
const SHOWN: usize = 5;

/// A pattern in words, long lists of alternatives cut short: `(?:one|two|three|four|five|… 40 more)`.
pub(super) fn abridged(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(open) = rest.find('(') {
        let (before, group) = rest.split_at(open + 1);
        out.push_str(before);
        rest = group;
        let end = group.find(['(', ')']).filter(|end| group[*end..].starts_with(')'));
        if let Some(list) = end.map(|end| &group[..end]) {
            out.push_str(&cut(list));
            rest = &group[list.len()..];
        }
    }
    out + rest
}

fn cut(list: &str) -> String {
    let all: Vec<&str> = list.split('|').collect();
    if all.len() <= 2 * SHOWN {
        return list.to_owned();
    }
    format!("{}|… {} more", all[..SHOWN].join("|"), all.len() - SHOWN)
}

#[cfg(test)]
mod tests {
    use super::abridged;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(abridged(text), expected);
    }

    #[test]
    fn long_lists_are_cut_short() {
        check("a line with `(?:a|b|c)(d)`", "a line with `(?:a|b|c)(d)`");
        check("x((?:a|b|c|d|e|f|g|h|i|j|k)[.'])", "x((?:a|b|c|d|e|… 6 more)[.'])");
        check("(?:a|b|c|d|e|f|g|h|i|j)", "(?:a|b|c|d|e|f|g|h|i|j)");
        check("open (a|b", "open (a|b");
        check("none", "none");
    }
}
