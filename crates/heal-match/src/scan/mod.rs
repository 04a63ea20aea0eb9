mod clean;
mod guard;
mod lines;
mod partial;
mod run;
mod tally;
mod trail;
mod watch;

pub(crate) use lines::pieces;
pub(crate) use partial::excerpt;
pub(crate) use run::Run;
pub(crate) use tally::Tally;
pub(crate) use watch::{Role, Watch};
