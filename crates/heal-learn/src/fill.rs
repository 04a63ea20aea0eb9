use std::collections::BTreeMap;

use heal_model::Case;

/// How a value is written where it is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escape {
    /// As it is.
    Plain,
    /// As a literal inside a regular expression.
    Regex,
}

/// Fills in the part of the template language that learned rules use: variables, and helpers of one or two arguments.
///
/// `None` where it holds anything else, or a variable that is not known.
pub(crate) fn fill(template: &str, values: &BTreeMap<String, String>, escape: Escape) -> Option<String> {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find("{{") {
        let (before, after) = (&rest[..at], &rest[at + 2..]);
        if before.ends_with('\\') || after.starts_with(['{', '#', '/', '!', '>', '&', '^', '~', '*']) {
            return None;
        }
        let end = closing(after)?;
        out.push_str(before);
        let value = evaluate(&arguments(&after[..end])?, values)?;
        out.push_str(&match escape {
            Escape::Plain => value,
            Escape::Regex => regex::escape(&value),
        });
        rest = &after[end + 2..];
    }
    out.push_str(rest);
    Some(out)
}

/// Where an expression ends: the first `}}` outside quotes.
fn closing(text: &str) -> Option<usize> {
    let mut quoted = false;
    text.char_indices()
        .find(|&(at, character)| {
            quoted ^= character == '"';
            !quoted && text[at..].starts_with("}}")
        })
        .map(|(at, _)| at)
}

#[derive(Debug)]
enum Argument<'a> {
    Name(&'a str),
    Number(i64),
    Text(&'a str),
}

fn arguments(text: &str) -> Option<Vec<Argument<'_>>> {
    let mut all = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (argument, len) = if let Some(quoted) = rest.strip_prefix('"') {
            let end = quoted.find('"')?;
            (Argument::Text(&quoted[..end]), end + 2)
        } else {
            let len = rest.find(' ').unwrap_or(rest.len());
            let word = &rest[..len];
            let number = word.parse().map(Argument::Number);
            (number.unwrap_or(Argument::Name(word)), len)
        };
        all.push(argument);
        rest = rest[len..].trim_start();
    }
    Some(all)
}

fn evaluate(arguments: &[Argument<'_>], values: &BTreeMap<String, String>) -> Option<String> {
    let text = |argument: &Argument<'_>| match argument {
        Argument::Name(name) => values.get(*name).cloned(),
        Argument::Number(number) => Some(number.to_string()),
        Argument::Text(text) => Some((*text).to_owned()),
    };
    match arguments {
        [Argument::Name(name)] => values.get(*name).cloned(),
        [Argument::Name(helper), only] => {
            let case = Case::ALL.into_iter().find(|case| case.helper() == *helper)?;
            Some(case.write(&text(only)?))
        }
        [Argument::Name("add"), left, right] => {
            let number = |argument| text(argument)?.trim().parse::<i64>().ok();
            Some(number(left)?.checked_add(number(right)?)?.to_string())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Escape, fill};

    #[track_caller]
    fn check(template: &str, expected: Option<&str>) {
        let values = [("name", "httpServer.x"), ("line", "7")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(fill(template, &values.into(), Escape::Plain).as_deref(), expected);
    }

    #[test]
    fn templates() {
        check("a {{name}}!", Some("a httpServer.x!"));
        check(
            "{{snake name}}-{{camel name}}-{{ kebab name }}",
            Some("http_server_x-HttpServerX-http-server-x"),
        );
        check("{{add line -1}}", Some("6"));
        check("{{lower \"{\"}}{{line}}}", Some("{7}"));
        check("{{other}}", None);
        check("{{{name}}}", None);
        check("\\{{name}}", None);
    }

    #[test]
    fn values_in_patterns_are_literal() {
        let values = [("x".to_owned(), "a.b".to_owned())].into();
        assert_eq!(fill("^{{x}}$", &values, Escape::Regex).as_deref(), Some("^a\\.b$"));
    }
}
