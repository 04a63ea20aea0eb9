use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use granit_parser::ScalarStyle;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

use super::explain::sibling;
use super::schema_at;
use crate::lower::captures;
use crate::problem::MOST_PROBLEMS;
use crate::schema::VALIDATOR;
use crate::yaml::{Entry, Kind, Node};

/// How often what is left is looked at again: taking one value out may leave the map around it wanting.
const ROUNDS: usize = 16;

/// A document of the right shape, made of one that was not.
pub(crate) struct Pruned {
    pub(crate) root: Node,
    pub(crate) value: Value,
    /// What was lost of each rule, by where the rule starts.
    pub(crate) lost: BTreeMap<usize, Lost>,
    /// Variables and sources that were taken out: every rule may use them all the same.
    pub(crate) globals: BTreeSet<String>,
}

/// What a rule would have known, had it not been refused.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lost {
    /// Captures, and names that steps bind.
    pub(crate) names: BTreeSet<String>,
    /// Whether it has no trigger left: then any name may be one of its captures.
    pub(crate) trigger: bool,
}

/// Takes out of a document what is refused, value by value, and puts in what is missing, so that all the rest can be
/// read and its mistakes told as well. Gives nothing where nothing of a playbook would be left.
pub(crate) fn prune(root: Node) -> Option<Pruned> {
    let mut pruned = Pruned { value: root.value(), root, lost: BTreeMap::new(), globals: BTreeSet::new() };
    for _ in 0..ROUNDS {
        let changes = changes(&pruned);
        if changes.is_empty() {
            return Some(pruned);
        }
        pruned.change(changes)?;
    }
    None
}

/// A change to the document; the place is a path of keys and indexes.
enum Change {
    Take(Path),
    Put { at: Path, key: String, node: Node },
}

type Path = Vec<String>;

fn changes(pruned: &Pruned) -> Vec<Change> {
    let mut changes = Vec::new();
    for error in VALIDATOR.iter_errors(&pruned.value).take(MOST_PROBLEMS) {
        let parts = error.into_parts();
        let at = path(parts.instance_path.as_str());
        let node = pruned.root.pointed(parts.instance_path.as_str());
        of_fault(&parts.kind, parts.schema_path.as_str(), at, node, &mut changes);
    }
    changes
}

fn of_fault(kind: &ValidationErrorKind, keyword: &str, at: Path, node: &Node, changes: &mut Vec<Change>) {
    let inner = |key: &str| [at.as_slice(), &[key.to_owned()]].concat();
    match kind {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            changes.extend(unexpected.iter().map(|key| Change::Take(inner(key))));
        }
        ValidationErrorKind::OneOfMultipleValid { .. } => {
            let keys = one_of(keyword);
            let given = node.entries().iter().filter(|entry| keys.contains(&entry.key.as_str()));
            changes.extend(given.skip(1).map(|entry| Change::Take(inner(&entry.key))));
        }
        ValidationErrorKind::Required { property } => {
            let key = property.as_str().unwrap_or_default();
            changes.push(put_or_take(stand_in(&at, key, keyword, node), key, at));
        }
        ValidationErrorKind::OneOfNotValid { .. } => {
            let keys = one_of(keyword);
            let is_kind = keys.contains(&"guide") || keys.contains(&"output");
            let key = keys.into_iter().find(|key| !is_kind && plain(keyword, key).is_some());
            let put = key.and_then(|key| plain(keyword, key)).map(|text| scalar(&text, node));
            changes.push(put_or_take(put, key.unwrap_or_default(), at));
        }
        _ => changes.push(Change::Take(at)),
    }
}

fn put_or_take(put: Option<Node>, key: &str, at: Path) -> Change {
    match put {
        Some(node) => Change::Put { at, key: key.to_owned(), node },
        None => Change::Take(at),
    }
}

/// The keys of which just one may be given.
fn one_of(keyword: &str) -> Vec<&'static str> {
    let options = schema_at(keyword).and_then(Value::as_array).into_iter().flatten();
    options.filter_map(|option| option["required"][0].as_str()).collect()
}

/// What takes the place of a key that is missing: something that nothing more can be wrong with.
fn stand_in(at: &Path, key: &str, keyword: &str, node: &Node) -> Option<Node> {
    match (at.first().map(String::as_str), at.len(), key) {
        (None, _, "heal") => Some(scalar("1", node)),
        (None, _, "name") => Some(scalar("unnamed", node)),
        (Some("rules"), 2, "id") => Some(scalar(&format!("unnamed-{}", node.span.start), node)),
        (Some("rules"), 2, "trigger") => {
            let value = scalar("unseen", node);
            let entry = Entry { key: "output".to_owned(), key_span: value.span.clone(), value };
            Some(Node { span: node.span.clone(), kind: Kind::Map(vec![entry]) })
        }
        (Some("files"), 2, "tier") => None,
        _ => plain(keyword, key).map(|text| scalar(&text, node)),
    }
}

