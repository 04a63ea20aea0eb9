use heal_model::{Asset, Lesson, Origin};
use heal_playbook::{Input, load};

use super::super::arguments::Learn;
use super::super::consent;
use super::super::session::Session;
use super::shown;
use crate::Extractors;
use crate::learning::{rule_text, tried};

const KEYS: &str = "[a]ccept  [r]eject  [e]dit  [s]how its tests  [q]uit";

/// What came of asking about lessons.
pub(super) enum Reviewed {
    /// These are to be written.
    Chosen(Vec<Lesson>),
    /// There was nobody to ask, or nothing to ask about.
    NotAsked,
}

/// Whether the lessons are gone through with a person at the terminal.
pub(super) fn asks(session: &Session<'_>, wanted: &Learn) -> bool {
    let asks = !wanted.yes && !wanted.dry_run && wanted.accept.is_none() && session.is_text();
    asks && consent::is_anybody_there(session)
}

/// Goes through the lessons one by one.
pub(super) fn review(session: &mut Session<'_>, lessons: &[Lesson]) -> Reviewed {
    let mut chosen = Vec::new();
    for proposed in lessons {
        let mut lesson = proposed.clone();
        loop {
            let style = session.console.style();
            let text = rule_text(&lesson).unwrap_or_default();
            let text = shown::folded(&text, lesson.rule.tests.len(), style);
            session.console.out(&format!("\n{}\n{text}", shown::lesson(&lesson, style)));
            let Some(answer) = consent::key(session, "Write this rule?", KEYS) else {
                return Reviewed::NotAsked;
            };
            match answer.as_str() {
                "a" | "accept" | "y" | "yes" => {
                    chosen.push(lesson);
                    break;
                }
                "r" | "reject" | "n" | "no" => {
                    reject(session, proposed);
                    break;
                }
                "e" | "edit" => lesson = edited(session, lesson),
                "s" | "show" => session.console.out(&rule_text(&lesson).unwrap_or_default()),
                "q" | "quit" | "" => return Reviewed::Chosen(chosen),
                _ => session.console.out("Type a, r, e, s or q.\n"),
            }
        }
    }
    Reviewed::Chosen(chosen)
}

/// Writes down that no rule is wanted for a lesson, and how to take that back.
fn reject(session: &mut Session<'_>, lesson: &Lesson) {
    let text = match session.host.reject(lesson) {
        Ok(()) => format!("Rejected: heal learn --accept {} takes it back.\n", lesson.rule.id.rule()),
        Err(error) => format!("It will be proposed again: {error}.\n"),
    };
    session.console.out(&text);
}

/// The lesson as a person has rewritten it in an editor; what can't be used is told, and the lesson stays as it was.
fn edited(session: &mut Session<'_>, lesson: Lesson) -> Lesson {
    let name = lesson.rule.id.playbook();
    let Some(rule) = rule_text(&lesson) else { return lesson };
    let text = format!("heal: 1\nname: {name}\nrules:\n{rule}");
    let written = match session.host.edit_text(&text) {
        Ok(written) => written,
        Err(error) => {
            session.console.out(&format!("It was not edited: {error}.\n"));
            return lesson;
        }
    };
    let assets = |path: &str| Asset { path: path.to_owned(), content: None };
    let origin = Origin::Named("the rule".to_owned());
    let loaded = load(&Input { origin, text: written.as_bytes(), assets: &assets });
    let rule = match loaded {
        Ok(mut loaded) if loaded.playbook.rules.len() == 1 => loaded.playbook.rules.remove(0),
        Ok(_) => {
            session.console.out("It must stay one rule: the lesson is as it was.\n");
            return lesson;
        }
        Err(error) => {
            let first = &error.problems[0];
            let text = format!("line {}: {}; the lesson is as it was.\n", first.line, first.message);
            session.console.out(&text);
            return lesson;
        }
    };
    let rewritten = Lesson { rule, ..lesson.clone() };
    match tried(&rewritten, &Extractors::open(&session.host).whole()) {
        Ok(()) => rewritten,
        Err(reason) => {
            session.console.out(&format!("It can't be written so: {reason}. The lesson is as it was.\n"));
            lesson
        }
    }
}
