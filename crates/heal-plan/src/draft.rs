use std::collections::{BTreeMap, BTreeSet};

use heal_model::{
    Bytes, Finding, Fix, Overlay, Playbook, RefusalCode, RelPath, Retry, Rule, RuleId, Safety, Template,
    Timeout, World,
};

use crate::checksum;
use crate::context::Context;
use crate::document::{Format, Key};
use crate::limits::{LARGEST, MOST_BYTES, MOST_FILES};
use crate::parts::parts;
use crate::path::no_links;
use crate::protected::{Standing, standing};
use crate::question::Question;
use crate::refused::Refused;
use crate::scope::{Scope, project_path};
use crate::template::Escape;
use crate::text::is_text;

/// A fix while its steps are planned, each on top of those before it.
pub(crate) struct Draft<'a> {
    /// What planning may know.
    pub(crate) context: &'a Context<'a>,
    /// Whose playbook's rule it is.
    pub(crate) playbook: &'a Playbook,
    /// Its rule; absent for a file tier.
    pub(crate) rule: Option<&'a Rule>,
    /// The world as the steps have left it so far.
    pub(crate) world: Overlay<'a>,
    /// What templates know.
    pub(crate) scope: Scope<'a>,
    /// The file that a tier is about.
    pub(crate) about: Option<RelPath>,
    /// The fix so far, without parts.
    pub(crate) fix: Fix,
    /// Files that are replaced whole.
    pub(crate) whole: BTreeSet<RelPath>,
    /// Files that are made executable.
    pub(crate) executable: BTreeSet<RelPath>,
    /// Whether the step that is planned adds to files, or sets a value in them: other fixes may do so as well.
    pub(crate) adds: bool,
    /// Files that other steps have changed.
    pub(crate) changed: BTreeSet<RelPath>,
    /// Where values were set.
    pub(crate) keys: Vec<(RelPath, Key)>,
    /// Questions that no one has answered yet.
    pub(crate) asked: Vec<Question>,
    /// Steps that found what they come to done.
    pub(crate) done: Vec<Done>,
}

/// A step that found what it comes to done.
pub(crate) enum Done {
    /// Nothing is changed by doing it again.
    Same(String),
    /// What it looks for is gone, and what takes its place is there.
    Replaced(String),
}

/// A fix that is planned, and its files as they are now.
pub(crate) struct Planned {
    /// The fix, unless there is nothing to do.
    pub(crate) fix: Option<Fix>,
    /// Each file it changes, as it is now.
    pub(crate) before: BTreeMap<RelPath, Option<Bytes>>,
    /// Files that it changes otherwise than by adding to them or setting a value.
    pub(crate) changed: BTreeSet<RelPath>,
    /// Where it sets values.
    pub(crate) keys: Vec<(RelPath, Key)>,
    /// Files that it looked at.
    pub(crate) looked: BTreeSet<RelPath>,
}

impl<'a> Draft<'a> {
    /// A fix with no step planned.
    pub(crate) fn new(
        context: &'a Context<'a>,
        playbook: &'a Playbook,
        rule: Option<&'a Rule>,
        finding: Option<&Finding>,
    ) -> Self {
        let id = rule.map_or_else(|| RuleId::new(&playbook.name, "files"), |rule| rule.id.clone());
        let fix = Fix {
            safety: rule.map_or(Safety::Safe, |rule| rule.safety),
            finding: finding.cloned(),
            ..Fix::new(id, playbook.origin.clone(), "")
        };
        let mut scope = Scope::new(playbook, finding);
        scope.used = Some(context.used);
        Self {
            context,
            playbook,
            rule,
            world: Overlay::new(context.world),
            scope,
            about: None,
            fix,
            whole: BTreeSet::new(),
            executable: BTreeSet::new(),
            adds: false,
            changed: BTreeSet::new(),
            keys: Vec::new(),
            asked: Vec::new(),
            done: Vec::new(),
        }
    }

    /// Fills a template in.
    pub(crate) fn fill(&self, template: &Template, escape: Escape) -> Result<String, Refused> {
        self.scope.fill(template, escape, &self.world)
    }

