use heal_model::{Provenance, Rule, RuleId, Template, Time, Trigger};

use crate::example::Example;
use crate::hunk::hunks;
use crate::policy::Policy;
use crate::signature::SIGNATURE_VERSION;
use crate::tests_of::tests_of;
use crate::text::line_around;
use crate::tree::words;

/// Gives a rule its name, its explanation, its incidents as tests, and where it comes from.
pub(crate) fn named(mut rule: Rule, examples: &[&Example], policy: &Policy) -> Rule {
    rule.id =
        RuleId::new(&policy.playbook, &format!("{}-{:04x}", slug(&rule.title), fingerprint(&rule) & 0xffff));
    rule.explain = Some(explanation(examples));
    rule.tests = tests_of(&rule, examples);
    rule.learned = Some(Provenance {
        incidents: examples.iter().map(|example| example.id.clone()).collect(),
        since: examples.iter().map(|example| example.at).min().filter(|at| at.0 > 0).map(day),
        signature: Some(SIGNATURE_VERSION.to_owned()),
    });
    rule
}

/// The first words of a title that are not filled in.
fn slug(title: &Template) -> String {
    let mut plain = String::new();
    let mut rest = title.as_str();
    while let Some((before, after)) = rest.split_once("{{") {
        plain.push_str(before);
        rest = after.split_once("}}").map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    let all: Vec<String> = words(&plain)
        .map(|word| word.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect::<String>())
        .filter(|word| word.starts_with(|first: char| first.is_ascii_lowercase()))
        .take(5)
        .collect();
    if all.is_empty() { "lesson".to_owned() } else { all.join("-") }
}

/// A number that two rules with the same trigger and steps share: FNV-1a.
fn fingerprint(rule: &Rule) -> u64 {
    let text = match &rule.trigger {
        Trigger::Diagnostic(trigger) => {
            format!("{:?}{:?}{:?}", trigger.code, trigger.message, rule.steps)
        }
        _ => format!("{:?}", rule.steps),
    };
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn explanation(examples: &[&Example]) -> String {
    let Some(first) = examples.first() else { return String::new() };
    let what = match examples.len() {
        1 => "once".to_owned(),
        count => format!("{count} times"),
    };
    let changes = hunks(&first.before, &first.after).unwrap_or_default();
    let lines =
        line_around(&first.before, first.edit.start).start..line_around(&first.before, first.edit.end).end;
    let told: Vec<String> = match changes.as_slice() {
        [only] if !only.old.is_empty() => {
            vec![change(&first.before[lines.clone()], first.become_of(&lines).unwrap_or_default())]
        }
        all => all.iter().map(|one| change(&first.before[one.old.clone()], &one.new)).collect(),
    };
    format!("Mended by hand {what}. The first time{}", told.join("\nWith it"))
}

/// What became of some lines, as the end of a sentence.
fn change(old: &str, new: &str) -> String {
    let shown = |text: &str| text.lines().map(|line| format!("    {line}\n")).collect::<String>();
    match (old.is_empty(), new.trim().is_empty()) {
        (true, _) => format!(" this was put in:\n\n{}", shown(new)),
        (false, true) => format!(" this was taken out:\n\n{}", shown(old)),
        (false, false) => format!("\n\n{}\nbecame\n\n{}", shown(old), shown(new)),
    }
}

/// The day of a time, as RFC 3339 writes it: from days since 1970 to a date of the Gregorian calendar.
fn day(at: Time) -> String {
    let days = at.0.div_euclid(86_400_000) + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T00:00:00Z")
}

#[cfg(test)]
mod tests {
    use heal_model::{Template, Time};

    #[test]
    fn slugs() {
        let found = ["{{name}} imported but unused", "expected ';' after expression", "{{a}}"]
            .map(|title| super::slug(&Template(title.to_owned())));
        assert_eq!(found, ["imported-but-unused", "expected-after-expression", "lesson"]);
    }

    #[test]
    fn days() {
        let found = [0, 951_782_400_000, 1_767_225_599_999].map(|at| super::day(Time(at)));
        assert_eq!(found, ["1970-01-01T00:00:00Z", "2000-02-29T00:00:00Z", "2025-12-31T00:00:00Z"]);
    }
}
