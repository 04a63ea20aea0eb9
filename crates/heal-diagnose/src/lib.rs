//! What tools print, in one normal form.
//!
//! A [`Reader`] takes a stream of output, in pieces of any size or line by line, and tells of each
//! [`Diagnostic`](heal_model::Diagnostic) in it. Structured formats (cargo's JSON, SARIF, JUnit XML …) are read by
//! code; everything else by [`Extractor`]s, which are declared in YAML: `playbooks/extract/README.md` says how.
//! Several kinds may be mixed in one stream, and memory does not grow with it.

mod builtin;
mod clean;
mod emit;
mod extractor;
mod format;
mod json;
mod marks;
mod reader;
mod text;
mod unfold;
mod xml;

pub use builtin::extractors;
pub use clean::plain;
pub use emit::{github, jsonl, sarif};
pub use extractor::{ExtractError, Extractor, Standing, load, load_beside, schema};
pub use format::{Format, UnknownFormat};
pub use marks::Marks;
pub use reader::{LinePlace, Reader, read};
pub use text::Runs;
pub use unfold::{Lines, Unfolded};

/// How much of one line of text is looked at, in bytes; a structured report may lie in longer ones.
pub const LONGEST_LINE: usize = 64 * 1024;
/// How much of one element of a structured report is kept, in bytes; a larger one is passed over.
pub const LARGEST_ELEMENT: usize = 4 * 1024 * 1024;
