use std::fmt;

use heal_model::{Bytes, RelPath};
use similar::TextMerge;

use crate::document::Format;

/// Why two changes of one text can't stand together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clash {
    /// These lines of the text as it is now, from 1, lie where the other change does, or right beside it.
    Lines(Vec<usize>),
    /// A side is not text.
    NotText,
    /// The file would no longer be of its format, and why.
    Spoils(String),
}

/// Joins two changes of one file, line by line: what `now` and `other` each made of `base`.
///
/// As in git, changes of the same lines or of neighbouring ones clash, unless they are the same change. A document
/// that was valid stays so.
///
/// # Errors
/// When they clash. There is no text with marks in it then: nobody finds those in a file that was not open.
pub fn merge(path: &RelPath, base: &Bytes, now: &Bytes, other: &Bytes) -> Result<Bytes, Clash> {
    let [Some(base), Some(now), Some(other)] = [base.text(), now.text(), other.text()] else {
        return Err(Clash::NotText);
    };
    let merged = TextMerge::from_lines(base, now, other);
    let lines: Vec<usize> = merged.conflicts().map(|region| region.ours_range().start + 1).collect();
    if !lines.is_empty() {
        return Err(Clash::Lines(lines));
    }
    let merged = Bytes::from(merged.to_string());
    match spoilt(path, now, &merged) {
        Some(reason) => Err(Clash::Spoils(reason)),
        None => Ok(merged),
    }
}

/// Why a document that was valid would no longer be.
fn spoilt(path: &RelPath, now: &str, merged: &Bytes) -> Option<String> {
    let format = Format::of(path)?.as_written(now);
    format.check(&Bytes::from(now)).ok()?;
    format.check(merged).err().map(|reason| format!("it would not be {format}: {reason}"))
}

impl fmt::Display for Clash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Spoils(reason) => out.write_str(reason),
            Self::NotText => out.write_str("it is not text"),
            Self::Lines(lines) => {
                let lines: Vec<String> = lines.iter().map(usize::to_string).collect();
                let word = if lines.len() == 1 { "line" } else { "lines" };
                write!(out, "{word} {} changed too", lines.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use heal_model::{Bytes, RelPath};

    use super::merge;

    fn path(name: &str) -> RelPath {
        RelPath::new(name).expect("it is inside the project")
    }

    /// Joins what two hands made of `a b c d e`, one letter a line; spaces stand for line ends.
    #[track_caller]
    fn check(now: &str, other: &str, expected: &str) {
        let lines = |text: &str| Bytes::from(text.replace(' ', "\n"));
        let merged = match merge(&path("a.txt"), &lines("a b c d e "), &lines(now), &lines(other)) {
            Ok(merged) => merged.text().expect("it is text").replace('\n', " "),
            Err(clash) => clash.to_string(),
        };
        assert_eq!(merged, expected);
    }

    #[test]
    fn changes_of_different_lines_stand_together() {
        check("A b c d e ", "a b c d E ", "A b c d E ");
        check("a b c d e mine ", "a c d e ", "a c d e mine ");
        check("a b c d e ", "a b c d E", "a b c d E");
    }

    #[test]
    fn the_same_change_is_made_once() {
        check("a B c d e ", "a B c d e ", "a B c d e ");
    }

    #[test]
    fn changes_of_the_same_lines_or_of_neighbours_clash() {
        check("a b C d e ", "a b X d e ", "line 3 changed too");
        check("A b c d e ", "a B c d e ", "line 1 changed too");
        check("a B c D e ", "a b2 c d2 e ", "lines 2, 4 changed too");
        check("a b c d e mine ", "a b c d E ", "line 5 changed too");
    }

    #[test]
    fn only_text_is_joined() {
        let (text, bytes) = (Bytes::from("a\n"), Bytes::from(vec![0xff, 0xfe]));
        let clash = merge(&path("a.txt"), &text, &bytes, &text).expect_err("not text");
        assert_eq!(clash.to_string(), "it is not text");
    }

    #[test]
    fn a_document_stays_one() {
        let [base, now, other] =
            ["a = 1\n\n[c]\n", "a = 1\n\n[c]\nmine = 1\n", "a = 1\n[c]\n\n[c]\n"].map(Bytes::from);
        let merged = merge(&path("a.toml"), &base, &now, &other);
        assert_eq!(
            merged.expect_err("two tables of one name").to_string(),
            "it would not be TOML: duplicate key at line 4"
        );
    }
}
