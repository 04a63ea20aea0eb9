use std::collections::BTreeMap;

use heal_model::{RateTrigger, Records};
use heal_pattern::{Caught, Compiled};

use super::look::Look;
use super::paths::Paths;
use super::spot::{Captures, Spot};
use super::time::{is_older, time};
use crate::seen::LONGEST_LINE;

/// How many records there were, and how many failed.
#[derive(Clone, Copy, Default)]
struct Share {
    total: u32,
    failures: u32,
}

impl Look<'_> {
    /// The groups of records of which too many fail.
    pub(crate) fn rate(&mut self, trigger: &RateTrigger, given: &Captures) -> Vec<Spot> {
        let Records::File(file) = &trigger.of;
        let Some(Paths::One(path)) = self.paths(file, given) else { return Vec::new() };
        let Some(Some(content)) = self.known(self.world.read(&path)) else { return Vec::new() };
        let patterns = (self.compiled(&trigger.record), self.compiled(&trigger.failing));
        let (Some(record), Some(failing)) = patterns else { return Vec::new() };
        let mut groups: BTreeMap<String, Share> = BTreeMap::new();
        for line in content.split(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let line = &line[..line.len().min(LONGEST_LINE)];
            let Some(caught) = self.search(&record, line) else { continue };
            if !self.is_recent(trigger, &caught, line) {
                continue;
            }
            let group = trigger.by.as_ref().and_then(|by| group(&caught, by, line)).unwrap_or_default();
            let share = groups.entry(group).or_default();
            share.total += 1;
            share.failures += u32::from(self.fails(&failing, line));
        }
        let over = |(group, share): (String, Share)| {
            let rate = f64::from(share.failures) / f64::from(share.total);
            let many = share.total >= trigger.at_least && rate > trigger.over;
            many.then(|| {
                Spot::default()
                    .with("file", path.as_str())
                    .with("group", group)
                    .with("failures", share.failures.to_string())
                    .with("total", share.total.to_string())
                    .with("percent", percent(rate))
            })
        };
        groups.into_iter().filter_map(over).collect()
    }

    fn fails(&mut self, failing: &Compiled, line: &[u8]) -> bool {
        self.search(failing, line).is_some()
    }

    /// Whether a record is young enough. One without a time that can be read is not, and that is a doubt.
    fn is_recent(&mut self, trigger: &RateTrigger, caught: &Caught, line: &[u8]) -> bool {
        let Some(window) = trigger.window else { return true };
        let text = group(caught, "time", line);
        match text.as_deref().and_then(time) {
            Some(time) => !is_older(time, self.world.now(), window),
            None => {
                let text = text.map_or_else(|| "no capture `time`".to_owned(), |text| format!("`{text}`"));
                self.doubt(format!("a record has no time that can be read: {text}"));
                false
            }
        }
    }
}

fn group(caught: &Caught, name: &str, line: &[u8]) -> Option<String> {
    let group = caught.groups.iter().find(|group| group.name == name)?;
    Some(String::from_utf8_lossy(&line[group.range.clone()]).into_owned())
}

/// A share as a percentage with one decimal at most: `12.5`, `20`.
fn percent(rate: f64) -> String {
    let text = format!("{:.1}", rate * 100.0);
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}