    /// Fills a template in to a path of the project that goes over no link.
    pub(crate) fn path(&self, template: &Template) -> Result<RelPath, Refused> {
        let path =
            project_path(&self.fill(template, Escape::Plain)?, self.scope.location.as_ref(), &self.world)?;
        no_links(&path, &self.world)?;
        Ok(path)
    }

    /// A file that must be there and be text.
    pub(crate) fn text(&self, path: &RelPath) -> Result<Bytes, Refused> {
        let content = self.content(path)?;
        if is_text(&content) {
            return Ok(content);
        }
        Err(Refused::new(RefusalCode::Unreadable, format!("{path} is not text")))
    }

    /// A file that must be there.
    pub(crate) fn content(&self, path: &RelPath) -> Result<Bytes, Refused> {
        if self.world.stat(path)?.is_some_and(|stat| stat.len > LARGEST) {
            return Err(Refused::new(RefusalCode::Limit, format!("{path} is larger than 8 MiB")));
        }
        let missing = || Refused::new(RefusalCode::NotFound, format!("{path} does not exist"));
        self.world.read(path)?.ok_or_else(missing)
    }

    /// What a person is warned of so far.
    pub(crate) fn warnings(&self) -> &[String] {
        &self.fix.warnings
    }

    /// Adds a warning.
    pub(crate) fn warn(&mut self, warning: String) {
        if !self.fix.warnings.contains(&warning) {
            self.fix.warnings.push(warning);
        }
    }

    /// Makes a file that must not be there, unless it holds just this.
    pub(crate) fn create(&mut self, path: RelPath, content: Bytes) -> Result<(), Refused> {
        if self.world.stat(&path)?.is_none() {
            return self.write(path, Some(content));
        }
        if self.world.read(&path)?.is_some_and(|now| now == content) {
            self.done.push(Done::Same(format!("{path} is there")));
            return Ok(());
        }
        Err(Refused::new(RefusalCode::Exists, format!("{path} already exists and is never overwritten")))
    }

    /// Gives a file this content, or takes it away, if its name and its size allow.
    pub(crate) fn write(&mut self, path: RelPath, content: Option<Bytes>) -> Result<(), Refused> {
        if self.world.read(&path)? == content {
            self.done.push(Done::Same(format!("{path} is as it should be")));
            return Ok(());
        }
        self.may_touch(&path)?;
        if !self.adds {
            self.changed.insert(path.clone());
        }
        self.world.write(path, content);
        self.within_limits()
    }

    fn may_touch(&mut self, path: &RelPath) -> Result<(), Refused> {
        no_links(path, &self.world)?;
        match standing(path) {
            Standing::Open => Ok(()),
            Standing::Closed => {
                Err(Refused::new(RefusalCode::Protected, format!("{path} is git's own, and never touched")))
            }
            Standing::Guarded => {
                self.fix.safety = self.fix.safety.min(Safety::Unsafe);
                self.warn(format!(
                    "{path} can make tools run code, so this asks even where the rule is safe"
                ));
                Ok(())
            }
        }
    }

    /// Whether a document that could be read can still be, after all steps.
    fn keeps_format(path: &RelPath, before: Option<&Bytes>, after: Option<&Bytes>) -> Result<(), Refused> {
        let (Some(format), Some(after)) = (Format::of(path), after) else { return Ok(()) };
        let format = before.map_or(format, |before| format.as_written(before.text().unwrap_or_default()));
        if before.is_some_and(|before| format.check(before).is_err()) {
            return Ok(());
        }
        let invalid =
            |reason| Refused::new(RefusalCode::Invalid, format!("{path} would not be {format}: {reason}"));
        format.check(after).map_err(invalid)
    }

    fn within_limits(&self) -> Result<(), Refused> {
        let sizes = self.world.edits().map(|(_, content)| content.map_or(0, |content| content.len() as u64));
        let (count, largest, total) = sizes.fold((0, 0, 0), |(count, largest, total), size| {
            (count + 1, u64::max(largest, size), total + size)
        });
        let limit = if count > MOST_FILES {
            "the fix changes more than 64 files"
        } else if largest > LARGEST {
            "the fix makes a file larger than 8 MiB"
        } else if total > MOST_BYTES {
            "the fix writes more than 64 MiB"
        } else {
            return Ok(());
        };
        Err(Refused::new(RefusalCode::Limit, limit))
    }

