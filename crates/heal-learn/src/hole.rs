use std::collections::BTreeSet;

use crate::token::is_word;
use crate::tree::{Node, is_balanced, parse};

/// Where a hole stands, which says what it may hold at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Within {
    /// Between two of this quote.
    Quotes(char),
    /// Anywhere else.
    Text,
}

/// How far a hole may reach beyond what was seen in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Breadth {
    /// The narrowest class of text that covers what was seen.
    Narrow,
    /// A whole expression or quoted text, where what was seen is part of one.
    Wide,
}

/// How many lines a hole may reach over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lines {
    /// One, but for blanks.
    One,
    /// Any number: the stretch that is searched has an end.
    Any,
}

/// What stands in a hole, which says how its class is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Room {
    pub(crate) within: Within,
    pub(crate) breadth: Breadth,
    pub(crate) lines: Lines,
    /// Whether nothing else stands between the brackets around it, or in the whole pattern.
    pub(crate) alone: bool,
    /// The marks beside it, which part it from what comes next: it holds none of them where it was not seen to.
    pub(crate) beside: [Option<char>; 2],
}

/// Text in quotes or brackets, two brackets deep; `~` is what may not stand in it beside that.
const ENCLOSED: &str = r#""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\((?:[^()~]|\([^()~]*\))*\)|\[(?:[^\[\]~]|\[[^\[\]~]*\])*\]|\{(?:[^{}~]|\{[^{}~]*\})*\}"#;
/// What else an expression may hold: without blanks and commas, without commas, anything.
const FREE: [&str; 3] = [r#"[^()\[\]{}"',\s]"#, r#"[^()\[\]{}"',~]"#, r#"[^()\[\]{}"'~]"#];

/// Marks that part one thing from the next.
const PARTS: &str = ".;:|&";

/// The regular expression for a hole: the narrowest class that covers all texts that were seen in it. `None` where one
/// of them opens a bracket or quote and does not close it, or reaches over more lines than it may.
pub(crate) fn class(texts: &[String], room: Room) -> Option<String> {
    let Room { within, breadth, lines, alone, .. } = room;
    let least = if texts.iter().any(String::is_empty) { "*" } else { "+" };
    let seen: Vec<&str> = texts.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    let all = |fits: &dyn Fn(char) -> bool| seen.iter().all(|text| text.chars().all(fits));
    if let Within::Quotes(quote) = within {
        let is_wide = breadth == Breadth::Wide || !all(&|c| c.is_ascii_alphanumeric() || c == '_');
        if is_wide && seen.iter().all(|text| !text.contains([quote, '\n'])) {
            return Some(format!("[^{quote}\\n]{least}"));
        }
    }
    if all(&|c| matches!(c, ' ' | '\t')) {
        return Some(format!("[ \\t]{least}"));
    }
    if all(&|c| c.is_ascii_whitespace()) {
        return Some(format!("\\s{least}"));
    }
    if breadth == Breadth::Narrow
        && let Some(marks) = marks(&seen)
    {
        return Some(format!("{marks}{}", if least == "*" { "?" } else { "" }));
    }
    if breadth == Breadth::Narrow {
        if all(&|c| c.is_ascii_digit()) {
            return Some(format!("\\d{least}"));
        }
        if all(&|c| c.is_ascii_alphanumeric() || c == '_') {
            return Some(format!("\\w{least}"));
        }
        if all(&|c| c.is_ascii_alphanumeric() || c == '_' || c == '.') {
            return Some(format!("[\\w.]{least}"));
        }
    }
    let barred = barred(&seen, room.beside);
    let without = |class: &str| match class {
        r"[\w.]" if barred.contains('.') => r"\w".to_owned(),
        class => class.replacen("[^", &format!("[^{}", regex::escape(&barred)), 1),
    };
    let simple: &[&str] = if alone {
        &[r#"[^()\[\]{}"',\n]"#]
    } else {
        &[r"[\w.]", r#"[^\s()\[\]{}"',]"#, r#"[^()\[\]{}"',\n]"#]
    };
    if let Some(class) = simple.iter().map(|class| without(class)).find(|class| fits(&seen, class)) {
        return Some(format!("{class}{least}"));
    }
    let free = if alone { &FREE[1..] } else { &FREE };
    let class = |line: &'static str| {
        free.iter()
            .map(|free| format!("(?:{}|{ENCLOSED})", without(free)).replace('~', line))
            .collect::<Vec<_>>()
    };
    let more: &[&'static str] = match lines {
        Lines::One => &[r"\n"],
        Lines::Any => &[r"\n", ""],
    };
    let found = more.iter().flat_map(|line| class(line)).find(|class| fits(&seen, class))?;
    seen.iter().all(|text| is_balanced(text)).then(|| format!("{found}{least}"))
}

/// One of the marks that were seen, where each text is a single one.
fn marks(seen: &[&str]) -> Option<String> {
    let mark = |text: &&str| {
        let mut all = text.chars();
        let only = all.next().filter(|&c| !is_word(c) && !c.is_whitespace());
        only.filter(|_| all.next().is_none())
    };
    let marks: BTreeSet<char> = seen.iter().map(mark).collect::<Option<_>>()?;
    let escaped: String = marks.iter().map(|mark| format!("\\{mark}")).collect();
    (!marks.is_empty() && marks.iter().all(char::is_ascii)).then(|| format!("[{escaped}]"))
}

/// The marks beside a hole that none of the texts seen in it holds, but in brackets or quotes.
fn barred(seen: &[&str], beside: [Option<char>; 2]) -> String {
    let holds = |text: &str, mark: char| {
        parse(text).iter().any(|node| matches!(node, Node::Leaf(_, text) if text.contains(mark)))
    };
    let parts = |mark: &char| PARTS.contains(*mark) && !seen.iter().any(|text| holds(text, *mark));
    let mut barred: String = beside.into_iter().flatten().filter(parts).collect();
    if beside[0] == beside[1] && barred.len() > 1 {
        barred.pop();
    }
    barred
}

fn fits(texts: &[&str], class: &str) -> bool {
    // The classes are made of constants that compile; a text either is one of theirs or is not.
    let Ok(regex) = regex::Regex::new(&format!("\\A{class}+\\z")) else { return false };
    texts.iter().all(|text| regex.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::{Breadth, Lines, Room, Within, class};

    #[track_caller]
    fn check(texts: &[&str], beside: [Option<char>; 2], fits: &str, fits_not: &str) {
        let texts: Vec<String> = texts.iter().map(|&text| text.to_owned()).collect();
        let room =
            Room { within: Within::Text, breadth: Breadth::Wide, lines: Lines::One, alone: false, beside };
        let class = class(&texts, room).expect("balanced texts");
        let regex = regex::Regex::new(&format!("^(?:{class})$")).expect("it compiles");
        assert_eq!((regex.is_match(fits), regex.is_match(fits_not)), (true, false), "{class}");
    }

    #[test]
    fn what_parts_a_hole_from_what_follows_is_not_in_it() {
        check(&["last()", "nth(5)"], [Some('.'), Some(';')], "skip(a.b)", "skip(2).collect()");
        check(&["a", "b"], [Some('.'), None], "c", "c.d");
        check(&["a.b()", "c"], [Some('.'), None], "skip(2).collect()", "a, b");
        check(&["a", "b"], [Some('='), None], "c.d", "a b");
    }
}
