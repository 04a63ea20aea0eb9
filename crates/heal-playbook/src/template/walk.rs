use std::ops::Range;

use handlebars::template::{BlockParam, HelperTemplate, Parameter, Template, TemplateElement};
use heal_model::HELPERS;

use super::{Scope, Shape, Slip, SlipKind};
use crate::problem::MOST_PROBLEMS;
use crate::source::Source;

/// Follows every path and helper of a template.
pub(super) fn walk(template: &Template, text: &str, scope: &Scope) -> Vec<Slip> {
    let mut walk = Walk::new(text, scope);
    walk.template(template);
    walk.slips
}

/// The same for a template that only fills in plain paths, as most do. It needs no parser, and that is most of the time
/// that a playbook takes to load.
///
/// # Errors
/// Says where it does more.
pub(super) fn plain(text: &str, scope: &Scope) -> Result<Vec<Slip>, usize> {
    let mut walk = Walk::new(text, scope);
    let mut at = 0;
    while let Some(open) = text[at..].find("{{").map(|open| at + open) {
        let end = open + 2 + text[open + 2..].find("}}").ok_or(open)?;
        let inner = &text[open + 2..end];
        let path = inner.trim_matches(' ');
        let simple = path.split('.').all(|part| {
            part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        });
        let apart = !text[..open].ends_with('\\') && !text[end + 2..].starts_with('}');
        if !simple || !apart || WORDS.contains(&path) || path.starts_with("this") {
            return Err(open);
        }
        if let (false, Err(kind)) = (HELPERS.contains(&path), walk.resolve(path)) {
            let start = open + 2 + (inner.len() - inner.trim_start_matches(' ').len());
            walk.slips.push(Slip { span: start..start + path.len(), kind });
        }
        at = end + 2;
        if walk.slips.len() == MOST_PROBLEMS {
            break;
        }
    }
    Ok(walk.slips)
}

/// Names that mean something to Handlebars itself.
const WORDS: &[&str] = &["else", "as", "true", "false", "null"];

struct Walk<'a> {
    text: &'a str,
    scope: &'a Scope,
    /// The blocks around, outermost first.
    frames: Vec<Frame>,
    /// Where the element at hand starts.
    tag: usize,
    /// The line, column and offset of the last element.
    last: (usize, usize, usize),
    slips: Vec<Slip>,
}

/// What a block brings into view.
struct Frame {
    this: Shape,
    params: Vec<(String, Shape)>,
}

impl<'a> Walk<'a> {
    fn new(text: &'a str, scope: &'a Scope) -> Self {
        Self { text, scope, frames: Vec::new(), tag: 0, last: (1, 1, 0), slips: Vec::new() }
    }

    fn template(&mut self, template: &Template) {
        for (element, place) in template.elements.iter().zip(&template.mapping) {
            if self.slips.len() == MOST_PROBLEMS {
                return;
            }
            self.tag = self.offset(place.0, place.1);
            self.element(element);
        }
    }

    /// Where a place, both from 1, is. Elements come in order, so the search goes on from the last one.
    fn offset(&mut self, line: usize, column: usize) -> usize {
        let (last_line, last_column, last) = self.last;
        let found = if (line, column) < (last_line, last_column) {
            Source::offset_in(self.text, line, column)
        } else {
            let column = if line == last_line { column - last_column + 1 } else { column };
            last + Source::offset_in(&self.text[last..], line - last_line + 1, column)
        };
        self.last = (line, column, found);
        found
    }

    fn element(&mut self, element: &TemplateElement) {
        match element {
            TemplateElement::Expression(call) | TemplateElement::HtmlExpression(call) => self.call(call),
            TemplateElement::HelperBlock(block) => self.block(block),
            TemplateElement::DecoratorExpression(_)
            | TemplateElement::DecoratorBlock(_)
            | TemplateElement::PartialExpression(_)
            | TemplateElement::PartialBlock(_) => {
                let kind = SlipKind::Syntax("templates have no partials or decorators".to_owned());
                self.slips.push(Slip { span: self.whole_tag(), kind });
            }
            _ => {}
        }
    }

    /// `{{path}}`, `{{helper …}}` or `(helper …)`.
    fn call(&mut self, call: &HelperTemplate) {
        let name = call.name.as_name().unwrap_or_default();
        if call.params.is_empty() && call.hash.is_empty() && !HELPERS.contains(&name) {
            self.parameter(&call.name);
            return;
        }
        self.helper(call);
    }

    fn helper(&mut self, call: &HelperTemplate) {
        if let Some(name) = call.name.as_name().filter(|name| !HELPERS.contains(name)) {
            let slip = Slip { span: self.place(name), kind: SlipKind::Helper(name.to_owned()) };
            self.slips.push(slip);
        }
        for parameter in call.params.iter().chain(call.hash.values()) {
            self.parameter(parameter);
        }
    }

    fn parameter(&mut self, parameter: &Parameter) {
        match parameter {
            Parameter::Path(_) | Parameter::Name(_) => {
                let Some(path) = parameter.as_name() else { return };
                if let Err(kind) = self.resolve(path) {
                    self.slips.push(Slip { span: self.place(path), kind });
                }
            }
            Parameter::Subexpression(inner) => self.element(inner.as_element()),
            _ => {}
        }
    }

