//! A lesson into a playbook's text, without touching what is there.
//!
//! YAML is not written anew but spliced: the rule's lines go after the last rule's, and all other bytes stay. Whether
//! that was right is not argued but seen: the new text is loaded, and must say what the old one said and the lesson.

mod compare;
mod emit;
mod learned;
mod observed;
mod place;
mod scalar;

use heal_model::{Lesson, Origin, Playbook, RuleId};

use crate::load::{Input, read};
use crate::yaml::Node;
use crate::{Code, LoadError, Problem, Severity};

use place::Splice;

/// Why a lesson can't be written into a playbook.
#[derive(Debug, thiserror::Error)]
pub enum AmendError {
    /// The playbook can't be used as it is.
    #[error("the playbook can't be used as it is")]
    Playbook(#[source] LoadError),
    /// The playbook has a rule of that name.
    #[error("the playbook has a rule `{id}` already: accept the lesson under another name")]
    Exists {
        /// The rule.
        id: RuleId,
    },
    /// The playbook's rules are written in a way that takes no further one.
    #[error("line {line}: {what}")]
    Style {
        /// From 1.
        line: u32,
        /// What stands in the way, and what to do about it.
        what: &'static str,
    },
    /// The lesson's rule holds something that learned rules do not.
    #[error("a learned rule can't have {what}")]
    Unwritable {
        /// What.
        what: &'static str,
    },
    /// The text with the rule in it would not load.
    #[error("with the rule, the playbook would not load")]
    NotLoadable(#[source] LoadError),
    /// The text with the rule in it would say something else.
    #[error("written into the playbook, `{id}` would not be what it is")]
    Differs {
        /// The rule that differs.
        id: RuleId,
    },
    /// A line of the playbook would be lost.
    #[error("line {line} of the playbook would be lost")]
    LosesLine {
        /// From 1.
        line: usize,
    },
}

/// Writes a lesson's rule after the last rule of a playbook.
///
/// Every other byte stays as it is: comments, indentation, line ends. Where the text holds nothing but comments, a
/// playbook is begun that has the name of the lesson's.
///
/// # Errors
/// When the text can't be used or takes no further rule, or when, loaded again, it would not be the old one and the
/// lesson alone.
pub fn amend(text: &str, lesson: &Lesson) -> Result<String, AmendError> {
    let (old, tree) = match parsed(text) {
        Ok(parsed) => parsed,
        Err(_) if is_bare(text) => return begin(text, lesson),
        Err(error) => return Err(AmendError::Playbook(error)),
    };
    let id = RuleId::new(&old.name, lesson.rule.id.rule());
    if old.rules.iter().any(|rule| rule.id == id) {
        return Err(AmendError::Exists { id });
    }
    let splices = place::after_rules(text, &tree)?;
    let mut first = None;
    for splice in splices {
        let new = splice.apply(text, &learned::written(&lesson.rule)?);
        match compare::whole(&old, text, &new, lesson) {
            Ok(()) => return Ok(new),
            Err(error) => first = first.or(Some(error)),
        }
    }
    Err(first.unwrap_or(AmendError::Style { line: 1, what: "there is no place for a rule" }))
}

/// Whether a text holds nothing but blank lines and comments.
fn is_bare(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').lines().all(|line| line.trim().is_empty() || line.starts_with('#'))
}

fn begin(text: &str, lesson: &Lesson) -> Result<String, AmendError> {
    let name = lesson.rule.id.playbook();
    let splice = Splice::at_end(text, &format!("heal: 1\nname: {name}\nrules:\n"), 2);
    let new = splice.apply(text, &learned::written(&lesson.rule)?);
    let (playbook, _) = parsed(&new).map_err(AmendError::NotLoadable)?;
    let nothing = Playbook { rules: Vec::new(), ..playbook };
    compare::whole(&nothing, text, &new, lesson)?;
    Ok(new)
}

/// Loads a text whose assets are of no interest here.
fn parsed(text: &str) -> Result<(Playbook, Node), LoadError> {
    let assets = |path: &str| heal_model::Asset { path: path.to_owned(), content: None };
    let origin = Origin::Named(String::new());
    let (source, read, mut problems) = read(&Input { origin, text: text.as_bytes(), assets: &assets });
    problems.retain(|problem| problem.severity == Severity::Error && problem.code != Code::MissingAsset);
    match read {
        Some(read) if problems.is_empty() => Ok(read),
        _ => {
            problems.iter_mut().for_each(|problem: &mut Problem| problem.locate(&source));
            Err(LoadError { path: "the playbook".to_owned(), text: source.text, problems })
        }
    }
}
