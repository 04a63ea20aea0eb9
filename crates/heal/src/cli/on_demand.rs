use std::sync::{LazyLock, OnceLock};

use super::exit::Exit;
use super::failure::Failure;
use super::session::{Rules, Session, all_may};
use crate::learning::Settings;
use crate::{Extractors, Library};

/// The playbooks of a call that may never need them: those that are built in are read, and all rules made ready, when
/// somebody first asks. A command that passes and prints little needs none.
pub(super) struct OnDemand {
    rules: LazyLock<Rules, Box<dyn FnOnce() -> Rules + Send>>,
    /// What reads diagnostics, once it was asked for: a file of it that can't be used is told of once in a call.
    pub(super) extractors: OnceLock<Extractors>,
    /// Whether failures are recorded.
    pub(super) stores: bool,
}

impl Session<'_> {
    /// Every playbook that counts here, for a call that acts. The user's own are read at once, so that what is wrong
    /// with them is told before anything else happens.
    pub(super) fn rules_on_demand(&mut self, named: &[String]) -> Result<OnDemand, Failure> {
        let library = Library::without_builtin(&self.host, named);
        let known = self.known(library.map_err(|error| Failure::of(Exit::Usage, &error))?)?;
        self.let_probe_where(all_may(&known.library, &known.warrant));
        let stores = Settings::of(&known.library.playbooks).stores;
        Ok(OnDemand {
            rules: LazyLock::new(Box::new(|| known.complete())),
            extractors: OnceLock::new(),
            stores,
        })
    }
}

impl OnDemand {
    /// All of them.
    pub(super) fn all(&self) -> &Rules {
        &self.rules
    }
}
