use heal_model::{CaptureType, RefusalCode, RelPath, Template, World};
use serde_json::Value;

use crate::draft::Draft;
use crate::refused::{Refused, quoted};
use crate::scope::Scope;
use crate::template::{Escape, Prepared, Variable};

/// Of what a find step binds, what heal itself has made: the type of each is known.
const FOUND: [(&str, CaptureType); 3] =
    [("path", CaptureType::Path), ("line", CaptureType::Int), ("column", CaptureType::Int)];

/// What a variable of an argument turned out to be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Checked {
    /// A value that fits its type, or that the playbook itself writes.
    Value,
    /// A list or table of which no type is known.
    List,
}

impl Draft<'_> {
    /// Fills in one argument of a command, each value in it checked against its capture's type.
    pub(crate) fn argument(&self, template: &Template) -> Result<String, Refused> {
        let prepared = Prepared::new(template, Escape::Plain, self.world.now())?;
        let data = self.scope.data(&prepared, &self.world)?;
        let mut from_list = false;
        for variable in prepared.variables() {
            from_list |= self.check_variable(variable, &data)? == Checked::List;
        }
        let argument = Scope::filled(&prepared, &data)?;
        if from_list
            && !argument.chars().all(|character| is_ident_character(character) || "=, ".contains(character))
        {
            return Err(refused(
                &argument,
                "is made of a list, and may hold only letters, digits and `_.@/+:-=,`",
            ));
        }
        if argument.contains(['\0', '\n', '\r']) && !template.is_plain() {
            return Err(refused(&argument, "must be one line"));
        }
        if argument.starts_with('-') && !template.as_str().starts_with('-') {
            return Err(refused(&argument, "starts with `-`, so the command would take it for an option"));
        }
        Ok(argument)
    }

    /// Checks a capture that shell text names.
    pub(crate) fn check_capture(&self, name: &str, value: &str) -> Result<(), Refused> {
        self.fits(name, value, &self.type_of(name))
    }

    fn check_variable(&self, variable: &Variable, data: &Value) -> Result<Checked, Refused> {
        let (Some(first), Some(last)) = (variable.first(), variable.last()) else {
            return Ok(Checked::Value);
        };
        let written = !self.scope.bindings.contains_key(first)
            && !self.scope.captures.contains_key(first)
            && !self.playbook.sources.contains_key(first);
        if written {
            return Ok(Checked::Value);
        }
        let value = variable.iter().try_fold(data, |value, key| value.get(key));
        let text = match value {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Array(_) | Value::Object(_)) => return Ok(Checked::List),
            _ => return Ok(Checked::Value),
        };
        let found = (variable.len() > 1).then(|| FOUND.iter().find(|(name, _)| name == last)).flatten();
        let kind = found.map_or_else(|| self.type_of(last), |(_, kind)| kind.clone());
        self.fits(&variable.join("."), &text, &kind).map(|()| Checked::Value)
    }

    fn type_of(&self, name: &str) -> CaptureType {
        let declared = self.rule.and_then(|rule| rule.captures.get(name));
        match (declared, name) {
            (Some(kind), _) => kind.clone(),
            (None, "file") if self.scope.location.is_some() => CaptureType::Path,
            (None, _) => CaptureType::Ident,
        }
    }

    fn fits(&self, name: &str, value: &str, kind: &CaptureType) -> Result<(), Refused> {
        let (fits, wanted) = match kind {
            CaptureType::Ident => {
                (is_ident(value), "an identifier; declare it under `captures:` if more is meant".to_owned())
            }
            CaptureType::Version => (is_version(value), "a version".to_owned()),
            CaptureType::Int => (value.parse::<i64>().is_ok(), "a whole number".to_owned()),
            CaptureType::Line => (!value.contains(['\0', '\n', '\r']), "one line".to_owned()),
            CaptureType::Enum(words) => {
                (words.iter().any(|word| word == value), format!("one of {}", words.join(", ")))
            }
            CaptureType::Path => {
                let path = RelPath::new(value).ok();
                let exists = path.is_some_and(|path| self.world.stat(&path).is_ok_and(|stat| stat.is_some()));
                (exists, "a path of the project that exists".to_owned())
            }
        };
        let reason = match fits {
            true if !value.starts_with('-') => return Ok(()),
            true => "which starts with `-`: a command could take it for an option".to_owned(),
            false => format!("which is not {wanted}"),
        };
        Err(Refused::new(RefusalCode::Capture, format!("`{name}` is {}, {reason}", quoted(value))))
    }
}

fn refused(argument: &str, why: &str) -> Refused {
    Refused::new(RefusalCode::Capture, format!("the argument {} {why}", quoted(argument)))
}

fn is_ident(text: &str) -> bool {
    let first = text.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '_');
    first && text.len() <= 256 && text.chars().all(is_ident_character)
}

fn is_ident_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_.@/+:-".contains(character)
}

fn is_version(text: &str) -> bool {
    let first = text.starts_with(|first: char| first.is_ascii_digit() || first == 'v');
    first && text.chars().all(|character| character.is_ascii_alphanumeric() || ".+-".contains(character))
}
