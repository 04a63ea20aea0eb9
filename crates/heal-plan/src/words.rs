use heal_model::Piece;
use similar::{Algorithm, DiffTag, capture_diff_slices};

/// Lines longer than this are not compared word by word.
const LONGEST: usize = 4 * 1024;

/// Two lines in pieces, with the words marked that differ. Lines that have little in common are one piece each.
pub(crate) fn compare(old: &str, new: &str) -> (Vec<Piece>, Vec<Piece>) {
    let whole = |text: &str| if text.is_empty() { Vec::new() } else { vec![piece(text, false)] };
    if old.len() > LONGEST || new.len() > LONGEST {
        return (whole(old), whole(new));
    }
    let (old_words, new_words) = (words(old), words(new));
    let ops = capture_diff_slices(Algorithm::Myers, &old_words, &new_words);
    let kept: usize = ops
        .iter()
        .filter(|op| op.tag() == DiffTag::Equal)
        .flat_map(|op| &old_words[op.old_range()])
        .map(|word| word.trim().len())
        .sum();
    if kept * 4 < old.trim().len().max(new.trim().len()) {
        return (whole(old), whole(new));
    }
    let (mut old_pieces, mut new_pieces) = (Vec::new(), Vec::new());
    for op in ops {
        let changed = op.tag() != DiffTag::Equal;
        push(&mut old_pieces, &old_words[op.old_range()], changed);
        push(&mut new_pieces, &new_words[op.new_range()], changed);
    }
    (old_pieces, new_pieces)
}

fn push(pieces: &mut Vec<Piece>, words: &[&str], changed: bool) {
    let text = words.concat();
    match pieces.last_mut() {
        _ if text.is_empty() => {}
        Some(last) if last.changed == changed => last.text.push_str(&text),
        _ => pieces.push(piece(&text, changed)),
    }
}

fn piece(text: &str, changed: bool) -> Piece {
    Piece { text: text.to_owned(), changed }
}

/// Runs of letters, digits and `_`; runs of white space; each other character by itself.
fn words(text: &str) -> Vec<&str> {
    let kind = |character: char| match character {
        _ if character.is_alphanumeric() || character == '_' => 0,
        _ if character.is_whitespace() => 1,
        _ => 2,
    };
    let mut words = Vec::new();
    let mut start = 0;
    let mut before = None;
    for (at, character) in text.char_indices() {
        let now = kind(character);
        if before.is_some_and(|before| before != now || now == 2) {
            words.push(&text[start..at]);
            start = at;
        }
        before = Some(now);
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}

#[cfg(test)]
mod tests {
    use heal_model::Piece;

    use super::compare;

    #[track_caller]
    fn check(old: &str, new: &str, expected: (&str, &str)) {
        let marked = |pieces: Vec<Piece>| -> String {
            let mark = |piece: Piece| if piece.changed { format!("[{}]", piece.text) } else { piece.text };
            pieces.into_iter().map(mark).collect()
        };
        let (old, new) = compare(old, new);
        assert_eq!((marked(old).as_str(), marked(new).as_str()), expected);
    }

    #[test]
    fn words_that_differ_are_marked() {
        check("from a.b import x", "from a.c import x", ("from a.[b] import x", "from a.[c] import x"));
        check("f(x)", "await f(x)", ("f(x)", "[await ]f(x)"));
        check("nothing alike", "quite other", ("nothing alike", "quite other"));
        check("", "x", ("", "x"));
    }
}
