//! What a Handlebars template asks for, checked against what is known where it stands.

mod blank;
mod scope;
mod walk;

use std::ops::Range;

use handlebars::template::Template;
use handlebars::{TemplateError, TemplateErrorReason};

use crate::source::Source;

pub(crate) use blank::blanked;
pub(crate) use heal_model::HELPERS;
pub(crate) use scope::{Scope, Shape};

/// The helpers that a template may call.
#[must_use]
pub fn helpers() -> &'static [&'static str] {
    HELPERS
}

/// The longest template, in bytes.
const LONGEST: usize = 64 * 1024;
/// How many blocks and how many brackets in one expression there may be; what reads a template calls itself for each.
const MOST: usize = 128;

/// What is wrong with a template, and where in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Slip {
    pub(crate) span: Range<usize>,
    pub(crate) kind: SlipKind,
}

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SlipKind {
    /// It can't be read.
    Syntax(String),
    /// There is no such helper.
    Helper(String),
    /// There is no such variable: the whole path, the part of it that is not known, what is known in its stead.
    Variable { path: String, part: String, known: Vec<String> },
    /// It does more than name something, where only names are filled in.
    MoreThanName,
}

/// Checks a template against what is known where it stands.
pub(crate) fn check(text: &str, scope: &Scope) -> Vec<Slip> {
    if !text.contains("{{") {
        return Vec::new();
    }
    if let Some(slip) = too_much(text) {
        return vec![slip];
    }
    let more = match walk::plain(text, scope) {
        Ok(slips) => return slips,
        Err(more) => more,
    };
    if scope.names_alone {
        let end = text[more..].find("}}").map_or(text.len(), |end| more + end + 2);
        return vec![Slip { span: more..end, kind: SlipKind::MoreThanName }];
    }
    match Template::compile(text) {
        Ok(template) => walk::walk(&template, text, scope),
        Err(error) => vec![syntax(text, &error)],
    }
}

/// Counts from above, as strings and comments may hide where an expression ends.
fn too_much(text: &str) -> Option<Slip> {
    let slip =
        |at: usize, message: &str| Slip { span: at..at + 2, kind: SlipKind::Syntax(message.to_owned()) };
    if text.len() > LONGEST {
        return Some(slip(0, "the template is longer than 64 KiB"));
    }
    let mut blocks = 0;
    for (at, _) in text.match_indices("{{") {
        let rest = &text[at + 2..];
        blocks += usize::from(rest.trim_start_matches('~').starts_with(['#', '{']));
        if blocks > MOST {
            return Some(slip(at, "the template holds more than 128 blocks"));
        }
        let end = rest.find("}}").unwrap_or(rest.len());
        let hides = rest[..end].contains(['"', '\'', '[']);
        let end = if hides { rest.find("{{").unwrap_or(rest.len()).max(end) } else { end };
        if rest[..end].matches(['(', '[', '{']).count() > MOST {
            return Some(slip(at, "an expression of the template holds more than 128 brackets"));
        }
    }
    None
}

fn syntax(text: &str, error: &TemplateError) -> Slip {
    let opened = text.matches("{{").count();
    let message = match error.reason() {
        TemplateErrorReason::MismatchingClosedHelper(open, close) => {
            format!("the block `{open}` is closed as `{close}`")
        }
        _ if text.matches("}}").count() < opened => "`{{` is not closed".to_owned(),
        _ if text.matches("{{/").count() < text.matches("{{#").count() => "a block is not closed".to_owned(),
        _ => "this is not Handlebars".to_owned(),
    };
    let at = error.pos().map_or(0, |(line, column)| Source::offset_in(text, line, column));
    let start = text[..at].rfind("{{").unwrap_or_else(|| text.find("{{").unwrap_or_default());
    let end = text[start..].find("}}").map_or(text.len(), |end| start + end + 2);
    Slip { span: start..end, kind: SlipKind::Syntax(message) }
}
