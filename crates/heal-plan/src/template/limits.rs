use std::collections::HashMap;

use handlebars::Template;
use handlebars::template::{Parameter, Subexpression, TemplateElement};

/// Blocks that one filling-in may enter: bounds loops that write nothing.
pub(super) const FUEL: u32 = 100_000;
/// The helper that every block calls first; no person can write a name with a space.
pub(super) const METER: &str = "one more block";

const LONGEST: usize = 64 * 1024;
const DEEPEST: usize = 16;

/// Refuses a source that the parser, which recurses, should not see.
pub(super) fn check(source: &str) -> Result<(), String> {
    if source.len() > LONGEST {
        return Err("it is longer than 64 KiB".to_owned());
    }
    let mut blocks = 0_usize;
    for tag in source.split("{{").skip(1) {
        let tag = tag.trim_start_matches('~');
        match tag.chars().next() {
            Some('#') => blocks += 1,
            Some('/') => blocks = blocks.saturating_sub(1),
            _ => {}
        }
        let inside = tag.split("}}").next().unwrap_or(tag);
        if blocks > DEEPEST || brackets(inside) > DEEPEST {
            return Err(format!("it nests deeper than {DEEPEST}"));
        }
    }
    Ok(())
}

fn brackets(text: &str) -> usize {
    let (mut deep, mut deepest) = (0_usize, 0);
    for character in text.chars() {
        match character {
            '(' | '[' | '{' => deep += 1,
            ')' | ']' | '}' => deep = deep.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(deep);
    }
    deepest
}

/// Makes every block burn fuel when it is entered.
pub(super) fn meter(template: &mut Template) {
    for element in &mut template.elements {
        if let TemplateElement::HelperBlock(block) = element {
            for inner in [&mut block.template, &mut block.inverse].into_iter().flatten() {
                meter(inner);
                let call = Subexpression::new(Parameter::Name(METER.to_owned()), Vec::new(), HashMap::new());
                inner.elements.insert(0, *call.element);
                if let Some(first) = inner.mapping.first().cloned() {
                    inner.mapping.insert(0, first);
                }
            }
        }
    }
}
