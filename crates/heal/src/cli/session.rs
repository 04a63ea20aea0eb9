use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

use heal_exec::trust::Status;
use heal_exec::{Deadline, Host, Ledger, Probes, Tally, Warrant};
use heal_match::Matcher;
use heal_model::{Finding, Origin, Playbook, RelPath, Rule, RuleId, Safety, Used, World as _};

use super::arguments::{Format, Options};
use super::ci;
use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::span::Span;
use super::style::counted;
use crate::learning::{Standing, stand};
use crate::library::FaultyBecause;
use crate::{Extractors, ExtractorsFaulty, Library, NoRule, Reading};

/// One call of heal: the project, and where to print.
pub(super) struct Session<'a> {
    pub(super) host: Host,
    pub(super) console: &'a mut Console,
    pub(super) format: Format,
    /// What is known of the command whose output was read.
    pub(super) used: Used,
}

/// The playbooks of a call, ready to match, inspect and act.
pub(super) struct Rules {
    pub(super) library: Library,
    pub(super) matcher: Matcher,
    pub(super) warrant: Warrant,
    pub(super) ledger: Ledger,
    /// How far each learned rule may go, and why.
    pub(super) standing: BTreeMap<RuleId, Standing>,
    /// The repository's playbooks that were trusted, and have changed since.
    changed: BTreeSet<String>,
    held: OnceLock<BTreeMap<RuleId, Tally>>,
}

/// What is known of playbooks before their rules are made ready.
pub(super) struct Known {
    pub(super) library: Library,
    pub(super) warrant: Warrant,
    ledger: Ledger,
    standing: BTreeMap<RuleId, Standing>,
    changed: BTreeSet<String>,
}

impl Known {
    /// Makes the rules ready.
    fn rules(self) -> Rules {
        let Self { library, warrant, ledger, standing, changed } = self;
        let matcher = Matcher::new(&library.playbooks);
        Rules { library, matcher, warrant, ledger, standing, changed, held: OnceLock::new() }
    }

    /// Adds what is built in, and makes all rules ready.
    pub(super) fn complete(self) -> Rules {
        self.with(Library::complete)
    }

    /// The same for an output, which is given whole: rules that are built in and can't fire on it are left out.
    pub(super) fn complete_for(self, output: &[u8]) -> Rules {
        self.with(|library, warrant| library.complete_for(output, warrant))
    }

    fn with(mut self, complete: impl FnOnce(&mut Library, &Warrant)) -> Rules {
        complete(&mut self.library, &self.warrant);
        // A rule that has given way to one that is built in stands no more.
        let counts = |id: &RuleId| self.library.playbooks.iter().any(|playbook| is_own(playbook, id));
        self.standing.retain(|id, _| counts(id));
        self.rules()
    }
}

fn is_own(playbook: &Playbook, id: &RuleId) -> bool {
    let is_builtin = matches!(playbook.origin, Origin::Builtin(_));
    !is_builtin && playbook.rules.iter().any(|rule| rule.id == *id)
}

/// Whether all playbooks may act.
pub(super) fn all_may(library: &Library, warrant: &Warrant) -> bool {
    library.playbooks.iter().all(|playbook| warrant.covers(&playbook.origin))
}

impl<'a> Session<'a> {
    /// Finds the project.
    pub(super) fn open(options: &Options, console: &'a mut Console) -> Result<Self, Failure> {
        let start: Option<&Path> = options.directory.as_deref();
        let host = Host::find(start).map_err(|error| Failure::of(Exit::Usage, &error))?;
        if options.format == Format::Text && ci::SERVICES.iter().any(|service| host.env(service).is_some()) {
            console.mind_ci();
        }
        Ok(Self { host, console, format: options.format, used: Used::default() })
    }

    /// Whether the result is printed for a person.
    pub(super) fn is_text(&self) -> bool {
        self.format == Format::Text
    }

    /// Sees to it that all is done within the time that was typed, which begins now.
    pub(super) fn keep_to(&mut self, deadline: Option<Span>) {
        if let Some(Span(span)) = deadline {
            self.host.end_by(Deadline::within(span));
        }
    }

