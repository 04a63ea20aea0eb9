//! One pattern, compiled by the engine it needs, within limits.
//!
//! A [`Pattern`] is data; a [`Compiled`] one searches bytes. Everything else of heal that looks for something
//! goes through here, so limits and the meaning of `\w` are decided once.

mod compiled;
mod error;

pub use compiled::{Caught, Compiled, Group};
pub use error::PatternError;

use heal_model::{Engine, Pattern, PatternKind};

/// The longest source, in bytes.
pub const LONGEST: usize = 4 * 1024;
/// The largest compiled program, in bytes.
pub const LARGEST: usize = 1024 * 1024;
/// How deep groups may nest.
pub const DEEPEST: u32 = 50;
/// Steps that a backtracking pattern may take on one line; 10,000 cost about 0.3 ms on a hostile one.
pub const BACKTRACKS: usize = 10_000;

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
/// # Errors
/// Says what is wrong and where in the source.
pub fn check(source: &str, kind: PatternKind, unicode: bool) -> Result<Checked, PatternError> {
    let pattern = Pattern { source: source.to_owned(), kind, unicode, engine: Engine::Linear };
    if kind == PatternKind::Text {
        return Ok(Checked { engine: Engine::Linear, captures: Vec::new() });
    }
    match Compiled::new(&pattern) {
        Ok(compiled) => Ok(Checked { engine: Engine::Linear, captures: compiled.names() }),
        Err(linear) => {
            let fancy = Compiled::new(&Pattern { engine: Engine::Backtracking, ..pattern });
            match fancy {
                Ok(compiled) if linear.is_unsupported() => {
                    Ok(Checked { engine: Engine::Backtracking, captures: compiled.names() })
                }
                _ => Err(linear),
            }
        }
    }
}
