/// Finds the known word that a misspelt one was most likely meant to be.
///
/// At most a third of its characters may be wrong, swapped neighbours counting as one, and never all of them; the first
/// of several equally near ones wins.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let len = word.chars().count();
    let most = (len / 3).max(1).min(len.saturating_sub(1));
    let near = known.into_iter().map(|known| (strsim::damerau_levenshtein(word, known), known));
    near.filter(|(wrong, _)| *wrong <= most).min_by_key(|(wrong, _)| *wrong).map(|(_, known)| known)
}

/// Lists words as a sentence does: `` `a`, `b` or `c` ``.
pub(crate) fn listed<'a>(words: impl IntoIterator<Item = &'a str>, last: &str) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        Some((end, [])) => end.clone(),
        Some((end, rest)) => format!("{} {last} {end}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{listed, nearest};

    #[test]
    fn a_slip_is_near_and_another_word_is_not() {
        let known = ["steps", "title", "tests", "trigger"];
        let found = |word| nearest(word, known);
        assert_eq!(found("setps"), Some("steps"));
        assert_eq!(found("step"), Some("steps"));
        assert_eq!(found("triger"), Some("trigger"));
        assert_eq!(found("fix"), None);
        assert_eq!(nearest("j", ["k"]), None);
    }

    #[test]
    fn lists_read_well() {
        assert_eq!(listed(["a"], "or"), "`a`");
        assert_eq!(listed(["a", "b", "c"], "or"), "`a`, `b` or `c`");
    }
}
