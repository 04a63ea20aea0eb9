use heal_model::{Asset, Origin, Playbook};
use serde_path_to_error::Segment;

use crate::lower::{self, Parts};
use crate::problem::MOST_PROBLEMS;
use crate::shape::{self, Pruned};
use crate::source::Source;
use crate::yaml::{self, Node};
use crate::{Code, LoadError, Problem, Severity, written};

/// A playbook's text, and how to read the files it refers to.
pub struct Input<'a> {
    /// Where it comes from.
    pub origin: Origin,
    /// Its bytes.
    pub text: &'a [u8],
    /// Reads a file that the playbook refers to, by the path it names it by.
    pub assets: &'a dyn Fn(&str) -> Asset,
}

/// A playbook that can be used.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// The playbook.
    pub playbook: Playbook,
    /// What could be better, in the order of the text.
    pub warnings: Vec<Problem>,
}

/// Loads a playbook.
///
/// The text is read in steps, each of which sees what the one before let through: bytes, YAML, the schema, meaning.
/// What one step refuses does not hide what is wrong with the rest, even of the same rule.
///
/// # Errors
/// Tells all that is wrong, where, and what to type instead.
pub fn load(input: &Input<'_>) -> Result<Loaded, LoadError> {
    let (source, read, mut problems) = read(input);
    problems.iter_mut().for_each(|problem| problem.locate(&source));
    problems.sort_by_key(|problem| (problem.span.start, problem.span.end, problem.code));
    let wrong = problems.iter().any(|problem| problem.severity == Severity::Error);
    if problems.len() > MOST_PROBLEMS && wrong {
        problems.retain(|problem| problem.severity == Severity::Error);
    }
    problems.truncate(MOST_PROBLEMS);
    match read {
        Some((playbook, _)) if !wrong => Ok(Loaded { playbook, warnings: problems }),
        _ => Err(LoadError { path: input.origin.path().to_owned(), text: source.text, problems }),
    }
}

/// Reads a text as far as it goes: its tree and what it means are there where they could be made out.
pub(crate) fn read(input: &Input<'_>) -> (Source, Option<(Playbook, Node)>, Vec<Problem>) {
    let (source, undecodable) = Source::decode(input.text);
    if let Some(problem) = undecodable {
        return (source, None, vec![problem]);
    }
    let (root, mut problems) = yaml::parse(&source);
    let Some(root) = root else { return (source, None, problems) };
    let value = root.value();
    problems.extend(shape::check(&root, &value, &source));
    if problems.len() >= MOST_PROBLEMS {
        return (source, None, problems);
    }
    let Some((written, pruned)) = written(root, &source, &mut problems) else {
        return (source, None, problems);
    };
    let parts = Parts { written, root: &pruned.root, lost: &pruned.lost, globals: &pruned.globals };
    let (playbook, more) = lower::playbook(&parts, &input.origin, &source, input.assets);
    problems.extend(more);
    (source, Some((playbook, pruned.root)), problems)
}

/// Reads the part of a document that has the right shape. What serde alone refuses is told, and left out.
fn written(root: Node, source: &Source, problems: &mut Vec<Problem>) -> Option<(written::Playbook, Pruned)> {
    let mut pruned = shape::prune(root)?;
    loop {
        let error = match serde_path_to_error::deserialize(&pruned.value) {
            Ok(written) => return Some((written, pruned)),
            Err(error) => error,
        };
        let pointer: String = error.path().iter().map(part).collect();
        problems.push(refused(&pointer, &pruned, source));
        if problems.len() >= MOST_PROBLEMS {
            return None;
        }
        pruned = pruned.without(&pointer)?;
    }
}

fn part(segment: &Segment) -> String {
    match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
        Segment::Enum { .. } | Segment::Unknown => String::new(),
    }
}

/// What the schema takes and serde does not: `2.0` is a whole number to the one and not to the other.
fn refused(pointer: &str, pruned: &Pruned, source: &Source) -> Problem {
    let node = pruned.root.pointed(pointer);
    let name = pointer.rsplit('/').next().unwrap_or_default();
    let problem = |message: String| Problem::new(Code::WrongType, node.head(&source.text), message);
    match node.value().as_f64() {
        Some(number) if number.fract() == 0.0 => {
            problem(format!("`{name}` must be a whole number, without a point"))
                .label("written as a fraction")
                .help(format!("write `{number}`"))
        }
        _ => problem(format!("`{name}` can't be this")).label("not of the right form"),
    }
}
