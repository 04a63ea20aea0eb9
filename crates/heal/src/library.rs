use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use heal_exec::trust::{Closure, Status, Store};
use heal_exec::{Found, Host, HostError, Warrant};
use heal_model::{Action, Bytes, Origin, Playbook, RelPath, Rule, RuleId, Step, World};
use heal_playbook::{Input, LoadError, Problem, load, nearest};

use crate::builtin::{builtin, builtin_for};
use crate::learning::Settings;
use crate::rank::{Shared, rank};

/// The playbooks that count in a project, and those that would if they were valid.
#[derive(Default)]
pub struct Library {
    /// In rank, the first wins: named on the command line, the repository's, the user's, built in.
    pub playbooks: Vec<Playbook>,
    /// What belongs to each playbook that was read from a file, in the same order.
    pub members: Vec<Member>,
    /// Those that can't be used: the others still are.
    pub faulty: Vec<Faulty>,
    /// Rules that have one id, of which one counts.
    pub shared: Vec<Shared>,
}

/// A playbook that was read from a file, beside what it came to.
pub struct Member {
    /// Where it comes from.
    pub origin: Origin,
    /// Its text.
    pub text: Vec<u8>,
    /// What could be better.
    pub warnings: Vec<Problem>,
    /// It and all it refers to: what trust is bound to.
    pub closure: Closure,
}

/// A playbook that can't be used.
pub struct Faulty {
    /// Where it comes from.
    pub origin: Origin,
    /// What is wrong with it.
    pub error: FaultyBecause,
}

/// Why a playbook can't be used.
pub enum FaultyBecause {
    /// It is not valid.
    Invalid(LoadError),
    /// It can't be read.
    Unreadable(String),
}

/// Why a name is not one rule's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoRule {
    /// No rule is called that; these come near.
    Unknown(Vec<RuleId>),
    /// More than one is.
    Several(Vec<RuleId>),
}

impl Library {
    /// Reads what is built in, the user's, the repository's, and what is named.
    ///
    /// # Errors
    /// When one that is named is not there. One that is not valid stands in [`Library::faulty`].
    pub fn open(host: &Host, named: &[String]) -> Result<Self, HostError> {
        Self::with(host, named, builtin())
    }

    /// The same for one output, which is given whole: of what is built in, only the rules that may fire on it.
    ///
    /// # Errors
    /// As [`Library::open`].
    pub fn for_output(host: &Host, named: &[String], output: &[u8]) -> Result<Self, HostError> {
        Self::with(host, named, builtin_for(output))
    }

    /// The same without what is built in; see [`Library::complete`].
    ///
    /// # Errors
    /// As [`Library::open`].
    pub fn without_builtin(host: &Host, named: &[String]) -> Result<Self, HostError> {
        Self::with(host, named, Vec::new())
    }

    /// Adds what is built in, for which these playbooks may act as a warrant says.
    pub fn complete(&mut self, warrant: &Warrant) {
        self.add_builtin(builtin(), warrant);
    }

    /// The same for an output, which is given whole: rules that can't fire on it are left out.
    pub fn complete_for(&mut self, output: &[u8], warrant: &Warrant) {
        self.add_builtin(builtin_for(output), warrant);
    }

    /// Puts what is built in behind all others, in the place of what of it is there.
    fn add_builtin(&mut self, builtin: Vec<Playbook>, warrant: &Warrant) {
        self.playbooks.retain(|playbook| !matches!(playbook.origin, Origin::Builtin(_)));
        self.playbooks.extend(builtin);
        self.rank(warrant);
    }

    fn with(host: &Host, named: &[String], builtin: Vec<Playbook>) -> Result<Self, HostError> {
        let mut library = Self::of_named(host, named)?;
        let known: Vec<RelPath> = named.iter().filter_map(|path| host.relative(path).ok()).collect();
        let found = host.playbooks().into_iter().rev();
        let is_named = |found: &Found| known.iter().any(|path| path.as_str() == found.origin.path());
        found.filter(|found| !is_named(found)).for_each(|found| library.add(host, found));
        library.add_learned(host);
        library.playbooks.extend(builtin);
        library.rank(&library.warrant(host));
        Ok(library)
    }