    /// Every playbook that counts here, those that are named before all others.
    pub(super) fn rules(&mut self, named: &[String]) -> Result<Rules, Failure> {
        let library = Library::open(&self.host, named).map_err(|error| Failure::of(Exit::Usage, &error))?;
        self.ready(library)
    }

    /// The same for one output, which is given whole: rules that are built in and can't fire on it are left out.
    pub(super) fn rules_for(&mut self, named: &[String], output: &[u8]) -> Result<Rules, Failure> {
        let library = Library::for_output(&self.host, named, output);
        self.ready(library.map_err(|error| Failure::of(Exit::Usage, &error))?)
    }

    /// The playbooks that are named, or the project's own where none is, ready to be used.
    pub(super) fn own_rules(&mut self, named: &[String]) -> Result<Rules, Failure> {
        let mut library = self.library_of(named)?;
        library.rank(&library.warrant(&self.host));
        self.ready(library)
    }

    /// The playbooks that are named, or the project's own where none is.
    pub(super) fn library_of(&self, named: &[String]) -> Result<Library, Failure> {
        if named.is_empty() {
            return Ok(Library::of_files(&self.host));
        }
        Library::of_named(&self.host, named).map_err(|error| Failure::of(Exit::Usage, &error))
    }

    /// The project's own playbooks, those that can't be used told of.
    pub(super) fn own_library(&mut self) -> Result<Library, Failure> {
        let library = Library::of_files(&self.host);
        self.tell_faulty(&library)?;
        Ok(library)
    }

    /// Lets conditions run commands to find out, where all playbooks may act: only calls that act do so.
    pub(super) fn let_probe(&mut self, rules: &Rules) {
        self.let_probe_where(all_may(&rules.library, &rules.warrant));
    }

    /// The same where it is known whether all may act.
    pub(super) fn let_probe_where(&mut self, all_may: bool) {
        self.host.allow_probes(if all_may { Probes::Run } else { Probes::Untrusted });
    }

    /// How diagnostics are read here; a file of extractors that can't be used is told of.
    pub(super) fn reading(&mut self, format: Option<&str>) -> Result<Reading, Failure> {
        let extractors = Extractors::open(&self.host);
        self.tell_faulty_extractors(&extractors);
        extractors.reading(format).map_err(|unknown| {
            Failure::of(Exit::Usage, &unknown)
                .help("a tool's name does as well, where an extractor reads what it prints")
        })
    }

    /// A file of extractors that can't be used is told of in a line.
    pub(super) fn tell_faulty_extractors(&mut self, extractors: &Extractors) {
        for file in &extractors.files {
            let Err(faulty) = &file.read else { continue };
            let what = match faulty {
                ExtractorsFaulty::Wrong(error) => format!("{}:{error}", file.origin.path()),
                ExtractorsFaulty::Unreadable(reason) => {
                    format!("{} can't be read: {reason}", file.origin.path())
                }
            };
            let style = self.console.err_style();
            let rest = "its extractors do not count; see `heal lint`";
            self.console.err(&format!("{} {what}\n         {rest}\n", style.warn("warning:")));
        }
    }

    /// Prints for a person; in another format nothing.
    pub(super) fn say(&mut self, text: &str) {
        if self.is_text() {
            self.console.out(text);
        }
    }

    fn ready(&mut self, library: Library) -> Result<Rules, Failure> {
        Ok(self.known(library)?.rules())
    }

    /// Finds out what there is to know of playbooks, whose faults are told of.
    pub(super) fn known(&mut self, mut library: Library) -> Result<Known, Failure> {
        self.tell_faulty(&library)?;
        let ledger = self.host.ledger();
        let standing = stand(&mut library.playbooks, &self.host, &ledger);
        let warrant = library.warrant(&self.host);
        let changed = library.untrusted(&self.host).into_iter();
        let changed = changed.filter(|(_, status)| matches!(status, Status::Changed { .. }));
        let changed = changed.map(|(member, _)| member.origin.path().to_owned()).collect();
        Ok(Known { library, warrant, ledger, standing, changed })
    }

