mod eslint;
mod mypy;
mod pylint;
mod pytest;
mod ruff;
mod rustc;
mod sarif;
mod shellcheck;
mod stream;
mod terraform;
mod value;

use heal_model::Diagnostic;
use serde_json::Value;

use crate::Format;
pub(crate) use stream::{Element, Progress, Stream};

/// What an element of a JSON report says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Said {
    /// Nothing that is known.
    Unknown,
    /// These.
    Diagnostics(Vec<Diagnostic>),
    /// Failures of pytest, each with the text that it printed for it.
    Failures(Vec<(Diagnostic, String)>),
    /// The tool of the results that follow.
    Tool(String),
    /// A line of a test's output, and the test.
    Output { lane: String, text: String },
}

/// Reads an element, as `format` alone if that is given.
pub(crate) fn said(element: Element, bytes: &[u8], format: Option<Format>, tool: &str) -> Said {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return Said::Unknown };
    let may = |one: Format| format.is_none_or(|format| format == one);
    let read =
        |one: Format, read: fn(&Value) -> Option<Vec<Diagnostic>>| may(one).then(|| read(&value)).flatten();
    let diagnostics = match element {
        Element::Tool => {
            let tool = may(Format::Sarif).then(|| sarif::tool(&value)).flatten();
            return tool.map_or(Said::Unknown, Said::Tool);
        }
        Element::Run => return Said::Unknown,
        Element::Result => may(Format::Sarif).then(|| sarif::result(&value, tool)).flatten(),
        Element::Test | Element::Collector if !may(Format::Pytest) => None,
        Element::Test => return pytest::test(&value).map_or(Said::Unknown, Said::Failures),
        Element::Collector => {
            let failure = pytest::collector(&value);
            return failure.map_or(Said::Unknown, |failure| Said::Failures(vec![failure]));
        }
        Element::Warning => read(Format::Pytest, pytest::warning),
        Element::Item => read(Format::Eslint, eslint::eslint)
            .or_else(|| read(Format::Ruff, ruff::ruff))
            .or_else(|| read(Format::Pylint, pylint::pylint))
            .or_else(|| read(Format::Shellcheck, shellcheck::shellcheck)),
        Element::Whole if may(Format::Go) && is_go(&value) => return output(&value),
        Element::Whole => read(Format::Cargo, rustc::cargo)
            .or_else(|| read(Format::Rustc, rustc::rustc))
            .or_else(|| read(Format::Mypy, mypy::mypy))
            .or_else(|| read(Format::Ruff, ruff::ruff))
            .or_else(|| read(Format::Pylint, pylint::pylint))
            .or_else(|| read(Format::Shellcheck, shellcheck::shellcheck))
            .or_else(|| read(Format::Terraform, terraform::terraform)),
    };
    diagnostics.map_or(Said::Unknown, Said::Diagnostics)
}

/// What failing tests of a report printed, each text for itself. `None` where the element is of no such report.
pub(crate) fn printed(element: Element, bytes: &[u8]) -> Option<Vec<String>> {
    let value: Value = serde_json::from_slice(bytes).ok()?;
    match element {
        Element::Test => pytest::printed(&value),
        Element::Collector => pytest::collector_printed(&value),
        Element::Warning => pytest::warning_printed(&value),
        _ => None,
    }
}

/// Whether it is an event of `go test -json` or `go build -json`.
fn is_go(value: &Value) -> bool {
    value["Action"].is_string() && (value["Package"].is_string() || value["ImportPath"].is_string())
}

fn output(value: &Value) -> Said {
    let Some(text) = value["Output"].as_str() else { return Said::Diagnostics(Vec::new()) };
    let part = |key: &str| value[key].as_str().unwrap_or_default();
    let lane = format!("{} {}", part("Package"), part("ImportPath"));
    Said::Output { lane, text: text.trim_end_matches('\n').to_owned() }
}
