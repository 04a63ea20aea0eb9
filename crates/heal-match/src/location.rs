use std::collections::BTreeMap;

use heal_model::{Capture, Location, RelPath};

/// The place in the project that captures name: `file` or `path`, with `line` and `column` where they are numbers.
pub(crate) fn location(captures: &BTreeMap<String, Capture>) -> Option<Location> {
    let path = |name| captures.get(name).and_then(|capture: &Capture| RelPath::new(&capture.0).ok());
    let number = |name| captures.get(name).and_then(|capture: &Capture| capture.0.parse().ok());
    Some(Location {
        path: path("file").or_else(|| path("path"))?,
        line: number("line"),
        column: number("column"),
    })
}