    /// A playbook that was found and can't be used is told of in a line; one that was named ends the call.
    pub(super) fn tell_faulty(&mut self, library: &Library) -> Result<(), Failure> {
        for faulty in &library.faulty {
            let path = faulty.origin.path();
            let what = match &faulty.error {
                FaultyBecause::Invalid(error) => {
                    let first = &error.problems[0];
                    let count = counted(error.problems.len(), "problem", "problems");
                    format!("{path} has {count}, the first in line {}: {}", first.line, first.message)
                }
                FaultyBecause::Unreadable(reason) => format!("{path} can't be read: {reason}"),
            };
            if matches!(faulty.origin, Origin::Named(_)) {
                return Err(
                    Failure::new(Exit::Usage, what).help(format!("see them all with: heal lint {path}"))
                );
            }
            let style = self.console.err_style();
            let rest = "its rules do not count; see `heal lint`";
            self.console.err(&format!("{} {what}\n         {rest}\n", style.warn("warning:")));
        }
        Ok(())
    }

    /// Takes a path that a person typed.
    pub(super) fn path(&self, typed: &str) -> Result<RelPath, Failure> {
        self.host.relative(typed).map_err(|error| Failure::of(Exit::Usage, &error))
    }
}

impl Rules {
    /// What is known of them, for others to be added.
    pub(super) fn known(self) -> Known {
        let Self { library, warrant, ledger, standing, changed, .. } = self;
        Known { library, warrant, ledger, standing, changed }
    }

    /// The rule that a person names; where there is none, what they may have meant.
    pub(super) fn named(&self, name: &str) -> Result<(&Playbook, &Rule), Failure> {
        let listed = |ids: &[RuleId]| ids.iter().map(RuleId::as_str).collect::<Vec<_>>().join(" or ");
        self.library.rule(name).map_err(|none| match none {
            NoRule::Several(ids) => {
                let count = counted(ids.len(), "rule is", "rules are");
                Failure::new(Exit::Usage, format!("{count} called {name}"))
                    .help(format!("say which: {}", listed(&ids)))
            }
            NoRule::Unknown(near) => {
                let failure = Failure::new(Exit::Usage, format!("no rule is called {name}"));
                match near.is_empty() {
                    true => failure.help("`heal list` shows them all"),
                    false => failure.help(format!("did you mean {}?", listed(&near))),
                }
            }
        })
    }

    /// The playbooks that may act: the others only name what they see. Rules that fail too often are left to a person.
    pub(super) fn acting(&self) -> Vec<Playbook> {
        let covered = self.library.playbooks.iter().filter(|playbook| self.warrant.covers(&playbook.origin));
        let mut acting: Vec<Playbook> = covered.cloned().collect();
        let rules = acting.iter_mut().flat_map(|playbook| &mut playbook.rules);
        let held = rules.filter(|rule| self.held().contains_key(&rule.id));
        held.for_each(|rule| rule.safety = Safety::Manual);
        acting
    }

    /// The rules that fail too often to act unasked; the journal is read when this is first asked.
    pub(super) fn held(&self) -> &BTreeMap<RuleId, Tally> {
        self.held.get_or_init(|| {
            let health = self.ledger.health();
            health.held().map(|(rule, tally)| (rule.clone(), tally)).collect()
        })
    }

    /// Whether the playbook of a finding may act.
    pub(super) fn may_act(&self, finding: &Finding) -> bool {
        self.owner(finding).is_none_or(|playbook| self.warrant.covers(&playbook.origin))
    }

    /// Whether a playbook was trusted as it was before it changed.
    pub(super) fn has_changed(&self, playbook: &Playbook) -> bool {
        matches!(playbook.origin, Origin::Repository(_)) && self.changed.contains(playbook.origin.path())
    }

    /// The playbook of a finding.
    pub(super) fn owner(&self, finding: &Finding) -> Option<&Playbook> {
        let mut owners = self.library.playbooks.iter();
        owners.find(|playbook| playbook.rules.iter().any(|rule| rule.id == finding.rule))
    }
}
