use heal_model::{
    DocumentTrigger, EnvTrigger, FileTrigger, Holder, ProbeTrigger, ProcessOf, ProcessState, ProcessTrigger,
    RateTrigger, Records, Running, Trigger, ValueTrigger,
};
use serde_json_path::JsonPath;

use super::{Lower, captures, exact};
use crate::Code;
use crate::template::Scope;
use crate::written::Short;
use crate::written::state as written;
use crate::written::trigger;
use crate::yaml::Node;

/// Records below which a share says nothing.
const ENOUGH: u32 = 20;

impl Lower<'_> {
    /// A trigger about the state of things.
    pub(super) fn state(&mut self, written: &trigger::Trigger, scope: &Scope, at: &Node) -> Trigger {
        if let Some(file) = &written.file {
            Trigger::File(self.file(file, scope, at.at("file")))
        } else if let Some(document) = &written.document {
            Trigger::Document(self.document(document, scope, at.at("document")))
        } else if let Some(rate) = &written.rate {
            Trigger::Rate(self.rate(rate, scope, at.at("rate")))
        } else if let Some(process) = &written.process {
            Trigger::Process(self.process(process, scope, at.at("process")))
        } else if let Some(probe) = &written.probe {
            Trigger::Probe(self.probe(probe, scope, at.at("probe")))
        } else if let Some(env) = &written.env {
            Trigger::Env(self.env(env, at.at("env")))
        } else if let Some(value) = &written.value {
            Trigger::Value(self.rendered(value, scope, at.at("value")))
        } else {
            // The schema asks for just one kind; this stands in where it was refused.
            Trigger::Any(Vec::new())
        }
    }

    fn file(&mut self, map: &written::FileTrigger, scope: &Scope, at: &Node) -> FileTrigger {
        if let Some(schema) = &map.invalid_against {
            self.schema_asset(schema, at.at("invalid_against"));
        }
        FileTrigger {
            path: self.glob(&map.path, scope, at.at("path")),
            is: map.is.map(|is| is.0),
            contains: self.pattern_of(map.contains.as_ref(), at.at("contains")),
            lacks: self.pattern_of(map.lacks.as_ref(), at.at("lacks")),
            invalid_against: map.invalid_against.clone(),
            older_than: map.older_than.as_ref().map(exact::duration),
            larger_than: map.larger_than.as_ref().map(exact::size),
        }
    }

    fn document(&mut self, map: &written::DocumentTrigger, scope: &Scope, at: &Node) -> DocumentTrigger {
        self.json_path(&map.select, at.at("select"));
        for (name, path) in &map.bind {
            self.json_path(path, at.at("bind").at(name));
        }
        DocumentTrigger {
            file: self.glob(&map.file, scope, at.at("file")),
            select: map.select.clone(),
            missing: map.missing.unwrap_or_default(),
            equals: map.equals.clone(),
            matches: self.pattern_of(map.matches.as_ref(), at.at("matches")),
            older_than: map.older_than.as_ref().map(exact::duration),
            more_than: map.more_than,
            less_than: map.less_than,
            bind: map.bind.clone(),
        }
    }

    pub(super) fn json_path(&mut self, text: &str, at: &Node) {
        let Err(error) = JsonPath::parse(text) else { return };
        // What the parser could not take starts there; at the end, it is the whole that lacks something.
        let start = Some(error.position()).filter(|start| *start < text.len()).unwrap_or_default();
        let problem = self.wrong_in(Code::JsonPath, at, &(start..text.len()), "this is not a JSONPath");
        self.note(problem.label("can't be read").help("write a path such as `$.tasks[*].status` (RFC 9535)"));
    }

    fn rate(&mut self, map: &written::RateTrigger, scope: &Scope, at: &Node) -> RateTrigger {
        let known = captures::regex(&map.record).map(captures::names).unwrap_or_default();
        if let Some(by) = map.by.as_ref().filter(|by| !known.contains(by)) {
            let problem =
                self.wrong(Code::MissingCapture, at.at("by"), format!("`record` does not capture `{by}`"));
            self.note(problem.label("never captured").help(format!("capture it in `record`: `(?<{by}>…)`")));
        }
        if map.window.is_some() && !known.iter().any(|name| name == "time") {
            let problem =
                self.wrong(Code::MissingCapture, at.at("window"), "`record` does not capture `time`");
            self.note(problem.label("needs each record's time").help("capture it in `record`: `(?<time>…)`"));
        }
        RateTrigger {
            of: Records::File(self.path(&map.file, scope, at.at("file"))),
            record: self.pattern(&map.record, at.at("record")),
            failing: self.pattern(&map.failing, at.at("failing")),
            by: map.by.clone(),
            over: exact::share(&map.over),
            at_least: map.at_least.unwrap_or(ENOUGH),
            window: map.window.as_ref().map(exact::duration),
        }
    }

    fn process(&mut self, map: &written::ProcessTrigger, scope: &Scope, at: &Node) -> ProcessTrigger {
        let of = if let Some(pid_file) = &map.pid_file {
            ProcessOf::PidFile(self.glob(pid_file, scope, at.at("pid_file")))
        } else if let Some(pid) = &map.pid {
            let recorded = [map.started.as_ref(), map.boot.as_ref(), map.host.as_ref()];
            ProcessOf::Holder(self.holder(pid, recorded, scope, at))
        } else {
            ProcessOf::Running(Running {
                name: self.pattern_of(map.name.as_ref(), at.at("name")),
                within: self.template_of(map.within.as_ref(), scope, at.at("within")),
                listens: self.template_of(map.listens.as_ref(), scope, at.at("listens")),
            })
        };
        ProcessTrigger { of, is: map.is.map_or(ProcessState::Alive, |is| is.0) }
    }

    /// A recorded process: its pid; when it started, the boot id and the machine's name, where they are recorded.
    pub(super) fn holder(
        &mut self,
        pid: &str,
        [started, boot, host]: [Option<&String>; 3],
        scope: &Scope,
        at: &Node,
    ) -> Holder {
        Holder {
            pid: self.template(pid, scope, at.at("pid")),
            started: self.template_of(started, scope, at.at("started")),
            boot: self.template_of(boot, scope, at.at("boot")),
            host: self.template_of(host, scope, at.at("host")),
        }
    }

    fn probe(&mut self, map: &written::ProbeTrigger, scope: &Scope, at: &Node) -> ProbeTrigger {
        ProbeTrigger {
            argv: self.templates(&map.argv, scope, at.at("argv")),
            exit: map.exit.as_ref().map(exact::exit),
            output: self.pattern_of(map.output.as_ref(), at.at("output")),
            timeout: map.timeout.as_ref().map(exact::duration),
            retry: map.retry.as_ref().map(|retry| self.retry(retry, at.at("retry"))),
            hangs: map.hangs.unwrap_or(false),
        }
    }

    fn env(&mut self, written: &Short<String, written::EnvTrigger>, at: &Node) -> EnvTrigger {
        match written {
            Short::Short(name) => EnvTrigger { name: name.clone(), set: true, matches: None },
            Short::Long(map) => EnvTrigger {
                name: map.name.clone(),
                set: map.set.unwrap_or(true),
                matches: self.pattern_of(map.matches.as_ref(), at.at("matches")),
            },
        }
    }

    fn rendered(&mut self, map: &written::ValueTrigger, scope: &Scope, at: &Node) -> ValueTrigger {
        ValueTrigger {
            value: self.template(&map.is, scope, at.at("is")),
            equals: self.template_of(map.equals.as_ref(), scope, at.at("equals")),
            matches: self.pattern_of(map.matches.as_ref(), at.at("matches")),
            older_than: map.older_than.as_ref().map(exact::duration),
            more_than: map.more_than,
            less_than: map.less_than,
        }
    }
}
