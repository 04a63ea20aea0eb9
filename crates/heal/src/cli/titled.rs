use heal_model::Rule;

/// A rule's title before anything is found: what would be filled in stands as `<name>`.
///
/// Where nothing but the rule's own name would be left (`E0308: <message>`), the first sentence of its explanation says
/// more.
pub(super) fn titled(rule: &Rule) -> String {
    let text = unfilled(rule.title.as_str());
    match rule.explain.as_deref().map(first_sentence).filter(|_| is_bare(rule)) {
        Some(sentence) if rule.id.rule().contains(|character: char| character.is_ascii_digit()) => {
            format!("{}: {sentence}", rule.id.rule().to_uppercase())
        }
        Some(sentence) => sentence,
        None => text,
    }
}

/// Whether a title has no words of its own but the rule's name.
pub(super) fn is_bare(rule: &Rule) -> bool {
    let words = replaced(rule.title.as_str(), |_| String::new());
    !words.to_lowercase().replace(rule.id.rule(), "").contains(char::is_alphabetic)
}

/// A template with `<name>` where a value is filled in, and `…` where something is made of values; conditions in it
/// (`{{#if}}`) are left out.
pub(super) fn unfilled(template: &str) -> String {
    let is_plain = |inside: &str| inside.chars().all(|one| one.is_alphanumeric() || matches!(one, '_' | '.'));
    replaced(template, |inside| if is_plain(inside) { format!("<{inside}>") } else { "…".to_owned() })
}

/// A template whose expressions, but not its conditions, are replaced.
fn replaced(template: &str, shown: impl Fn(&str) -> String) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        text.push_str(before);
        let (inside, after) = after.split_once("}}").unwrap_or((after, ""));
        let inside = inside.trim();
        if !inside.starts_with(['#', '/']) && inside != "else" {
            text.push_str(&shown(inside));
        }
        rest = after;
    }
    text + rest
}

/// Up to the first full stop that ends a sentence, on one line and without it.
fn first_sentence(text: &str) -> String {
    let paragraph = text.split("\n\n").next().unwrap_or_default();
    let line = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = line.find(". ").unwrap_or_else(|| line.trim_end_matches('.').len());
    line[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::{first_sentence, unfilled};

    #[track_caller]
    fn check(template: &str, expected: &str) {
        assert_eq!(unfilled(template), expected);
    }

    #[test]
    fn what_is_filled_in_stands_as_its_name() {
        check("{{name}} is not in {{ module.path }}", "<name> is not in <module.path>");
        check("it comes with {{lookup vars.plugins name}}", "it comes with …");
        check(
            "E0308: {{message}}{{#if (default label \"\")}} ({{label}}){{/if}}",
            "E0308: <message> (<label>)",
        );
        check("one {{open", "one <open>");
    }

    #[test]
    fn the_first_sentence_is_told_on_one_line() {
        assert_eq!(
            first_sentence("A `match` leaves\nout a case. It may not.\n\nMore.\n"),
            "A `match` leaves out a case"
        );
        assert_eq!(first_sentence("Nothing more.\n"), "Nothing more");
    }
}
