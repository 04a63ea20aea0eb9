use heal_learn::Refused;
use heal_model::Lesson;

use super::super::style::{Style, counted, visible};
use super::super::titled::{titled, unfilled};

/// How many of those that were not learned are listed.
const MOST_REFUSED: usize = 10;

/// A lesson as a person reads it: the rule's title and name, what it rests on, what it was checked against.
pub(super) fn lesson(lesson: &Lesson, style: Style) -> String {
    let evidence = &lesson.evidence;
    let times = counted(evidence.distinct as usize, "time", "times");
    let mut text = format!(
        "{} {}\n  {} · seen {times}: {}\n",
        style.good("lesson"),
        style.bold(&visible(&titled(&lesson.rule))),
        style.code(lesson.rule.id.as_str()),
        evidence.incidents.join(", "),
    );
    for gate in lesson.gates.iter().filter(|gate| gate.name != "often") {
        text.push_str(&format!("  {} {}\n", style.added("✓"), visible(&gate.detail)));
    }
    text
}

/// A rule's text with its tests in one line: they are the incidents it rests on, once more.
pub(super) fn folded(text: &str, tests: usize, style: Style) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let is_key =
        |line: &&str| line.strip_prefix("    ").is_some_and(|rest| rest.starts_with(char::is_alphabetic));
    let Some(start) = lines.iter().position(|line| *line == "    tests:") else { return text.to_owned() };
    let len = lines[start + 1..].iter().position(is_key).unwrap_or(lines.len() - start - 1);
    let note = format!("… {}, {}", counted(tests, "incident", "incidents"), counted(len, "line", "lines"));
    let mut out = String::new();
    for (index, line) in lines.iter().enumerate() {
        if index == start {
            out.push_str(&format!("{line} {}\n", style.faint(&note)));
        } else if index < start || index > start + len {
            out.push_str(&format!("{line}\n"));
        }
    }
    out
}

/// What was not learned, and why, in a line each.
pub(super) fn refused(refused: &[&Refused], style: Style) -> String {
    if refused.is_empty() {
        return String::new();
    }
    let mut text = format!("{}\n", style.bold("Not learned"));
    for one in refused.iter().take(MOST_REFUSED) {
        let title = one.title.lines().next().unwrap_or_default();
        let count = match one.incidents.len() {
            1 => one.incidents[0].clone(),
            count => format!("{count} incidents"),
        };
        text.push_str(&format!(
            "  {}\n    {} {}\n",
            visible(&unfilled(title)),
            style.warn(&visible(&one.reason)),
            style.faint(&format!("({count})")),
        ));
    }
    if refused.len() > MOST_REFUSED {
        let more = refused.len() - MOST_REFUSED;
        text.push_str(&format!("  {}\n", style.faint(&format!("and {more} more; --format json has all"))));
    }
    text
}
