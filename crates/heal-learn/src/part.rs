use crate::token::is_word;

/// What is caught of a part of a capture.
pub(crate) struct Part {
    pub(crate) name: String,
    /// The pattern of the whole, with the part.
    pub(crate) pattern: String,
    /// What it catches in each message.
    pub(crate) values: Vec<String>,
}

/// A quoted name without the `()` or `:` that ends it, or the last part of a path or dotted name.
pub(crate) fn part(texts: &[String], whole: &str, class: &str) -> Option<Part> {
    let ends = |ending: &&str| texts.iter().all(|text| text.len() > ending.len() && text.ends_with(ending));
    if let Some(ending) = ["()", ":"].into_iter().find(ends) {
        let name = format!("{whole}_bare");
        let pattern = format!("(?<{whole}>(?<{name}>{class}){})", regex::escape(ending));
        let values = texts.iter().map(|text| text[..text.len() - ending.len()].to_owned()).collect();
        return Some(Part { name, pattern, values });
    }
    let last = |text: &String| {
        let last = text.rsplit(['.', ':', '/']).next().unwrap_or_default();
        (!last.is_empty() && last.chars().all(is_word)).then(|| last.to_owned())
    };
    let values: Vec<String> = texts.iter().map(last).collect::<Option<_>>()?;
    if values == texts {
        return None;
    }
    let name = format!("{whole}_last");
    let pattern = format!(r"(?<{whole}>(?:{class}[.:/])?(?<{name}>\w+))");
    Some(Part { name, pattern, values })
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(texts: &[&str], expected: &str) {
        let texts: Vec<String> = texts.iter().map(|&text| text.to_owned()).collect();
        let found = super::part(&texts, "name", "[^`]+");
        let found = found.map(|part| format!("{} {} {}", part.name, part.pattern, part.values.join(" ")));
        assert_eq!(found.unwrap_or_default(), expected);
    }

    #[test]
    fn parts_of_quoted_names() {
        check(&["list()", "a.b()"], r"name_bare (?<name>(?<name_bare>[^`]+)\(\)) list a.b");
        check(
            &["logging.error", "std::fs", "x"],
            r"name_last (?<name>(?:[^`]+[.:/])?(?<name_last>\w+)) error fs x",
        );
        check(&["a", "b"], "");
        check(&["a.b", "c.d..."], "");
    }
}
