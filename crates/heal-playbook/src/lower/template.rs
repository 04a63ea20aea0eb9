use heal_model::Template;
use serde_json::Value;

use super::Lower;
use crate::Code;
use crate::nearest::nearest;
use crate::template::{self, Scope, Slip, SlipKind};
use crate::yaml::{Kind, Node};

impl Lower<'_> {
    pub(super) fn template(&mut self, text: &str, scope: &Scope, at: &Node) -> Template {
        for slip in template::check(text, scope) {
            let Told { code, message, label, help } = told(&slip, scope);
            let problem = self.wrong_in(code, at, &slip.span, message);
            self.note(problem.label(label).help(help));
        }
        Template(text.to_owned())
    }

    /// A template that may be there.
    pub(super) fn template_of(
        &mut self,
        text: Option<&String>,
        scope: &Scope,
        at: &Node,
    ) -> Option<Template> {
        text.map(|text| self.template(text, scope, at))
    }

    pub(super) fn templates(&mut self, texts: &[String], scope: &Scope, at: &Node) -> Vec<Template> {
        texts.iter().zip(at.items()).map(|(text, at)| self.template(text, scope, at)).collect()
    }

    /// Checks a template file, at the place where the playbook names it.
    pub(super) fn template_file(&mut self, path: &str, text: &str, scope: &Scope, at: &Node) {
        for slip in template::check(text, scope) {
            let Told { code, message, help, .. } = told(&slip, scope);
            let line = text[..slip.span.start.min(text.len())].matches('\n').count() + 1;
            let problem = self.wrong(code, at, format!("{path}:{line}: {message}"));
            self.note(problem.label("in this file").help(help));
        }
    }

    /// Checks every text in a value.
    pub(super) fn value(&mut self, value: &Value, scope: &Scope, at: &Node) {
        match (value, &at.kind) {
            (Value::String(text), _) => drop(self.template(text, scope, at)),
            (Value::Array(values), Kind::List(items)) => {
                values.iter().zip(items).for_each(|(value, at)| self.value(value, scope, at));
            }
            (Value::Object(members), _) => {
                members.iter().for_each(|(key, value)| self.value(value, scope, at.at(key)));
            }
            _ => {}
        }
    }
}

/// What is said of a slip.
struct Told {
    code: Code,
    message: String,
    label: &'static str,
    help: String,
}

fn told(slip: &Slip, scope: &Scope) -> Told {
    match &slip.kind {
        SlipKind::Syntax(message) => Told {
            code: Code::Template,
            message: message.clone(),
            label: "can't be read",
            help: "write `{{name}}`, or `\\{{` for the characters themselves".to_owned(),
        },
        SlipKind::Helper(name) => Told {
            code: Code::UnknownHelper,
            message: format!("unknown helper `{name}`"),
            label: "no such helper",
            help: match nearest(name, template::HELPERS.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("the helpers are {}", template::HELPERS.join(", ")),
            },
        },
        SlipKind::Variable { path, part, known } => variable(path, part, known, scope),
        SlipKind::MoreThanName => Told {
            code: Code::Template,
            message: "a trigger fills in names alone".to_owned(),
            label: "more than a name",
            help:
                "write `{{name}}` of a capture or a variable; helpers count in steps, and in a step's `when`"
                    .to_owned(),
        },
    }
}

/// A name that stands alone where captures are known, and is like none of them, is one that was forgotten.
fn variable(path: &str, part: &str, known: &[String], scope: &Scope) -> Told {
    let meant = nearest(part, known.iter().map(String::as_str));
    if meant.is_none() && scope.has_captures && path == part {
        return Told {
            code: Code::MissingCapture,
            message: format!("no pattern of this rule captures `{part}`"),
            label: "never captured",
            help: format!("capture it in the trigger: `(?<{part}>…)`"),
        };
    }
    let help = match meant {
        Some(meant) => format!("did you mean `{}`?", path.replacen(part, meant, 1)),
        None if known.is_empty() => match path.split_once(&format!(".{part}")) {
            Some((whole, _)) => format!("`{whole}` is plain text and has no parts; write `{{{{{whole}}}}}`"),
            None => "capture it in the trigger, or write it under `vars:`".to_owned(),
        },
        None => format!("known here: {}", known.join(", ")),
    };
    let message = format!("unknown variable `{path}`");
    Told { code: Code::UnknownVariable, message, label: "not known here", help }
}
