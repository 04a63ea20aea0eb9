use std::collections::BTreeMap;
use std::sync::Arc;

use heal_model::Level;
use schemars::JsonSchema;
use serde::Deserialize;

use super::fault::fault;
use super::shape::level_words;
use super::{Extractor, Shape};

/// What is wrong with a file of extractors, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {message}")]
pub struct ExtractError {
    /// From 1.
    pub line: u32,
    /// From 1.
    pub column: u32,
    /// What is wrong, and what to type instead where that is known.
    pub message: String,
}

/// A file of extractors, as it is written.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Extractors of heal")]
pub(super) struct File {
    /// The version of the language.
    #[schemars(extend("const" = VERSION))]
    extract: u32,
    /// The tool of all below that do not say otherwise.
    tool: Option<String>,
    /// Words for a level that hold for all below.
    #[serde(default)]
    #[schemars(schema_with = "level_words")]
    levels: BTreeMap<String, Level>,
    /// Each one way to read output.
    extractors: Vec<Shape>,
}

/// The version of the language.
const VERSION: u32 = 1;

/// Reads a file of extractors, in the order in which they are written, and checks it.
///
/// # Errors
/// The first thing that is wrong, with its place.
pub fn load(yaml: &str) -> Result<Vec<Extractor>, ExtractError> {
    load_beside(yaml, &[], Standing::Own)
}

/// Where a file of extractors stands among others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its extractors have lines by their priority.
    Own,
    /// They have the lines that all others leave, and change nothing for the others.
    Guest,
}

/// The same for a file that is used beside other extractors, none of whose names it may have.
///
/// # Errors
/// The first thing that is wrong, with its place.
pub fn load_beside(
    yaml: &str,
    others: &[Extractor],
    standing: Standing,
) -> Result<Vec<Extractor>, ExtractError> {
    let mut all = read(yaml)?;
    check(yaml, &all)?;
    for extractor in &mut all {
        let name = extractor.name().to_owned();
        let refused = |message: String| Err(place_of(yaml, &format!("name: {name}"), 0, message));
        if others.iter().any(|other| other.name() == name) {
            return refused(format!("there is an extractor `{name}` already; give this one another name"));
        }
        let Some(shape) = Arc::get_mut(&mut extractor.0).filter(|_| standing == Standing::Guest) else {
            continue;
        };
        if shape.enter.is_some() || shape.envelope.is_some() || shape.run.is_some() {
            return refused(format!(
                "extractor `{name}`: `enter`, `envelope` and `run` change what all others see; they count in your own folder"
            ));
        }
        shape.guest = true;
    }
    Ok(all)
}

fn check(yaml: &str, all: &[Extractor]) -> Result<(), ExtractError> {
    for (at, Extractor(shape)) in all.iter().enumerate() {
        let place = format!("name: {}", shape.name);
        if all[..at].iter().any(|other| other.0.name == shape.name) {
            let message = format!("two extractors are called `{}`; give each its own name", shape.name);
            return Err(place_of(yaml, &place, 0, message));
        }
        if let Some(fault) = fault(shape) {
            let message = format!("extractor `{}`: {}", shape.name, fault.message);
            return Err(match &fault.within {
                Some((pattern, offset)) => place_of(yaml, &pattern.replace('\'', "''"), *offset, message),
                None => place_of(yaml, &place, 0, message),
            });
        }
    }
    Ok(())
}

/// Reads a file of extractors as it is written; whether its patterns and names are right is for [`check`] to say.
fn read(yaml: &str) -> Result<Vec<Extractor>, ExtractError> {
    let file: File = serde_yaml::from_str(yaml).map_err(|error| unread(&error))?;
    if file.extract != VERSION {
        let message = format!("extract: {} is not known here; write `extract: {VERSION}`", file.extract);
        return Err(place_of(yaml, "extract:", 0, message));
    }
    Ok(file.complete())
}

/// Reads a list of files that are known to be right, as JSON.
pub(crate) fn unpack(json: &str) -> serde_json::Result<Vec<Extractor>> {
    let files: Vec<File> = serde_json::from_str(json)?;
    Ok(files.into_iter().flat_map(File::complete).collect())
}

impl File {
    /// Its extractors, each with what is said once for all.
    fn complete(self) -> Vec<Extractor> {
        let complete = |mut shape: Shape| {
            shape.tool = shape.tool.or_else(|| self.tool.clone());
            for (text, level) in &self.levels {
                shape.levels.entry(text.clone()).or_insert(*level);
            }
            Extractor(Arc::new(shape))
        };
        self.extractors.into_iter().map(complete).collect()
    }
}

fn unread(error: &serde_yaml::Error) -> ExtractError {
    let (line, column) = error.location().map_or((1, 1), |place| (place.line(), place.column()));
    let text = error.to_string();
    let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
    ExtractError { line: number(line), column: number(column), message: message.to_owned() }
}

/// An error so many bytes into a text, where that stands.
fn place_of(yaml: &str, text: &str, offset: usize, message: String) -> ExtractError {
    let found = yaml.lines().enumerate().find_map(|(index, line)| Some((index, line.find(text)? + offset)));
    let (line, column) = found.unwrap_or((0, 0));
    ExtractError { line: number(line + 1), column: number(column + 1), message }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX).max(1)
}
