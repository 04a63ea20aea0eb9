use heal_model::{
    Action, Anchor, AnchorEnd, Find, Line, LineChange, LinePosition, Occurrences, PatternKind,
    PatternTemplate, Step, TextEdit,
};

use super::{Lower, captures};
use crate::template::{Scope, Shape};
use crate::written::step as written;
use crate::yaml::Node;
use crate::{Code, Problem};

/// What a find binds beside the captures of its pattern.
const FOUND: [&str; 8] = ["path", "line", "column", "text", "module", "stem", "dir", "base"];

impl Lower<'_> {
    /// Steps in order: each knows the names that those before it bind.
    pub(super) fn steps(&mut self, written: &[written::Step], scope: &Scope, at: &Node) -> Vec<Step> {
        let mut scope = scope.clone();
        let mut steps = Vec::with_capacity(written.len());
        for (written, at) in written.iter().zip(at.items()) {
            steps.push(self.step(written, &scope, at));
            if let (Some(name), Some(find)) = (&written.bind, &written.find) {
                let caught = find.regex.as_deref().map(captures::names).unwrap_or_default();
                let inside = find.above.as_ref().map(|_| "inside");
                let caught = caught.iter().map(String::as_str);
                scope.add(name, Shape::record(FOUND.into_iter().chain(inside).chain(caught)));
            }
        }
        steps
    }

    fn step(&mut self, written: &written::Step, scope: &Scope, at: &Node) -> Step {
        self.binding(written, at);
        Step {
            action: self.action(written, scope, at),
            bind: written.bind.clone(),
            when: self.condition_of(written.when.as_ref(), scope, at.at("when")),
            retry: written.retry.as_ref().map(|retry| self.retry(retry, at.at("retry"))),
            timeout: written.timeout.as_ref().map(|timeout| self.timeout(timeout)),
            place: self.place(at),
        }
    }

    fn binding(&mut self, written: &written::Step, at: &Node) {
        let problem = match (&written.find, &written.bind) {
            (Some(_), None) => self
                .wrong(Code::Binding, at, "`find` needs `as`")
                .label("its result has no name")
                .help("add `as: found`; later steps then know `{{found.path}}`, `{{found.line}}` …"),
            (None, Some(_)) => self
                .wrong(Code::Binding, at.at("as"), "only `find` has a result to name")
                .label("names nothing")
                .help("take `as` out"),
            _ => return,
        };
        self.note(problem);
    }

    fn action(&mut self, written: &written::Step, scope: &Scope, at: &Node) -> Action {
        if let Some(find) = &written.find {
            Action::Find(self.find(find, scope, at.at("find")))
        } else if let Some(edit) = &written.edit {
            Action::Edit(self.edit(edit, scope, at.at("edit")))
        } else if let Some(line) = &written.line {
            Action::Line(self.line_step(line, scope, at.at("line")))
        } else {
            self.other_action(written, scope, at)
        }
    }

    fn find(&mut self, map: &written::Find, scope: &Scope, at: &Node) -> Find {
        Find {
            files: self.globs(&map.files, scope, at.at("files")),
            above: map.above.as_ref().map(|path| self.path(path, scope, at.at("above"))),
            pattern: self.search(
                map.regex.as_ref().map(|regex| ("regex", regex)),
                ("text", map.text.as_ref()),
                scope,
                at,
            ),
            one: map.one.unwrap_or(true),
        }
    }

    /// The regular expression if there is one, else the text.
    fn search(
        &mut self,
        regex: Option<(&str, &String)>,
        (key, text): (&str, Option<&String>),
        scope: &Scope,
        at: &Node,
    ) -> PatternTemplate {
        match (regex, text) {
            (Some((key, regex)), _) => self.pattern_template(regex, PatternKind::Regex, scope, at.at(key)),
            (None, text) => {
                let text = text.map(String::as_str).unwrap_or_default();
                self.pattern_template(text, PatternKind::Text, scope, at.at(key))
            }
        }
    }

    fn edit(&mut self, map: &written::TextEdit, scope: &Scope, at: &Node) -> TextEdit {
        let files = match (&map.file, &map.files) {
            (Some(file), _) => vec![self.path(file, scope, at.at("file"))],
            (None, Some(files)) => self.globs(files, scope, at.at("files")),
            (None, None) => Vec::new(),
        };
        let search = self.search(
            map.regex.as_ref().map(|regex| ("regex", regex)),
            ("search", map.search.as_ref()),
            scope,
            at,
        );
        let mut inner = scope.clone();
        for name in map.regex.as_deref().map(captures::names).unwrap_or_default() {
            inner.add(&name, Shape::Plain);
        }
        TextEdit {
            files,
            search,
            replace: self.template(&map.replace, &inner, at.at("replace")),
            occurrences: map.occurrences.map_or(Occurrences::All, |word| word.0),
            at: map.at.as_ref().map(|anchor| self.anchor(anchor, scope, at.at("at"))),
        }
    }

    fn anchor(&mut self, map: &written::Anchor, scope: &Scope, at: &Node) -> Anchor {
        Anchor {
            line: self.template(&map.line, scope, at.at("line")),
            column: self.template_of(map.column.as_ref(), scope, at.at("column")),
            within: map.within.unwrap_or_default(),
            to: map.to.as_ref().map(|end| AnchorEnd {
                line: self.template(&end.line, scope, at.at("to").at("line")),
                column: self.template(&end.column, scope, at.at("to").at("column")),
            }),
        }
    }

    fn line_step(&mut self, map: &written::Line, scope: &Scope, at: &Node) -> Line {
        let file = self.path(&map.file, scope, at.at("file"));
        let change = match (&map.present, &map.absent) {
            (_, Some(absent)) => {
                LineChange::Absent(self.pattern_template(absent, PatternKind::Regex, scope, at.at("absent")))
            }
            (present, None) => {
                let line = self.template(present.as_deref().unwrap_or_default(), scope, at.at("present"));
                LineChange::Present { line, position: self.position(map, scope, at) }
            }
        };
        let given: Vec<_> = ["at", "after", "before"].iter().filter_map(|key| at.entry(key)).collect();
        let surplus = if map.absent.is_some() { given.first() } else { given.get(1) };
        if let Some(entry) = surplus {
            let message = format!("`{}` is one place too many", entry.key);
            let problem =
                Problem::new(Code::ExactlyOne, entry.key_span.clone(), message).label("take it out");
            self.note(problem.help(
                "a line that must be there has one of `at`, `after` and `before`; one that must not, none",
            ));
        }
        Line { file, change }
    }

    fn position(&mut self, map: &written::Line, scope: &Scope, at: &Node) -> LinePosition {
        match (&map.after, &map.before, map.at.as_deref()) {
            (Some(after), ..) => {
                LinePosition::After(self.pattern_template(after, PatternKind::Regex, scope, at.at("after")))
            }
            (None, Some(before), _) => LinePosition::Before(self.pattern_template(
                before,
                PatternKind::Regex,
                scope,
                at.at("before"),
            )),
            (None, None, Some("start")) => LinePosition::Start,
            (None, None, _) => LinePosition::End,
        }
    }
}
