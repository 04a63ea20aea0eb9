use crate::tree::is_balanced;

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

/// Text in quotes or brackets, two brackets deep.
const ENCLOSED: &str = r#""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\((?:[^()]|\([^()]*\))*\)|\[(?:[^\[\]]|\[[^\[\]]*\])*\]|\{(?:[^{}]|\{[^{}]*\})*\}"#;
/// What else an expression may hold: without blanks and commas, without commas, anything; each on one line or more.
const OPERAND: &str = r#"[^()\[\]{}"',\s]"#;
const ARGUMENT: &str = r#"[^()\[\]{}"',\n]"#;
const BALANCED: &str = r#"[^()\[\]{}"'\n]"#;
const SEVERAL_LINES: &str = r#"[^()\[\]{}"']"#;

/// The regular expression for a hole: the narrowest class that covers all texts that were seen in it.
///
/// `alone` where nothing else stands between the brackets around it, or in the whole pattern.
pub(crate) fn class(texts: &[String], within: Within, breadth: Breadth, alone: bool) -> String {
    let least = if texts.iter().any(String::is_empty) { "*" } else { "+" };
    let seen: Vec<&str> = texts.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    let all = |fits: &dyn Fn(char) -> bool| seen.iter().all(|text| text.chars().all(fits));
    if let Within::Quotes(quote) = within {
        let is_wide = breadth == Breadth::Wide || !all(&|c| c.is_ascii_alphanumeric() || c == '_');
        if is_wide && seen.iter().all(|text| !text.contains([quote, '\n'])) {
            return format!("[^{quote}\\n]{least}");
        }
    }
    if all(&|c| matches!(c, ' ' | '\t')) {
        return format!("[ \\t]{least}");
    }
    if all(&|c| c.is_ascii_whitespace()) {
        return format!("\\s{least}");
    }
    if breadth == Breadth::Narrow {
        if all(&|c| c.is_ascii_digit()) {
            return format!("\\d{least}");
        }
        if all(&|c| c.is_ascii_alphanumeric() || c == '_') {
            return format!("\\w{least}");
        }
        if all(&|c| c.is_ascii_alphanumeric() || c == '_' || c == '.') {
            return format!("[\\w.]{least}");
        }
    }
    let one_line = all(&|c| c != '\n');
    if seen.iter().all(|text| is_balanced(text)) {
        let first = if alone { ARGUMENT } else { OPERAND };
        let classes = [first, ARGUMENT, BALANCED, SEVERAL_LINES];
        let class = classes.iter().map(|free| format!("(?:{free}|{ENCLOSED})")).find(|class| fits(&seen, class));
        if let Some(class) = class {
            return format!("{class}{least}");
        }
    }
    if one_line { format!(".{least}?") } else { format!("(?s:.{least}?)") }
}

fn fits(texts: &[&str], class: &str) -> bool {
    // The classes are constants that compile; a text either is one of theirs or is not.
    let Ok(regex) = regex::Regex::new(&format!("\\A{class}+\\z")) else { return false };
    texts.iter().all(|text| regex.is_match(text))
}
