use heal_model::{DocumentTrigger, RelPath};
use serde_json::Value;
use serde_json_path::{JsonPath, LocatedNode};

use super::budget::text;
use super::look::Look;
use super::paths::Paths;
use super::read::parse;
use super::spot::{Captures, Spot};
use super::time::{is_older, time};

impl Look<'_> {
    /// The nodes of documents of which all that the trigger asks for holds.
    pub(crate) fn document(&mut self, trigger: &DocumentTrigger, given: &Captures) -> Vec<Spot> {
        let path = JsonPath::parse(&trigger.select);
        let select = match path {
            Ok(select) => select,
            Err(error) => {
                self.doubt(format!("`{}`: {error}", trigger.select));
                return Vec::new();
            }
        };
        let files = match self.paths(&trigger.file, given) {
            None => Vec::new(),
            Some(Paths::One(path)) => vec![path],
            Some(Paths::Fitting(paths)) => paths,
        };
        files.iter().flat_map(|file| self.nodes(trigger, &select, file)).collect()
    }

    fn nodes(&mut self, trigger: &DocumentTrigger, select: &JsonPath, file: &RelPath) -> Vec<Spot> {
        let Some(Some(content)) = self.known(self.world.read(file)) else { return Vec::new() };
        let value = match parse(file.as_str(), &content) {
            Ok(value) => value,
            Err(why) => {
                self.doubt(why);
                return Vec::new();
            }
        };
        let nodes = select.query_located(&value);
        let spot = Spot::default().with("file", file.as_str());
        if trigger.missing {
            return if nodes.is_empty() { vec![spot] } else { Vec::new() };
        }
        nodes.iter().filter_map(|node| self.node(trigger, node, file, &spot)).collect()
    }

    fn node(
        &mut self,
        trigger: &DocumentTrigger,
        node: &LocatedNode<'_>,
        file: &RelPath,
        spot: &Spot,
    ) -> Option<Spot> {
        let pointer = node.location().to_json_pointer();
        let value = node.node();
        let shown = text(value);
        let number = value.as_f64();
        let holds = trigger.equals.as_ref().is_none_or(|wanted| same(wanted, value))
            && trigger.more_than.is_none_or(|least| number.is_some_and(|number| number > least))
            && trigger.less_than.is_none_or(|most| number.is_some_and(|number| number < most));
        if !holds {
            return None;
        }
        if let Some(age) = trigger.older_than {
            let Some(time) = time(&shown) else {
                self.doubt(format!("{file}: {pointer} is not a time: `{shown}`"));
                return None;
            };
            if !is_older(time, self.world.now(), age) {
                return None;
            }
        }
        let mut found = spot.clone();
        if let Some(pattern) = &trigger.matches {
            let pattern = self.compiled(pattern)?;
            let caught = self.search(&pattern, shown.as_bytes())?;
            found = found.with_groups(&caught, shown.as_bytes());
        }
        for (name, path) in &trigger.bind {
            let path =
                JsonPath::parse(path).map_err(|error| self.doubt(format!("`{path}`: {error}"))).ok()?;
            if let Some(inner) = path.query(value).first() {
                found = found.with_node(name, inner);
            }
        }
        Some(found.with_node("node", value).with("pointer", pointer))
    }
}

/// Whether two values are the same, `1` and `1.0` counting as one.
fn same(one: &Value, other: &Value) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}
