use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use heal_model::{Finding, Playbook, RefusalCode, RelPath, Source, Template, Used, World};
use serde_json::{Map, Value};

use crate::refused::Refused;
use crate::template::{Escape, Prepared, VALUES};
use crate::{python, source};

/// The variable that no playbook declares: the Python that the command used.
const PYTHON: &str = "python";

/// What a fix's templates know. Names bound by `as` come before captures, captures before the playbook's `vars`,
/// and those before its sources.
#[derive(Clone)]
pub(crate) struct Scope<'a> {
    playbook: &'a Playbook,
    /// What the trigger caught: text that others shaped.
    pub(crate) captures: BTreeMap<String, Value>,
    /// What captures of a document's nodes hold there, where that is no text: `json` writes it so.
    values: BTreeMap<String, Value>,
    /// What steps have bound.
    pub(crate) bindings: BTreeMap<String, Value>,
    /// The place the finding is about.
    pub(crate) location: Option<RelPath>,
    /// What is known of the command that failed; nothing where no fix is planned.
    pub(crate) used: Option<&'a Used>,
    /// What a person should know of the sources that were read.
    warnings: Rc<RefCell<BTreeSet<String>>>,
}

impl<'a> Scope<'a> {
    /// What is known before the first step.
    pub(crate) fn new(playbook: &'a Playbook, finding: Option<&Finding>) -> Self {
        let mut captures = BTreeMap::new();
        let location = finding.and_then(|finding| finding.location.as_ref());
        if let Some(location) = location {
            captures.insert("file".to_owned(), location.path.as_str().into());
            captures.extend(location.line.map(|line| ("line".to_owned(), line.into())));
            captures.extend(location.column.map(|column| ("column".to_owned(), column.into())));
        }
        let caught = finding.into_iter().flat_map(|finding| &finding.captures);
        captures.extend(caught.map(|(name, capture)| (name.clone(), capture.0.as_str().into())));
        let values = finding.map(|finding| finding.values.clone()).unwrap_or_default();
        let location = location.map(|location| location.path.clone());
        let bindings = BTreeMap::new();
        Self { playbook, captures, values, bindings, location, used: None, warnings: Rc::default() }
    }

    /// Notes what a person should know.
    pub(crate) fn warn(&self, warning: String) {
        self.warnings.borrow_mut().insert(warning);
    }

    /// What was noted, and is not told of yet.
    pub(crate) fn take_warnings(&self) -> BTreeSet<String> {
        std::mem::take(&mut self.warnings.borrow_mut())
    }

    /// Fills a template in.
    pub(crate) fn fill(
        &self,
        template: &Template,
        escape: Escape,
        world: &dyn World,
    ) -> Result<String, Refused> {
        let prepared = Prepared::new(template, escape, world.now())?;
        let data = self.data(&prepared, world)?;
        Self::filled(&prepared, &data)
    }

    /// Fills a template in with these values.
    pub(crate) fn filled(prepared: &Prepared, data: &Value) -> Result<String, Refused> {
        prepared.fill(data).map_err(|refused| {
            let wants =
                prepared.variables().any(|variable| variable.first().is_some_and(|name| name == PYTHON));
            match wants && data.get(PYTHON).is_none() {
                true => Refused::new(RefusalCode::NotFound, python::UNKNOWN),
                false => refused,
            }
        })
    }

    /// The values that a template names, and no others: sources are read only when they are wanted.
    pub(crate) fn data(&self, prepared: &Prepared, world: &dyn World) -> Result<Value, Refused> {
        let names: BTreeSet<&str> =
            prepared.variables().filter_map(|variable| variable.first().map(String::as_str)).collect();
        let (mut data, mut own) = (Map::new(), Map::new());
        for name in names {
            if let (Some(value), false) = (self.values.get(name), self.bindings.contains_key(name)) {
                own.insert(name.to_owned(), value.clone());
            }
            if let Some(value) = self.known(name) {
                data.insert(name.to_owned(), value);
            } else if let Some(from) = self.playbook.sources.get(name) {
                let path = self.place_of(from, world)?;
                let warn = |warning| self.warn(warning);
                data.insert(name.to_owned(), source::read(name, from, &path, world, &warn)?);
            } else if name == PYTHON {
                let python = self.used.and_then(|used| python::python(used, world));
                data.extend(python.map(|python| (name.to_owned(), python.into())));
            }
        }
        if !own.is_empty() {
            data.insert(VALUES.to_owned(), own.into());
        }
        Ok(Value::Object(data))
    }

    /// Where a source lies, filled in with all but the sources, so that none can need itself.
    fn place_of(&self, source: &Source, world: &dyn World) -> Result<RelPath, Refused> {
        let prepared = Prepared::new(&source.file, Escape::Plain, world.now())?;
        let names = prepared.variables().filter_map(|variable| variable.first());
        let data = names.filter_map(|name| Some((name.clone(), self.known(name)?))).collect();
        project_path(&prepared.fill(&Value::Object(data))?, self.location.as_ref(), world)
    }

    fn known(&self, name: &str) -> Option<Value> {
        if name == "vars" {
            let vars = self.playbook.vars.iter().map(|(name, value)| (name.clone(), value.clone()));
            return Some(Value::Object(vars.collect()));
        }
        let named = self.bindings.get(name).or_else(|| self.captures.get(name));
        named.or_else(|| self.playbook.vars.get(name)).cloned()
    }
}

/// A path of the project, with the reason where a text is not one. An absolute path is taken where it leads into the
/// project, or ends in the file the finding is about: tools print absolute paths as well, also of another machine.
pub(crate) fn project_path(
    text: &str,
    location: Option<&RelPath>,
    world: &dyn World,
) -> Result<RelPath, Refused> {
    RelPath::new(text).or_else(|bad| {
        let known = || location.filter(|location| text.ends_with(&format!("/{location}"))).cloned();
        world.localize(text).or_else(known).ok_or_else(|| {
            let reason = format!("{text:?} is not a path of the project: {bad}");
            Refused::new(RefusalCode::Outside, reason)
        })
    })
}
