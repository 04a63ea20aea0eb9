use std::sync::OnceLock;

use heal_exec::Host;

use super::exit::Exit;
use super::failure::Failure;
use super::observed::LITTLE;
use super::session::{Known, Rules, Session, all_may};
use crate::learning::Settings;
use crate::{Extractors, Library, Reading};

/// The playbooks of a call that may never need them.
pub(super) struct OnDemand {
    /// Their rules.
    pub(super) rules: RulesOnDemand,
    /// What reads diagnostics, once it was asked for: a file of it that can't be used is told of once in a call.
    pub(super) extractors: OnceLock<Extractors>,
    /// Whether failures are recorded.
    pub(super) stores: bool,
}

/// Rules that are read when somebody asks, and of those that are built in only what may fire on what was printed so far:
/// a command that passes and prints little needs none.
pub(super) struct RulesOnDemand(Option<Ready>);

enum Ready {
    /// The user's own are known, and none can match yet.
    Own(Known),
    /// They can match any of these outputs, which are given one below the other.
    For(Rules, Vec<u8>),
    /// All can.
    All(Rules),
}

impl Session<'_> {
    /// Every playbook that counts here, for a call that acts. The user's own are read at once, so that what is wrong
    /// with them is told before anything else happens.
    pub(super) fn on_demand(&mut self, named: &[String]) -> Result<OnDemand, Failure> {
        let library = Library::without_builtin(&self.host, named);
        let known = self.known(library.map_err(|error| Failure::of(Exit::Usage, &error))?)?;
        self.let_probe_where(all_may(&known.library, &known.warrant));
        let stores = Settings::of(&known.library.playbooks).stores;
        let rules = RulesOnDemand(Some(Ready::Own(known)));
        Ok(OnDemand { rules, extractors: OnceLock::new(), stores })
    }
}

impl OnDemand {
    /// How diagnostics are read.
    pub(super) fn reading(&self, host: &Host) -> Reading {
        self.extractors.get_or_init(|| Extractors::open(host)).whole()
    }
}

impl RulesOnDemand {
    /// Those that may fire on an output, which is given as rules see it, and those that were asked for before.
    pub(super) fn for_output(&mut self, output: &[u8]) -> &Rules {
        self.ready(|rules| match rules {
            Ready::Own(known) => add(known, Vec::new(), output),
            Ready::For(rules, known) if memchr::memmem::find(&known, output).is_some() => {
                Ready::For(rules, known)
            }
            Ready::For(rules, known) => add(rules.known(), known, output),
            Ready::All(rules) => Ready::All(rules),
        })
    }

    /// All of them.
    pub(super) fn all(&mut self) -> &Rules {
        self.ready(|rules| match rules {
            Ready::Own(known) => Ready::All(known.complete()),
            Ready::For(rules, _) => Ready::All(rules.known().complete()),
            Ready::All(rules) => Ready::All(rules),
        })
    }

    /// Those that were asked for.
    pub(super) fn asked_for(&mut self) -> &Rules {
        self.for_output(b"")
    }

    fn ready(&mut self, make: impl FnOnce(Ready) -> Ready) -> &Rules {
        let rules = self.0.take().expect("they are put back below");
        match self.0.insert(make(rules)) {
            Ready::For(rules, _) | Ready::All(rules) => rules,
            Ready::Own(_) => unreachable!("what was asked for is ready"),
        }
    }
}

/// Makes the rules ready for one more output; for any where that has come to be much.
fn add(known: Known, mut outputs: Vec<u8>, output: &[u8]) -> Ready {
    outputs.extend_from_slice(output);
    outputs.push(b'\n');
    if outputs.len() > LITTLE {
        return Ready::All(known.complete());
    }
    Ready::For(known.complete_for(&outputs), outputs)
}
