use std::borrow::Cow;

/// What a line may hold that makes a CI service do something, wherever it stands.
const ANYWHERE: [(&str, &str); 4] = [
    ("##[", "# #["),
    ("##vso[", "# #vso["),
    ("##teamcity[", "# #teamcity["),
    ("section_start:", "section_start :"),
];

/// Variables by which CI services say that their log is being written to.
pub(super) const SERVICES: [&str; 4] = ["GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION", "GITLAB_CI"];

/// A text in which nothing is a command to a CI service: what a playbook or a file holds is shown, not obeyed.
///
/// Such commands set variables, hide lines, or mark others as errors.
pub(super) fn inert(text: &str) -> Cow<'_, str> {
    let is_held =
        |line: &str| ANYWHERE.iter().any(|(held, _)| line.contains(held)) || command(line).is_some();
    if !text.lines().any(is_held) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for line in text.split_inclusive('\n') {
        let mut line = Cow::Borrowed(line);
        for (held, broken) in ANYWHERE {
            if line.contains(held) {
                line = Cow::Owned(line.replace(held, broken));
            }
        }
        match command(&line) {
            Some(at) => out.extend([&line[..=at], " ", &line[at + 1..]]),
            None => out.push_str(&line),
        }
    }
    Cow::Owned(out)
}

/// Where a line's `::` stands, if nothing but blanks and colours come before it.
fn command(line: &str) -> Option<usize> {
    let at = line.find("::")?;
    let mut before = line[..at].chars();
    while let Some(character) = before.next() {
        match character {
            '\x1b' => drop(before.by_ref().find(char::is_ascii_alphabetic)),
            blank if blank.is_whitespace() => {}
            _ => return None,
        }
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::inert;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(inert(text), expected);
    }

    #[test]
    fn what_a_service_would_obey_is_broken() {
        check("a\n ::error::x\n", "a\n : :error::x\n");
        check("\x1b[1;2m \x1b[0m::add-mask::x", "\x1b[1;2m \x1b[0m: :add-mask::x");
        check("t ##[error]x ##vso[task.setvariable]", "t # #[error]x # #vso[task.setvariable]");
        check("##teamcity[x] section_start:1:a", "# #teamcity[x] section_start :1:a");
    }

    #[test]
    fn what_none_would_obey_stays() {
        check("+::error::x\n", "+::error::x\n");
        check("std::fmt\n a::b\n", "std::fmt\n a::b\n");
        check("", "");
    }
}