    fn block(&mut self, block: &HelperTemplate) {
        let tag = self.tag;
        self.helper(block);
        let name = block.name.as_name().unwrap_or_default();
        let subject = match block.params.first() {
            Some(subject @ (Parameter::Path(_) | Parameter::Name(_))) => {
                subject.as_name().and_then(|path| self.resolve(path).ok()).unwrap_or(Shape::Any)
            }
            _ => Shape::Any,
        };
        let frame = match (name, subject) {
            ("each", Shape::List(item)) => Some(*item),
            ("each", _) => Some(Shape::Any),
            ("with", subject) => Some(subject),
            _ => None,
        };
        let framed = frame.is_some();
        if let Some(this) = frame {
            let params = named(block.block_param.as_ref(), &this);
            self.frames.push(Frame { this, params });
        }
        block.template.iter().for_each(|inner| self.template(inner));
        if framed {
            self.frames.pop();
        }
        block.inverse.iter().for_each(|inner| self.template(inner));
        self.tag = tag;
    }

    /// What a path leads to. A name in a block is looked for in the block first, then outside.
    fn resolve(&self, path: &str) -> Result<Shape, SlipKind> {
        let mut rest = path;
        while let Some(outer) = rest.strip_prefix("../").or_else(|| rest.strip_prefix("./")) {
            rest = outer;
        }
        let rest = rest.strip_prefix("@root").map_or(rest, |rest| rest.trim_start_matches(['.', '/']));
        let this = rest.strip_prefix("this").filter(|rest| rest.is_empty() || rest.starts_with(['.', '/']));
        if rest.is_empty() || rest.starts_with('@') {
            return Ok(Shape::Any);
        }
        let mut parts = this.unwrap_or(rest).split(['.', '/']).filter(|part| !part.is_empty());
        let mut shape = if this.is_some() {
            self.frames.last().map_or(Shape::Any, |frame| frame.this.clone())
        } else {
            self.named(path, bare(parts.next().unwrap_or_default()))?
        };
        for part in parts.map(bare) {
            shape = member(&shape, part).ok_or_else(|| unknown(path, part, members(&shape)))?;
        }
        Ok(shape)
    }

    fn named(&self, path: &str, name: &str) -> Result<Shape, SlipKind> {
        for frame in self.frames.iter().rev() {
            if let Some((_, shape)) = frame.params.iter().find(|(param, _)| param == name) {
                return Ok(shape.clone());
            }
            if let Some(shape) = member(&frame.this, name) {
                return Ok(shape);
            }
        }
        let known = || {
            let inner = self.frames.iter().flat_map(|frame| {
                frame.params.iter().map(|(name, _)| name.clone()).chain(members(&frame.this))
            });
            self.scope.names().map(str::to_owned).chain(inner).collect()
        };
        let open = self.scope.is_open.then_some(Shape::Any);
        self.scope.get(name).cloned().or(open).ok_or_else(|| unknown(path, name, known()))
    }

    /// Where a path or name of the element at hand is written.
    fn place(&self, name: &str) -> Range<usize> {
        let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '@' | '$');
        let from = self.tag.min(self.text.len());
        for (at, _) in self.text[from..].match_indices(name) {
            let (start, end) = (from + at, from + at + name.len());
            let alone = !self.text[..start].ends_with(part) && !self.text[end..].starts_with(part);
            if alone && self.text[from..start].contains("{{") {
                return start..end;
            }
        }
        self.whole_tag()
    }

    fn whole_tag(&self) -> Range<usize> {
        let from = self.tag.min(self.text.len());
        let end = self.text[from..].find("}}").map_or(self.text.len(), |end| from + end + 2);
        from..end
    }
}

/// A part of a path without the brackets that allow any character in it.
fn bare(part: &str) -> &str {
    part.strip_prefix('[').and_then(|part| part.strip_suffix(']')).unwrap_or(part)
}

fn unknown(path: &str, part: &str, known: Vec<String>) -> SlipKind {
    SlipKind::Variable { path: path.to_owned(), part: part.to_owned(), known }
}

/// The member of a value, where it has one or that can't be known.
fn member(shape: &Shape, name: &str) -> Option<Shape> {
    match shape {
        Shape::Any => Some(Shape::Any),
        Shape::Plain => None,
        Shape::List(item) => (name == "length" || name.parse::<usize>().is_ok()).then(|| (**item).clone()),
        Shape::Map(members) => members.get(name).cloned(),
    }
}

fn members(shape: &Shape) -> Vec<String> {
    match shape {
        Shape::Map(members) => members.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

/// The names that `as |item index|` gives.
fn named(params: Option<&BlockParam>, this: &Shape) -> Vec<(String, Shape)> {
    let name = |parameter: &Parameter| parameter.as_name().unwrap_or_default().to_owned();
    match params {
        Some(BlockParam::Single(item)) => vec![(name(item), this.clone())],
        Some(BlockParam::Pair((item, index))) => {
            vec![(name(item), this.clone()), (name(index), Shape::Plain)]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use handlebars::template::Template;
    use proptest::prelude::{ProptestConfig, prop, prop_assert_eq, proptest};
    use proptest::sample::select;

    use crate::template::{Scope, Shape};

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// What is read without a parser is what the parser reads.
        #[test]
        fn the_short_way_is_the_same(pieces in prop::collection::vec(select(vec![
            "{{", "}}", "{{ a }}", "{{a.b}}", "{{a.c}}", "{{n}}", "{{now}}", "{{a b}}", "{", "}", "\\", " ", "a", "é\n",
            "{{else}}", "{{this}}", "{{_x}}", "{{a..b}}", "{{if}}", "{{1}}",
        ]), 0..8)) {
            let text = pieces.concat();
            let mut scope = Scope::default();
            scope.add("a", Shape::record(["b"]));
            let short = super::plain(&text, &scope);
            if let (Ok(short), true) = (short, text.contains("{{")) {
                let long = Template::compile(&text).map(|template| super::walk(&template, &text, &scope));
                prop_assert_eq!(Some(short), long.ok(), "{:?}", text);
            }
        }
    }
}
