mod clean;
mod guard;
mod lines;
mod partial;
mod run;
mod tally;
mod trail;
mod watch;

pub(crate) use guard::{Guard, Passed};
pub(crate) use lines::{lines, pieces};
pub(crate) use partial::{Line, Partial, Shown, excerpt};
pub(crate) use run::Run;
pub(crate) use tally::Tally;
pub(crate) use trail::Trail;
pub(crate) use watch::{Restrictions, Role, Watch};
