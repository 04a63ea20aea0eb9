use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

use super::schema_at;
use crate::nearest::{listed, nearest};
use crate::source::Source;
use crate::yaml::{Kind, Node};
use crate::{Code, Problem};

/// One error of the schema: where in the document, and by which of the schema's keywords.
pub(super) struct Fault<'a> {
    pub(super) pointer: &'a str,
    pub(super) keyword: &'a str,
    pub(super) node: &'a Node,
    pub(super) source: &'a Source,
}

/// The keyword beside another one in the schema.
pub(super) fn sibling(keyword: &str, name: &str) -> Option<&'static Value> {
    let (parent, _) = keyword.rsplit_once('/')?;
    schema_at(parent)?.get(name)
}

impl Fault<'_> {
    /// Says what is wrong, as who wrote it would put it.
    pub(super) fn explain(&self, kind: &ValidationErrorKind) -> Option<Problem> {
        match kind {
            ValidationErrorKind::Type { .. } => Some(self.wrong_type()),
            ValidationErrorKind::Required { property } => Some(self.missing(property.as_str()?)),
            ValidationErrorKind::Enum { options } => Some(self.not_a_word(options)),
            ValidationErrorKind::OneOfNotValid { .. } | ValidationErrorKind::OneOfMultipleValid { .. } => {
                Some(self.exactly_one())
            }
            ValidationErrorKind::MinItems { .. } => Some(self.empty()),
            ValidationErrorKind::MinProperties { limit } => Some(self.too_little(*limit)),
            ValidationErrorKind::Minimum { limit } => Some(self.out_of_range("at least", limit)),
            ValidationErrorKind::Maximum { limit } => Some(self.out_of_range("at most", limit)),
            _ => Some(self.not_of_the_form()),
        }
    }

    fn problem(&self, code: Code, message: String) -> Problem {
        Problem::new(code, self.node.head(&self.source.text), message)
    }

    /// What the value is called: by its key, or by its number in a list.
    fn name(&self) -> String {
        let mut parts = self.pointer.rsplit('/');
        let last = parts.next().unwrap_or_default().replace("~1", "/").replace("~0", "~");
        match last.parse::<usize>() {
            Ok(index) => match parts.next() {
                Some(list) => format!("item {} of `{list}`", index + 1),
                None => format!("item {}", index + 1),
            },
            Err(_) if last.is_empty() => "the playbook".to_owned(),
            Err(_) => format!("`{last}`"),
        }
    }

    fn wrong_type(&self) -> Problem {
        let wanted = match schema_at(self.keyword) {
            Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).map(type_name).collect(),
            Some(Value::String(one)) => vec![type_name(one)],
            _ => Vec::new(),
        };
        let value = self.node.value();
        let message = format!("{} must be {}, not {}", self.name(), wanted.join(" or "), described(&value));
        let label = format!("this is {}", described(&value));
        let help = self.right_type(&value, &wanted);
        self.problem(Code::WrongType, message).label(label).maybe_help(help)
    }

    fn right_type(&self, value: &Value, wanted: &[&str]) -> Option<String> {
        if value.is_null() {
            return Some("write a value, or take the key out".to_owned());
        }
        if let Some(form) = sibling(self.keyword, "patternErrorMessage").and_then(Value::as_str) {
            return Some(form.to_owned());
        }
        if wanted.contains(&"a text") && (value.is_number() || value.is_boolean()) {
            let text = &self.source.text[self.node.span.clone()];
            return Some(format!("put quotes around it: `\"{text}\"`"));
        }
        let form = match *wanted.first()? {
            "a list" => "write a list: `[…]`, or each item in a line after `- `",
            "a map" => "write a map: `key: value`",
            "a whole number" | "a number" => "write a number",
            "`true` or `false`" => "write `true` or `false`",
            _ => return None,
        };
        Some(form.to_owned())
    }

    fn missing(&self, key: &str) -> Problem {
        let meaning = sibling(self.keyword, "properties").and_then(|keys| keys[key]["description"].as_str());
        let help =
            meaning.map_or_else(|| format!("add `{key}:`"), |meaning| format!("add `{key}:` — {meaning}"));
        let message = format!("`{key}` is missing");
        self.problem(Code::MissingKey, message).label(format!("no `{key}` here")).help(help)
    }

    fn not_a_word(&self, options: &Value) -> Problem {
        let words: Vec<&str> = options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let Value::String(word) = self.node.value() else {
            let options: Vec<String> =
                options.as_array().into_iter().flatten().map(Value::to_string).collect();
            let message = format!("{} must be `{}`", self.name(), options.join("` or `"));
            return self.problem(Code::InvalidValue, message).label("not this");
        };
        let all = format!("write {}", listed(words.iter().copied(), "or"));
        let help = nearest(&word, words).map_or(all, |meant| format!("did you mean `{meant}`?"));
        let message = format!("{} can't be `{word}`", self.name());
        self.problem(Code::InvalidValue, message).label("no such word").help(help)
    }

    fn exactly_one(&self) -> Problem {
        let options = schema_at(self.keyword).and_then(Value::as_array).into_iter().flatten();
        let keys: Vec<&str> = options.filter_map(|option| option["required"][0].as_str()).collect();
        let given: Vec<_> = self.node.entries().iter().filter(|entry| keys.contains(&&*entry.key)).collect();
        let Some(second) = given.get(1) else {
            let message = format!("{} is missing", listed(keys.iter().copied(), "or"));
            return self
                .problem(Code::ExactlyOne, message)
                .label("none of them here")
                .help("give just one of them");
        };
        let message = format!("{} exclude each other", listed(given.iter().map(|entry| &*entry.key), "and"));
        Problem::new(Code::ExactlyOne, second.key_span.clone(), message)
            .label("one too many")
            .help("give just one of them")
    }

    fn empty(&self) -> Problem {
        let message = format!("{} is empty", self.name());
        self.problem(Code::Empty, message).label("nothing in it").help("write an item, or take the key out")
    }

    fn too_little(&self, limit: u64) -> Problem {
        if limit < 2 || self.node.entries().is_empty() {
            return self.empty();
        }
        let keys = sibling(self.keyword, "properties").and_then(Value::as_object);
        let others = keys.into_iter().flat_map(|keys| keys.keys()).map(String::as_str);
        let others = listed(others.filter(|key| self.node.entry(key).is_none()), "or");
        let message = format!("{} does not say what to look for", self.name());
        self.problem(Code::MissingKey, message).label("nothing else here").help(format!("add {others}"))
    }

    fn out_of_range(&self, what: &str, limit: &Value) -> Problem {
        let message = format!("{} must be {what} {limit}", self.name());
        let bound = |name| sibling(self.keyword, name).map(Value::to_string);
        let help = match (bound("minimum"), bound("maximum")) {
            (Some(least), Some(most)) => format!("write a number from {least} to {most}"),
            _ => format!("write {limit}, or what lies beyond it"),
        };
        self.problem(Code::InvalidValue, message).label("out of range").help(help)
    }

    /// Texts of a fixed form, and whatever keyword has no words of its own: the schema says what to write.
    fn not_of_the_form(&self) -> Problem {
        let form = sibling(self.keyword, "patternErrorMessage").and_then(Value::as_str);
        let code = match form {
            Some(form) if form.contains("a duration") => Code::Duration,
            Some(form) if form.contains("a size") => Code::Size,
            _ => Code::InvalidValue,
        };
        let text = match &self.node.kind {
            Kind::Scalar { text, .. } => format!("`{text}`"),
            _ => "this".to_owned(),
        };
        let problem = self.problem(code, format!("{} can't be {text}", self.name()));
        problem.label("not of the right form").maybe_help(form.map(str::to_owned))
    }
}

fn type_name(word: &str) -> &str {
    match word {
        "string" => "a text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "`true` or `false`",
        "array" => "a list",
        "object" => "a map",
        "null" => "null",
        other => other,
    }
}

fn described(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(true) => "`true`",
        Value::Bool(false) => "`false`",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a map",
    }
}