    /// The time limits of a step.
    pub(crate) fn timeout(&self, own: Option<Timeout>) -> Timeout {
        own.or_else(|| self.rule.and_then(|rule| rule.timeout)).unwrap_or(self.playbook.defaults.timeout)
    }

    /// The retry policy of a step.
    pub(crate) fn retry(&self, own: Option<&Retry>) -> Retry {
        let policy = own.or_else(|| self.rule.and_then(|rule| rule.retry.as_ref()));
        policy.unwrap_or(&self.playbook.defaults.retry).clone()
    }

    /// The rule whose breaker counts a step's command: its own policy is for the command alone.
    pub(crate) fn breaker_of(&self, own: Option<&Retry>) -> Option<RuleId> {
        let rule = self.rule.filter(|_| own.is_none())?;
        rule.retry.as_ref()?.breaker.map(|_| rule.id.clone())
    }

    /// Ends the fix: what the steps wrote becomes its parts.
    pub(crate) fn finish(mut self) -> Result<Planned, Refused> {
        let mut before = BTreeMap::new();
        for (path, after) in self.world.edits() {
            // As the steps saw it: who changes it meanwhile is met before it is written, and loses nothing.
            let now = self.world.before(path)?;
            Self::keeps_format(path, now.as_ref(), after)?;
            let changed =
                parts(path, now.as_ref(), after, self.whole.contains(path), self.executable.contains(path));
            if !changed.is_empty() {
                before.extend(self.kept_sidecar(path, now.as_ref())?);
                before.insert(path.clone(), now);
                self.fix.parts.extend(changed);
            }
        }
        self.scope.take_warnings().into_iter().for_each(|warning| self.warn(warning));
        self.unless_done()?;
        let fix = &self.fix;
        let idle = !fix.acts() && fix.guides.is_empty();
        let looked = self.world.looked();
        Ok(Planned {
            fix: (!idle).then_some(self.fix),
            before,
            changed: self.changed,
            keys: self.keys,
            looked,
        })
    }

    /// Whether what was found may have been mended since: output may be older than the files.
    pub(crate) fn is_from_output(&self) -> bool {
        self.rule.is_some_and(|rule| rule.trigger.looks_at_output())
    }

    /// Refuses a fix that has nothing left to do, unless what it mends was seen just now.
    fn unless_done(&mut self) -> Result<(), Refused> {
        if !self.is_from_output() || !self.fix.parts.is_empty() {
            return Ok(());
        }
        let has_commands = !self.fix.commands.is_empty();
        let reason = self.done.iter().find_map(|done| match done {
            Done::Replaced(reason) => Some(reason),
            // Commands may have been what was left to do.
            Done::Same(reason) => (!has_commands).then_some(reason),
        });
        reason.map_or(Ok(()), |reason| Err(Refused::new(RefusalCode::Already, reason.clone())))
    }

    /// The sidecar that has to follow a file's change: of a file that some tier keeps a checksum of, and that is what
    /// the sidecar says.
    fn kept_sidecar(
        &self,
        path: &RelPath,
        now: Option<&Bytes>,
    ) -> Result<Option<(RelPath, Option<Bytes>)>, Refused> {
        let tiers = self.context.playbooks.iter().flat_map(|playbook| &playbook.files);
        let mut kept = tiers.filter(|tier| tier.keep.as_ref().is_some_and(|keep| keep.checksum));
        let Some(now) = now.filter(|_| kept.any(|tier| tier.file().as_ref() == Some(path))) else {
            return Ok(None);
        };
        let sidecar = checksum::sidecar(path)?;
        let content = self.context.world.read(&sidecar)?.filter(|content| checksum::names(content, now));
        Ok(content.map(|content| (sidecar, Some(content))))
    }
}