    /// Reads only those that are named.
    ///
    /// # Errors
    /// When one is not there.
    pub fn of_named(host: &Host, named: &[String]) -> Result<Self, HostError> {
        let mut library = Self::default();
        for path in named {
            library.add(host, host.named(path)?);
        }
        Ok(library)
    }

    /// Reads only those that are the user's or the repository's.
    #[must_use]
    pub fn of_files(host: &Host) -> Self {
        let mut library = Self::default();
        host.playbooks().into_iter().rev().for_each(|found| library.add(host, found));
        library.add_learned(host);
        library
    }

    /// Which of them may act.
    #[must_use]
    pub fn warrant(&self, host: &Host) -> Warrant {
        match Store::open(host) {
            Ok(store) => store.warrant(self.members.iter().map(|member| &member.closure)),
            Err(_) => Warrant::none(),
        }
    }

    /// The repository's playbooks that may not act, and what is known of each.
    #[must_use]
    pub fn untrusted(&self, host: &Host) -> Vec<(&Member, Status)> {
        let store = Store::open(host).ok();
        let status = |member| store.as_ref().map_or(Status::New, |store: &Store| store.status(member));
        let repository = self.members.iter().filter(|member| matches!(member.origin, Origin::Repository(_)));
        repository
            .map(|member| (member, status(&member.closure)))
            .filter(|(_, status)| *status != Status::Trusted)
            .collect()
    }

    /// Looks a rule up: `playbook/rule`, or the rule's own name where only one playbook has it; in any case, as codes
    /// are written in capitals.
    ///
    /// # Errors
    /// When there is none of that name, or more than one.
    pub fn rule(&self, name: &str) -> Result<(&Playbook, &Rule), NoRule> {
        let all = || {
            self.playbooks.iter().flat_map(|playbook| playbook.rules.iter().map(move |rule| (playbook, rule)))
        };
        if let Some(found) = all().find(|(_, rule)| rule.id.as_str() == name) {
            return Ok(found);
        }
        let name = name.to_ascii_lowercase();
        let fits = |rule: &Rule| rule.id.as_str() == name || rule.id.rule() == name;
        let fitting: Vec<(&Playbook, &Rule)> = all().filter(|(_, rule)| fits(rule)).collect();
        match fitting[..] {
            [only] => Ok(only),
            [] => Err(NoRule::Unknown(near(&name, &all().map(|(_, rule)| &rule.id).collect::<Vec<_>>()))),
            _ => Err(NoRule::Several(fitting.into_iter().map(|(_, rule)| rule.id.clone()).collect())),
        }
    }

    /// Leaves each rule to one playbook; see [`Shared`].
    pub fn rank(&mut self, warrant: &Warrant) {
        let shared = rank(&mut self.playbooks, &|origin| warrant.covers(origin));
        let new: Vec<Shared> = shared.into_iter().filter(|one| !self.shared.contains(one)).collect();
        self.shared.extend(new);
    }

    /// Adds the playbook that lessons are written to, where a project keeps it outside `.heal`.
    fn add_learned(&mut self, host: &Host) {
        let path = Settings::of(&self.playbooks).file;
        let origins = self.members.iter().map(|member| &member.origin);
        let mut known = origins.chain(self.faulty.iter().map(|faulty| &faulty.origin));
        if known.all(|origin| origin.path() != path.as_str()) {
            host.playbook(&path).into_iter().for_each(|found| self.add(host, found));
        }
    }

