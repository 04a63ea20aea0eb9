use heal_model::{
    Action, Applicability, Choice, Choose, Content, Copy, Create, Delete, Document, Move, Patch, Remove,
    Restore, RestoreFrom, Run, Set, Signal, SignalTo, Snapshot, Suggestions, Template, decides_what_runs,
};

use super::asset::Missing;
use super::{Lower, exact};
use crate::template::Scope;
use crate::written::action::{self as written, Yes};
use crate::written::step::{self, Step};
use crate::written::{Short, Sure};
use crate::yaml::Node;
use crate::{Code, Problem};

impl Lower<'_> {
    /// The actions that do not search.
    pub(super) fn other_action(&mut self, step: &Step, scope: &Scope, at: &Node) -> Action {
        if let Some(map) = &step.create {
            Action::Create(self.create(map, scope, at.at("create")))
        } else if let Some(map) = &step.set {
            let at = at.at("set");
            self.value(&map.value, scope, at.at("value"));
            Action::Set(Set { at: self.node(&map.file, &map.key, scope, at), value: map.value.clone() })
        } else if let Some(map) = &step.remove {
            Action::Remove(Remove { at: self.node(&map.file, &map.key, scope, at.at("remove")) })
        } else if let Some(map) = &step.copy {
            let (from, to) = self.transfer(map, scope, at.at("copy"));
            Action::Copy(Copy { from, to })
        } else if let Some(map) = &step.moving {
            let (from, to) = self.transfer(map, scope, at.at("move"));
            Action::Move(Move { from, to })
        } else if let Some(delete) = &step.delete {
            let at = at.at("delete");
            let path = match delete {
                Short::Short(path) => self.path(path, scope, at),
                Short::Long(map) => self.path(&map.path, scope, at.at("path")),
            };
            Action::Delete(Delete { path })
        } else if let Some(map) = &step.restore {
            Action::Restore(self.restore(map, scope, at.at("restore")))
        } else {
            self.outer_action(step, scope, at)
        }
    }

    /// The actions that reach for a tool, a process or a person.
    fn outer_action(&mut self, step: &Step, scope: &Scope, at: &Node) -> Action {
        if let Some(map) = &step.patch {
            debug_assert!(map.diff.is_some() != map.from.is_some(), "the schema asks for just one");
            let diff = self.template_of(map.diff.as_ref(), scope, at.at("patch").at("diff"));
            Action::Patch(Patch { diff, strip: map.strip.unwrap_or_default() })
        } else if let Some(suggestions) = &step.suggestions {
            Action::Suggestions(Suggestions {
                applicability: match suggestions {
                    Short::Short(Yes(Sure::AtLeast(least))) => *least,
                    // The schema knows no other than `true`.
                    Short::Short(Yes(Sure::Yes(_) | Sure::Unsure)) => Applicability::MachineApplicable,
                    Short::Long(map) => map.applicability.0,
                },
            })
        } else if let Some(files) = &step.snapshot {
            Action::Snapshot(Snapshot { files: self.globs(files, scope, at.at("snapshot")) })
        } else if let Some(run) = &step.run {
            Action::Run(match run {
                Short::Short(argv) => Run { argv: self.templates(argv, scope, at.at("run")), ..nothing() },
                Short::Long(map) => self.run(map, scope, at.at("run")),
            })
        } else if let Some(map) = &step.signal {
            Action::Signal(Signal {
                to: self.signal_to(map, scope, at.at("signal")),
                signal: map.signal.0,
                kill_after: map.kill_after.as_ref().map(exact::duration),
                family: map.family,
            })
        } else if let Some(map) = &step.choose {
            Action::Choose(self.choose(map, scope, at.at("choose")))
        } else {
            let text = step.guide.as_deref().unwrap_or_default();
            Action::Guide(self.template(text, scope, at.at("guide")))
        }
    }

    fn signal_to(&mut self, map: &written::Signal, scope: &Scope, at: &Node) -> SignalTo {
        match (&map.pid_file, &map.pid) {
            (None, Some(pid)) => {
                let recorded = [map.started.as_ref(), map.boot.as_ref(), map.host.as_ref()];
                SignalTo::Holder(self.holder(pid, recorded, scope, at))
            }
            (pid_file, _) => {
                let text = pid_file.as_deref().unwrap_or_default();
                SignalTo::PidFile(self.path(text, scope, at.at("pid_file")))
            }
        }
    }

    fn create(&mut self, map: &written::Create, scope: &Scope, at: &Node) -> Create {
        let content = match (&map.template, &map.content) {
            (Some(asset), _) => {
                self.template_asset(asset, Missing::Error, scope, at.at("template"));
                Content::Asset(asset.clone())
            }
            (None, content) => {
                let text = content.as_deref().unwrap_or_default();
                Content::Inline(self.template(text, scope, at.at("content")))
            }
        };
        let path = self.path(&map.path, scope, at.at("path"));
        Create { path, content, executable: map.executable.unwrap_or_default() }
    }

    fn node(&mut self, file: &str, key: &str, scope: &Scope, at: &Node) -> Document {
        let file = self.path(file, scope, at.at("file"));
        Document { file, key: self.template(key, scope, at.at("key")) }
    }

    fn transfer(&mut self, map: &written::Transfer, scope: &Scope, at: &Node) -> (Template, Template) {
        (self.path(&map.from, scope, at.at("from")), self.path(&map.to, scope, at.at("to")))
    }

    fn restore(&mut self, map: &written::Restore, scope: &Scope, at: &Node) -> Restore {
        let from = match &map.from {
            Short::Short(word) if word.0 == "git" => RestoreFrom::Git(Template("HEAD".to_owned())),
            Short::Short(_) => RestoreFrom::Backup,
            Short::Long(map) => RestoreFrom::Git(self.template(&map.git, scope, at.at("from").at("git"))),
        };
        Restore { path: self.path(&map.path, scope, at.at("path")), from }
    }

    fn run(&mut self, map: &written::Run, scope: &Scope, at: &Node) -> Run {
        if let Some(start) = map.shell.as_ref().and_then(|shell| shell.find("{{")) {
            let text = map.shell.as_deref().unwrap_or_default();
            let end = text[start..].find("}}").map_or(text.len(), |end| start + end + 2);
            let name = text[start..end].trim_matches(['{', '}', ' ']);
            let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            let name = if plain { name } else { "<name>" };
            let problem = self
                .wrong_in(Code::ShellTemplate, at.at("shell"), &(start..end), "shell text is never filled in")
                .label("would become part of the command");
            self.note(problem.help(format!("write `\"$HEAL_CAP_{name}\"`, or use `argv:`")));
        }
        self.no_deciding(map, at);
        let env = map
            .env
            .iter()
            .map(|(name, value)| (name.clone(), self.template(value, scope, at.at("env").at(name))));
        let env = env.collect();
        Run {
            argv: self.templates(map.argv.as_deref().unwrap_or_default(), scope, at.at("argv")),
            shell: map.shell.clone(),
            cwd: map.cwd.as_ref().map(|cwd| self.path(cwd, scope, at.at("cwd"))),
            env,
            exit: map.exit.as_ref().map(exact::exit),
            idempotent: map.idempotent.unwrap_or_default(),
            creates: map.creates.as_ref().map(|path| self.path(path, scope, at.at("creates"))),
        }
    }

    /// Refuses variables that would change what a command runs without being seen.
    fn no_deciding(&mut self, map: &written::Run, at: &Node) {
        for entry in at.at("env").entries().iter().filter(|entry| decides_what_runs(&entry.key)) {
            let name = &entry.key;
            let message = format!("`{name}` decides what other programs run, so `env` can't set it");
            let problem = Problem::new(Code::Variable, entry.key_span.clone(), message);
            let help = match map.argv.as_deref().and_then(<[String]>::first) {
                Some(program) => format!("write it into the command: `[env, {name}=…, {program}, …]`"),
                None => format!("write it into the shell text: `{name}=… PROGRAM`"),
            };
            self.note(problem.label("would work unseen").help(help));
        }
    }

    fn choose(&mut self, map: &step::Choose, scope: &Scope, at: &Node) -> Choose {
        let names: Vec<&str> = map.options.iter().map(|option| option.name.as_str()).collect();
        if let Some(default) = map.default.as_deref().filter(|default| !names.contains(default)) {
            let problem =
                self.wrong(Code::InvalidValue, at.at("default"), format!("no option is named `{default}`"));
            self.note(
                problem
                    .label("no such option")
                    .help(format!("write {}", crate::nearest::listed(names, "or"))),
            );
        }
        let options = map.options.iter().zip(at.at("options").items()).map(|(option, at)| Choice {
            name: option.name.clone(),
            label: self.template(&option.label, scope, at.at("label")),
            when: self.condition_of(option.when.as_ref(), scope, at.at("when")),
            steps: self.steps(&option.steps, scope, at.at("steps")),
        });
        let options = options.collect();
        let question = self.template(&map.question, scope, at.at("question"));
        Choose { question, options, default: map.default.clone() }
    }
}

/// A command that does nothing yet, run once at the project's root.
fn nothing() -> Run {
    Run {
        argv: Vec::new(),
        shell: None,
        cwd: None,
        env: std::collections::BTreeMap::new(),
        exit: None,
        idempotent: false,
        creates: None,
    }
}