/// A value that a key beside a keyword may have, where it takes any text, one of a few words, or a number.
fn plain(keyword: &str, key: &str) -> Option<String> {
    let near = || sibling(keyword, "properties");
    let above = || keyword.rsplit_once("/allOf/").and_then(|(above, _)| schema_at(above)?.get("properties"));
    let schema = near().or_else(above)?.get(key)?;
    if let Some(word) = schema["enum"][0].as_str() {
        return Some(word.to_owned());
    }
    let is = |name: &str| match &schema["type"] {
        Value::Array(types) => types.iter().any(|one| one == name),
        one => one == name,
    };
    match () {
        () if key == "select" => Some("$".to_owned()),
        () if is("string") && schema["pattern"].is_null() => Some("x".to_owned()),
        () if is("integer") => Some("1".to_owned()),
        () => None,
    }
}

fn scalar(text: &str, near: &Node) -> Node {
    let start = near.span.start;
    Node { span: start..start, kind: Kind::Scalar { text: text.to_owned(), style: ScalarStyle::Plain } }
}

fn path(pointer: &str) -> Path {
    pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect()
}

impl Pruned {
    /// Takes one value out and goes on: what serde refuses and the schema does not.
    pub(crate) fn without(mut self, pointer: &str) -> Option<Self> {
        self.change(vec![Change::Take(path(pointer))])?;
        let Self { root, lost, globals, .. } = self;
        let mut again = prune(root)?;
        again.globals.extend(globals);
        for (rule, before) in lost {
            let known = again.lost.entry(rule).or_default();
            known.names.extend(before.names);
            known.trigger |= before.trigger;
        }
        Some(again)
    }

    fn change(&mut self, changes: Vec<Change>) -> Option<()> {
        let mut taken = Vec::new();
        for change in changes {
            match change {
                Change::Take(at) => taken.push(at),
                Change::Put { at, key, node } => {
                    if let ([list, _], "trigger") = (at.as_slice(), key.as_str())
                        && list == "rules"
                    {
                        self.lost_of(&at).trigger = true;
                    }
                    self.put(&at, key, node);
                }
            }
        }
        // Last things first, so that what is still to be taken stays at its place.
        taken.sort_by(|one, other| order(other, one));
        taken.dedup();
        for at in taken {
            let gone = self.take(&at)?;
            match at.iter().map(String::as_str).collect::<Vec<_>>()[..] {
                ["rules", _, _, ..] => names(&gone, &mut self.lost_of(&at).names),
                ["vars" | "sources", name] => drop(self.globals.insert(name.to_owned())),
                ["vars" | "sources"] => {
                    self.globals.extend(gone.entries().iter().map(|entry| entry.key.clone()));
                }
                _ => {}
            }
        }
        self.value = self.root.value();
        Some(())
    }

    fn lost_of(&mut self, at: &Path) -> &mut Lost {
        let rule = self.root.pointed(&format!("/rules/{}", at[1])).span.start;
        self.lost.entry(rule).or_default()
    }

    fn put(&mut self, at: &Path, key: String, value: Node) {
        let key_span = value.span.clone();
        if let Some(Kind::Map(entries)) = self.found(at).map(|node| &mut node.kind)
            && entries.iter().all(|entry| entry.key != key)
        {
            entries.push(Entry { key, key_span, value });
        }
    }

    fn take(&mut self, at: &Path) -> Option<Node> {
        let (last, above) = at.split_last()?;
        match &mut self.found(above)?.kind {
            Kind::List(items) => {
                let index: usize = last.parse().ok()?;
                (index < items.len()).then(|| items.remove(index))
            }
            Kind::Map(entries) => {
                let index = entries.iter().position(|entry| entry.key == *last)?;
                Some(entries.remove(index).value)
            }
            Kind::Scalar { .. } => None,
        }
    }

    fn found(&mut self, at: &[String]) -> Option<&mut Node> {
        at.iter().try_fold(&mut self.root, |node, part| match &mut node.kind {
            Kind::List(items) => items.get_mut(part.parse::<usize>().ok()?),
            Kind::Map(entries) => {
                entries.iter_mut().find(|entry| entry.key == *part).map(|entry| &mut entry.value)
            }
            Kind::Scalar { .. } => None,
        })
    }
}

/// The order of a document; indexes are numbers.
fn order(one: &Path, other: &Path) -> Ordering {
    let parts =
        one.iter().zip(other).map(|(one, other)| match (one.parse::<usize>(), other.parse::<usize>()) {
            (Ok(one), Ok(other)) => one.cmp(&other),
            _ => one.cmp(other),
        });
    parts.into_iter().find(|order| order.is_ne()).unwrap_or_else(|| one.len().cmp(&other.len()))
}

/// The names that a value would have brought: captures of its patterns, and what steps in it bind.
fn names(node: &Node, found: &mut BTreeSet<String>) {
    match &node.kind {
        Kind::Scalar { text, .. } => found.extend(captures::names(text)),
        Kind::List(items) => items.iter().for_each(|item| names(item, found)),
        Kind::Map(entries) => {
            for entry in entries {
                found.extend(captures::of_kind(&entry.key).iter().map(|name| (*name).to_owned()));
                if let ("as", Kind::Scalar { text, .. }) = (entry.key.as_str(), &entry.value.kind) {
                    found.insert(text.clone());
                }
                names(&entry.value, found);
            }
        }
    }
}
