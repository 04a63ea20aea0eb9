//! YAML in, a typed playbook out, every problem at its place.
//!
//! A text goes through four steps, each of which sees only what the one before let through. `source` takes bytes as
//! text; `yaml` makes a tree whose nodes know their places, and refuses aliases, tags and depth before anything could
//! grow from them; `shape` holds the tree against the JSON Schema that is generated from the `written` types; `lower`
//! makes the types of `heal-model` of it and checks what a schema can't: patterns, templates, paths, contradictions.

mod amend;
mod code;
mod load;
mod lower;
mod nearest;
mod problem;
mod report;
mod schema;
mod shape;
mod shared;
mod source;
mod template;
mod written;
mod yaml;

pub use amend::{AmendError, amend};
pub use code::{Code, codes};
pub use load::{Input, Loaded, load};
pub use nearest::nearest;
pub use problem::{Problem, Severity};
pub use report::{LoadError, Report};
pub use schema::schema;
pub use shared::{SharedId, shared_ids};
pub use template::helpers;
