//! What to do about a finding: pure data, with a diff to look at.
//!
//! [`plan`] takes findings and a world that can only be read, and gives a [`Plan`](heal_model::Plan): each finding's
//! fix, planned against the world as it is, joined into one edit a file. Nothing here fails: what could not be
//! planned stands in the plan's refusals. [`preview`] shows a plan as data and [`unified`] as a diff.
//!
//! The steps of one fix run on an [`Overlay`](heal_model::Overlay), so a later step sees what an earlier one did;
//! at the end every changed text is cut into [`Splice`](heal_model::Part::Splice)s, each as small as it can be. Two
//! fixes may thus change different words of one line, and a person may take one and leave the other.

mod checksum;
mod context;
mod document;
mod draft;
mod files;
mod gathered;
mod id;
mod join;
mod limits;
mod lines;
mod merge;
mod outcome;
mod parts;
mod path;
mod planning;
mod preview;
mod protected;
mod python;
mod question;
mod refused;
mod scope;
mod select;
mod source;
mod splice;
mod steps;
mod template;
mod text;
mod tiers;
mod title;
mod unified;
mod when;
mod words;

pub use context::{Choices, Context};
pub use join::join;
pub use merge::{Clash, merge};
pub use planning::{plan, questions, rest};
pub use preview::preview;
pub use question::{Ask, Question};
pub use select::{Divided, divide, select};
pub use tiers::{Worth, tiers, worth_keeping};
pub use title::title;
pub use unified::unified;
