use std::collections::{BTreeMap, BTreeSet};

use heal_model::{
    Asset, Defaults, Fold, FoldHow, LearningPolicy, Origin, Playbook, RuleId, Source, SourceKind,
};

use super::{Lower, captures};
use crate::problem::MOST_PROBLEMS;
use crate::shape::Lost;
use crate::source::Source as Text;
use crate::template::{Scope, Shape};
use crate::written::{self, Short};
use crate::yaml::Node;
use crate::{Code, Problem, Severity};

/// The version of the language.
const VERSION: u32 = 1;

/// A document of the right shape, beside its places.
pub(crate) struct Parts<'a> {
    pub(crate) written: written::Playbook,
    pub(crate) root: &'a Node,
    /// What was lost of rules whose shape is wrong, by where they start.
    pub(crate) lost: &'a BTreeMap<usize, Lost>,
    /// Variables and sources that were refused.
    pub(crate) globals: &'a BTreeSet<String>,
}

/// Makes a playbook of what is written.
pub(crate) fn playbook(
    parts: &Parts<'_>,
    origin: &Origin,
    source: &Text,
    read: &dyn Fn(&str) -> Asset,
) -> (Playbook, Vec<Problem>) {
    let Parts { written, root, lost, globals: refused } = parts;
    let [rules, files] =
        ["rules", "files"].map(|key| root.entry(key).map(|entry| entry.value.items()).unwrap_or_default());
    let mut lower = Lower {
        source,
        read,
        name: written.name.0.clone(),
        globals: globals(written, refused),
        lost,
        assets: BTreeMap::new(),
        problems: Vec::new(),
    };
    lower.version(written.heal, root);
    lower.distinct(written, rules);
    let playbook = Playbook {
        heal: written.heal,
        name: written.name.0.clone(),
        summary: written.summary.clone(),
        origin: origin.clone(),
        defaults: lower.defaults(written.defaults.as_ref(), root.at("defaults")),
        vars: written.vars.clone(),
        sources: lower.sources(&written.sources, root.at("sources")),
        files: written
            .files
            .iter()
            .zip(files)
            .map_while(|(file, at)| lower.unless_enough(|lower| lower.tier(file, at)))
            .collect(),
        rules: written
            .rules
            .iter()
            .zip(rules)
            .map_while(|(rule, at)| lower.unless_enough(|lower| lower.rule(rule, at)))
            .collect(),
        learning: written.learning.as_ref().map(|learning| lower.learning(learning, root.at("learning"))),
        assets: BTreeMap::new(),
    };
    (Playbook { assets: lower.assets, ..playbook }, lower.problems)
}

/// What every template knows. A variable or source that was refused is known by its name, or whatever uses it would be
/// told too.
fn globals(written: &written::Playbook, refused: &BTreeSet<String>) -> Scope {
    let mut scope = Scope::default();
    refused.iter().for_each(|name| scope.add(name, Shape::Any));
    let vars = written.vars.iter().map(|(name, value)| (name.clone(), Shape::of(value)));
    if !written.vars.is_empty() {
        scope.add("vars", Shape::Map(vars.collect()));
    }
    for (name, source) in &written.sources {
        let shape = match (&source.lines, &source.select) {
            (Some(lines), _) => {
                let names = captures::regex(lines).map(captures::names).unwrap_or_default();
                Shape::List(Box::new(Shape::record(names.iter().map(String::as_str))))
            }
            (None, Some(_)) => Shape::List(Box::new(Shape::Any)),
            (None, None) => Shape::Plain,
        };
        scope.add(name, shape);
    }
    for (name, value) in written.vars.iter().filter(|(name, _)| !written.sources.contains_key(*name)) {
        scope.add(name, Shape::of(value));
    }
    scope
}

