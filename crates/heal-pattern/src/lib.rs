//! One pattern, compiled by the engine it needs, within limits.
//!
//! A [`Pattern`] is data; a [`Compiled`] one searches bytes. Everything else of heal that looks for something
//! goes through here, so limits and the meaning of `\w` are decided once: `\w`, `\d`, `\s` and `\b` are ASCII
//! unless the pattern says `unicode: true`, and `.` and classes are characters all the same.

mod any_of;
mod ascii;
mod compiled;
mod cuts;
mod error;
mod form;
mod literals;
mod runs;
mod syntax;
mod within;

pub use any_of::AnyOf;
pub use compiled::{Caught, Compiled, Exhausted, Group};
pub use cuts::{Cut, cuts};
pub use error::PatternError;
pub use literals::{Literal, literal_run, literals};
pub use within::within_lines;

use heal_model::{Engine, Pattern, PatternKind};

/// The longest source, in bytes.
pub const LONGEST: usize = 4 * 1024;
/// The largest compiled program, in bytes.
pub const LARGEST: usize = 1024 * 1024;
/// How deep groups may nest.
pub const DEEPEST: u32 = 50;
/// Steps that a backtracking pattern may take on one line; 10,000 cost about 0.3 ms on a hostile one.
pub const BACKTRACKS: usize = 10_000;

/// Whether a pattern is found on every line, whatever it holds, as `.*` is: it says nothing.
#[must_use]
pub fn is_everywhere(pattern: &Pattern) -> bool {
    let is_regex = (pattern.kind, pattern.engine) == (PatternKind::Regex, Engine::Linear);
    if !is_regex || literal_run(pattern).is_some_and(|run| !run.text.is_empty()) {
        return false;
    }
    let parsed = syntax::parse(&pattern.source, pattern.unicode);
    let may_be_empty = parsed.is_ok_and(|hir| hir.properties().minimum_len() == Some(0));
    let samples: [&[u8]; 3] = [b"", b"\x01", b"a 1"];
    let fits_all = |compiled: Compiled| samples.iter().all(|line| compiled.is_match(line));
    may_be_empty && Compiled::new(pattern).is_ok_and(fits_all)
}

/// What checking a pattern's source found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The engine it needs.
    pub engine: Engine,
    /// Its named captures, in order.
    pub captures: Vec<String>,
}

/// Checks a pattern's source: whether it compiles, with which engine, and what it captures.
///
/// It parses, and compiles only what comes near the size limit or needs the backtracking engine: some 10 µs for an
/// ordinary pattern.
///
/// # Errors
/// Says what is wrong and where in the source.
pub fn check(source: &str, kind: PatternKind, unicode: bool) -> Result<Checked, PatternError> {
    if source.len() > LONGEST {
        return Err(PatternError::Long { len: source.len() });
    }
    if kind == PatternKind::Text {
        return Ok(Checked { engine: Engine::Linear, captures: Vec::new() });
    }
    match syntax::parse(source, unicode) {
        Ok(hir) => {
            if syntax::weight(&hir) > LARGEST / 4 {
                compiled::fits(source, unicode)?;
            }
            Ok(Checked { engine: Engine::Linear, captures: syntax::names(&hir) })
        }
        Err(error) if error.is_unsupported() => {
            let pattern = Pattern { source: source.to_owned(), kind, unicode, engine: Engine::Backtracking };
            let compiled = Compiled::new(&pattern)?;
            Ok(Checked { engine: Engine::Backtracking, captures: compiled.names() })
        }
        Err(error) => Err(error),
    }
}