    fn add(&mut self, host: &Host, found: Found) {
        let Found { origin, text, base } = found;
        let text = match text {
            Ok(text) => text,
            Err(unreadable) => {
                let error = FaultyBecause::Unreadable(unreadable.reason);
                return self.faulty.push(Faulty { origin, error });
            }
        };
        let read = RefCell::new(BTreeMap::new());
        let assets = |name: &str| {
            let asset = host.asset(&base, name);
            read.borrow_mut().insert(asset.path.clone(), asset.content.clone());
            asset
        };
        let whole = with_head(&origin, &text);
        match load(&Input { origin: origin.clone(), text: &whole, assets: &assets }) {
            Ok(loaded) => {
                let mut files = read.into_inner();
                files.extend(programs(&loaded.playbook, host));
                files.insert(origin.path().to_owned(), Some(text.clone().into()));
                let closure = Closure { playbook: origin.path().to_owned(), files };
                self.members.push(Member { origin, text, warnings: loaded.warnings, closure });
                self.playbooks.push(loaded.playbook);
            }
            Err(error) => self.faulty.push(Faulty { origin, error: FaultyBecause::Invalid(error) }),
        }
    }
}

/// The ids that may have been meant: of the same or a similar rule in whatever playbook, else those that hold the name.
fn near(name: &str, ids: &[&RuleId]) -> Vec<RuleId> {
    let wanted = name.split_once('/').map_or(name, |(_, rule)| rule);
    let meant = nearest(name, ids.iter().map(|id| id.as_str()))
        .or_else(|| nearest(wanted, ids.iter().map(|id| id.rule())).filter(|meant| meant.len() > 2));
    let similar = |id: &RuleId| Some(id.as_str()) == meant || Some(id.rule()) == meant;
    let holds = |id: &RuleId| meant.is_none() && wanted.len() > 2 && id.as_str().contains(wanted);
    let same = |id: &RuleId| id.rule() == wanted;
    let is_near = |id: &&&RuleId| match ids.iter().any(|id| same(id)) {
        true => same(id),
        false => similar(id) || holds(id),
    };
    ids.iter().filter(is_near).take(5).map(|id| (*id).clone()).collect()
}

/// The text of a playbook; a repository's `config.yaml` may leave out what is the same in each.
fn with_head<'a>(origin: &Origin, text: &'a [u8]) -> Cow<'a, [u8]> {
    let is_settings = matches!(origin, Origin::Repository(path) if path.ends_with(".heal/config.yaml"));
    let has_head = text.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"heal:"));
    if !is_settings || has_head {
        return Cow::Borrowed(text);
    }
    // Behind all else, so that problems are told at their places.
    Cow::Owned([text, b"\nheal: 1\nname: config\n"].concat())
}

/// The repository's own files that a playbook's commands run: they are part of what is trusted.
fn programs(playbook: &Playbook, host: &Host) -> BTreeMap<String, Option<Bytes>> {
    let mut arguments = BTreeSet::new();
    for rule in &playbook.rules {
        commands(&rule.steps, &mut arguments);
        let verify = rule.verify.iter().filter_map(|verify| verify.command.as_ref()).flatten();
        arguments.extend(verify.map(|argument| argument.as_str().to_owned()));
    }
    let paths = arguments.iter().filter_map(|argument| RelPath::new(argument).ok());
    paths.filter_map(|path| Some((path.to_string(), Some(host.read(&path).ok()??)))).collect()
}

/// Every argument of every command that is written without anything to fill in.
fn commands(steps: &[Step], arguments: &mut BTreeSet<String>) {
    for step in steps {
        match &step.action {
            Action::Run(run) => {
                let plain = run.argv.iter().filter(|argument| argument.is_plain());
                arguments.extend(plain.map(|argument| argument.as_str().to_owned()));
                let words = run.shell.iter().flat_map(|shell| shell.split_whitespace());
                arguments.extend(words.map(str::to_owned));
            }
            Action::Choose(choose) => {
                choose.options.iter().for_each(|option| commands(&option.steps, arguments));
            }
            _ => {}
        }
    }
}
