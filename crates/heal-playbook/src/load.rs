use heal_model::{Asset, Origin, Playbook};
use serde_json::{Map, Value, json};

use crate::lower::{self, Parts};
use crate::source::Source;
use crate::yaml::{self, Node};
use crate::{Code, LoadError, Problem, Severity, shape, written};

/// How many problems are told; what comes after them is mostly what they lead to.
pub(crate) const MOST_PROBLEMS: usize = 100;

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
/// A rule or file that one step refuses does not hide what is wrong with the others.
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
    let shape = shape::check(&root, &value, &source);
    problems.extend(shape.problems);
    let (value, rules, files) = usable(value, &root, &shape.broken);
    match serde_path_to_error::deserialize::<_, written::Playbook>(&value) {
        Ok(written) => {
            let parts = Parts { written, root: &root, rules, files };
            let (playbook, more) = lower::playbook(&parts, &input.origin, &source, input.assets);
            problems.extend(more);
            (source, Some((playbook, root)), problems)
        }
        Err(error) => {
            if problems.is_empty() {
                let span = root.head(&source.text);
                let message = format!("{}: {}", error.path(), error.inner());
                problems.push(Problem::new(Code::WrongType, span, message));
            }
            (source, None, problems)
        }
    }
}

/// Takes out what is broken, so that the rest can be read: keys and steps of rules, whole rules, files, and top keys.
fn usable<'a>(value: Value, root: &'a Node, broken: &[String]) -> (Value, Vec<&'a Node>, Vec<&'a Node>) {
    let mut members = match value {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    let is_broken = |pointer: &str| {
        broken.iter().any(|broken| {
            broken.strip_prefix(pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    };
    let mut kept = |key: &str| {
        let nodes = root.entry(key).map(|entry| entry.value.items()).unwrap_or_default();
        let Some(Value::Array(items)) = members.get_mut(key) else {
            members.remove(key);
            return Vec::new();
        };
        let mends = |(index, item)| sound(item, &format!("/{key}/{index}/"), broken);
        let fine: Vec<bool> = items.iter_mut().enumerate().map(mends).collect();
        let fine: Vec<bool> = fine
            .iter()
            .enumerate()
            .map(|(index, sound)| *sound && !broken.contains(&format!("/{key}/{index}")))
            .collect();
        let mut each = fine.iter();
        items.retain(|_| each.next() == Some(&true));
        nodes.iter().zip(&fine).filter(|(_, fine)| **fine).map(|(node, _)| node).collect()
    };
    let (rules, files) = (kept("rules"), kept("files"));
    let known = ["heal", "name", "summary", "defaults", "vars", "sources", "learning", "rules", "files"];
    members.retain(|key, _| {
        known.contains(&key.as_str()) && (key == "rules" || key == "files" || !is_broken(&format!("/{key}")))
    });
    members.entry("heal").or_insert(json!(1));
    members.entry("name").or_insert(json!("unnamed"));
    (Value::Object(members), rules, files)
}

/// Takes out of a rule or file what is broken below `at`, so that its other mistakes are told too.
///
/// What later steps know depends on earlier ones, so they go with the first that is broken. Without its trigger, or
/// its path, nothing can be said of the rest: then it is not sound.
fn sound(item: &mut Value, at: &str, broken: &[String]) -> bool {
    let Value::Object(members) = item else { return false };
    for rest in broken.iter().filter_map(|pointer| pointer.strip_prefix(at)) {
        let mut parts = rest.split('/');
        match parts.next().unwrap_or_default() {
            "id" => drop(members.insert(
                "id".to_owned(),
                json!(format!("unnamed{}", at.trim_end_matches('/').replace('/', "-"))),
            )),
            "title" => drop(members.insert("title".to_owned(), json!("untitled"))),
            "trigger" | "captures" | "path" | "tier" => return false,
            list @ ("steps" | "tests") => {
                let first = parts.next().and_then(|index| index.parse().ok()).unwrap_or(0);
                if let Some(Value::Array(items)) = members.get_mut(list) {
                    items.truncate(first);
                } else {
                    members.remove(list);
                }
            }
            other => drop(members.remove(&other.replace("~1", "/").replace("~0", "~"))),
        }
    }
    true
}