impl Lower<'_> {
    /// Goes on only while there is room for errors: the worst playbook takes no longer than its first hundred.
    fn unless_enough<T>(&mut self, next: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let errors = self.problems.iter().filter(|problem| problem.severity == Severity::Error).count();
        (errors < MOST_PROBLEMS).then(|| next(self))
    }

    fn version(&mut self, version: u32, root: &Node) {
        if version != VERSION {
            let message = format!("this heal does not know version {version} of the language");
            let problem = self.wrong(Code::Version, root.at("heal"), message).label("not known");
            self.note(problem.help(format!("write `heal: {VERSION}`, or use a newer heal")));
        }
    }

    fn distinct(&mut self, written: &written::Playbook, nodes: &[Node]) {
        let mut first: BTreeMap<&str, u32> = BTreeMap::new();
        for (rule, node) in written.rules.iter().zip(nodes) {
            let (line, _) = self.source.place(node.span.start);
            if let Some(line) = first.get(rule.id.0.as_str()) {
                let id = RuleId::new(&self.name, &rule.id.0);
                let problem =
                    self.wrong(Code::DuplicateRule, node.at("id"), format!("there are two rules `{id}`"));
                self.note(
                    problem.label("again").help(format!("give this or the one in line {line} another id")),
                );
            } else {
                first.insert(&rule.id.0, line);
            }
        }
    }

    fn defaults(&mut self, written: Option<&written::Defaults>, at: &Node) -> Defaults {
        let mut defaults = Defaults::default();
        if let Some(timeout) = written.and_then(|defaults| defaults.timeout.as_ref()) {
            defaults.timeout = self.timeout(timeout);
        }
        if let Some(retry) = written.and_then(|defaults| defaults.retry.as_ref()) {
            defaults.retry = self.retry(retry, at.at("retry"));
        }
        defaults
    }

    fn sources(
        &mut self,
        written: &BTreeMap<String, written::Source>,
        at: &Node,
    ) -> BTreeMap<String, Source> {
        let scope = self.globals.clone();
        let mut sources = BTreeMap::new();
        for (name, source) in written {
            let at = at.at(name);
            let kind = match (&source.lines, &source.select) {
                (Some(lines), _) => SourceKind::Lines(self.captures_of(lines, at.at("lines"))),
                (None, Some(select)) => {
                    self.json_path(select, at.at("select"));
                    SourceKind::Nodes { select: select.clone(), fold: self.fold(source, at) }
                }
                (None, None) => {
                    debug_assert!(source.text.is_some(), "the schema asks for just one of three");
                    SourceKind::Text
                }
            };
            self.folds_nodes(source, at);
            let file = self.path(&source.file, &scope, at.at("file"));
            sources.insert(name.clone(), Source { file, kind });
        }
        sources
    }

    fn fold(&mut self, source: &written::Source, at: &Node) -> Option<Fold> {
        let (by, how, key) = match (&source.latest, &source.merged) {
            (Some(by), _) => (by, FoldHow::Latest, "latest"),
            (None, Some(by)) => (by, FoldHow::Merged, "merged"),
            (None, None) => return None,
        };
        self.json_path(by, at.at(key));
        Some(Fold { by: by.clone(), how })
    }

    /// Records are folded one way, and only where nodes are selected of them.
    fn folds_nodes(&mut self, source: &written::Source, at: &Node) {
        let keys = [("latest", &source.latest), ("merged", &source.merged)];
        let given: Vec<&str> =
            keys.iter().filter(|(_, value)| value.is_some()).map(|(key, _)| *key).collect();
        let (message, help) = match (given.len(), &source.select) {
            (0, _) | (1, Some(_)) => return,
            (1, None) => (format!("`{}` needs `select`", given[0]), "add `select: \"$[*]\"` for all records"),
            _ => ("`latest` and `merged` can't both be".to_owned(), "take one of them out"),
        };
        let last = given[given.len() - 1];
        let problem = self.wrong(Code::Fold, at.at(last), message);
        self.note(problem.label("folds nothing").help(help));
    }

    /// A pattern whose captures are what it is for.
    fn captures_of(&mut self, written: &written::Pattern, at: &Node) -> heal_model::Pattern {
        let names = captures::regex(written).map(captures::names).unwrap_or_default();
        if names.is_empty() {
            let at = if matches!(written, Short::Long(_)) { at.at("regex") } else { at };
            let problem = self.wrong(Code::MissingCapture, at, "this pattern captures nothing");
            self.note(problem.label("each object would be empty").help("name what is taken: `(?<title>.+)`"));
        }
        self.pattern(written, at)
    }

    fn learning(&mut self, written: &written::Learning, at: &Node) -> LearningPolicy {
        if let Some(path) = &written.pattern_file {
            self.inside(path, at.at("pattern_file"));
        }
        LearningPolicy {
            store_new_patterns: written.store_new_patterns.unwrap_or(true),
            pattern_file: written.pattern_file.clone(),
            min_occurrences_to_save: written.min_occurrences_to_save.unwrap_or(2),
        }
    }
}
