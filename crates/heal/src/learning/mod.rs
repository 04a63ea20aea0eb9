//! From failures to rules: what is recorded of a run, what the record teaches, and how that is written.

mod ask;
mod begin;
mod covered;
mod excerpt;
mod history;
mod named;
mod narrow;
mod record;
mod settings;
mod standing;
mod teach;
mod triple;
mod unknown;
mod write;

pub use ask::AskError;
pub use begin::begun;
pub use heal_learn::changes;
pub use history::history;
pub use narrow::{Narrowed, Oracle};
pub use record::{Noted, Ran, record};
pub use settings::Settings;
pub use standing::{Standing, stand, standing};
pub use teach::{Record, Taught, teach, tried};
pub use triple::{Triple, incident};
pub use unknown::unknown;
pub use write::{amended, rewriting, rule_text};
