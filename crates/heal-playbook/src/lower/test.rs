use std::collections::BTreeMap;

use heal_model::{Expectation, Probed, RuleTest, TestInput, TestProbe, TestProcess, Time};

use super::{Lower, exact};
use crate::template::Scope;
use crate::written::{self, Gone, Matches};
use crate::yaml::Node;
use heal_model::RelPath;

use crate::{Code, Problem};

impl Lower<'_> {
    pub(super) fn test(&mut self, written: &written::RuleTest, scope: &Scope, at: &Node) -> RuleTest {
        for key in ["files", "modified", "kept"] {
            self.paths(at.entry(key).map(|files| &files.value));
        }
        let expect = at.at("expect");
        let expectation = written.expect.as_ref().map(|written| {
            self.paths(expect.entry("files").map(|files| &files.value));
            for entry in expect.entry("captures").map(|entry| entry.value.entries()).unwrap_or_default() {
                self.captured(&entry.key, &entry.key_span, scope);
            }
            expectation(written)
        });
        RuleTest {
            name: written.name.clone(),
            input: TestInput {
                output: written.output.clone(),
                command: written.command.clone(),
                exit: written.exit,
                files: written.files.clone(),
                env: written.env.clone(),
                now: written.now.as_ref().map(exact::instant),
                modified: times(&written.modified),
                kept: written.kept.clone(),
                processes: written.processes.iter().map(process).collect(),
                boot: written.boot.clone(),
                probes: written.probes.iter().map(probe).collect(),
            },
            expect: expectation.unwrap_or_default(),
            place: self.place(at),
        }
    }

    /// The keys of a map of files must be paths inside the project.
    fn paths(&mut self, files: Option<&Node>) {
        for entry in files.map(Node::entries).unwrap_or_default() {
            if let Err(bad) = RelPath::new(&entry.key) {
                let problem = Problem::new(Code::Path, entry.key_span.clone(), bad.to_string());
                let help = "write a path from the project's root, such as `src/main.py`";
                self.note(problem.label("leaves the project").help(help));
            }
        }
    }
}

fn times(written: &BTreeMap<String, written::Instant>) -> BTreeMap<String, Time> {
    written.iter().map(|(path, time)| (path.clone(), exact::instant(time))).collect()
}

fn process(written: &written::TestProcess) -> TestProcess {
    TestProcess {
        pid: written.pid,
        name: written.name.clone().unwrap_or_default(),
        started: written.started.as_ref().map(exact::instant),
        parent: written.parent.unwrap_or_default(),
        folder: written.folder.clone(),
        listens: written.listens,
    }
}

fn probe(written: &written::TestProbe) -> TestProbe {
    let hangs = written.hangs.unwrap_or(false);
    let said = Probed {
        exit: (!hangs).then(|| written.exit.unwrap_or_default()),
        output: written.output.clone().unwrap_or_default(),
        timed_out: hangs,
    };
    TestProbe { argv: written.argv.clone(), said }
}

fn expectation(written: &written::Expect) -> Expectation {
    let files = written.files.iter().map(|(path, after)| {
        let after = match after {
            Gone::Text(text) => Some(text.clone()),
            Gone::Gone(()) => None,
        };
        (path.clone(), after)
    });
    let files: BTreeMap<String, Option<String>> = files.collect();
    Expectation {
        matches: written.matches.as_ref().map(|matches| match matches {
            Matches::Count(count) => *count,
            Matches::None(word) => {
                debug_assert_eq!(word, "none", "the schema knows no other");
                0
            }
        }),
        captures: written.captures.clone(),
        files,
        commands: written.commands.clone(),
        guide: written.guide.clone(),
        refused: written.refused.clone(),
    }
}
