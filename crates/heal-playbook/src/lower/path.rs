use globset::GlobBuilder;
use heal_model::{BadPath, RelPath, Template};

use super::Lower;
use crate::Code;
use crate::template::{Scope, blanked};
use crate::written::Globs;
use crate::yaml::{Kind, Node};

impl Lower<'_> {
    /// A path as a template: what is written of it must stay inside the project; what is filled in is checked later.
    pub(super) fn path(&mut self, text: &str, scope: &Scope, at: &Node) -> Template {
        if let Some(plain) = blanked(text) {
            self.inside(&plain, at);
        }
        self.template(text, scope, at)
    }

    /// A path or glob as a template.
    pub(super) fn glob(&mut self, text: &str, scope: &Scope, at: &Node) -> Template {
        if let Some(plain) = blanked(text)
            && self.inside(&plain, at)
        {
            self.plain_glob(&plain, at);
        }
        self.template(text, scope, at)
    }

    pub(super) fn globs(&mut self, written: &Globs, scope: &Scope, at: &Node) -> Vec<Template> {
        match written {
            Globs::One(text) => vec![self.glob(text, scope, at)],
            Globs::Many(texts) => {
                texts.iter().zip(at.items()).map(|(text, at)| self.glob(text, scope, at)).collect()
            }
        }
    }

    pub(super) fn plain_glob(&mut self, text: &str, at: &Node) {
        if let Err(error) = GlobBuilder::new(text).literal_separator(true).build() {
            let message = format!("this is not a glob: {}", error.kind());
            let problem = self.wrong(Code::Glob, at, message).label("not a glob");
            self.note(
                problem
                    .help("`*` stands for a name, `**` for folders, `{a,b}` for either; write `[[]` for `[`"),
            );
        }
    }

    /// Whether a path without anything to fill in stays inside the project; a problem if not.
    pub(super) fn inside(&mut self, text: &str, at: &Node) -> bool {
        let home = text == "~" || text.starts_with("~/");
        if text.split('/').any(|part| part.eq_ignore_ascii_case(".git")) {
            let problem = self.wrong(Code::Path, at, "a rule may not touch what belongs to git");
            self.note(
                problem.label("inside .git").help("change it with a git command in a `run` step, or by hand"),
            );
            return false;
        }
        let Err(bad) = (if home { Err(BadPath::Absolute) } else { RelPath::new(text).map(drop) }) else {
            return true;
        };
        let part = match bad {
            BadPath::Climbs => text.find("..").map(|start| start..start + 2),
            BadPath::Character(c) => text.find(c).map(|start| start..start + c.len_utf8()),
            BadPath::Empty | BadPath::Absolute => None,
        };
        let problem = match part {
            Some(part) if matches!(at.kind, Kind::Scalar { .. }) => {
                self.wrong_in(Code::Path, at, &part, bad.to_string())
            }
            _ => self.wrong(Code::Path, at, bad.to_string()),
        };
        let help = match bad {
            BadPath::Character('\\') => "write `/` between the parts of a path",
            _ => "write a path from the project's root, such as `src/main.py`",
        };
        self.note(problem.label("leaves the project").help(help));
        false
    }
}
