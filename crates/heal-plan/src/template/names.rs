use handlebars::Template;
use handlebars::template::{HelperTemplate, TemplateElement};
use heal_model::HELPERS;

/// Helpers that mean something without an argument, and those that open a block.
const ALONE_OR_BLOCK: [&str; 5] = ["now", "if", "unless", "each", "with"];

/// Makes a name that stands alone the value of that name, though a helper is called so too: `{{count}}` is what the
/// pattern caught, `{{count todo}}` counts.
pub(super) fn alone(template: &mut Template) {
    for element in &mut template.elements {
        match element {
            TemplateElement::Expression(expression) => {
                if let Some(value) = value(expression) {
                    *element = value;
                }
            }
            TemplateElement::HelperBlock(block) => {
                for inner in [&mut block.template, &mut block.inverse].into_iter().flatten() {
                    alone(inner);
                }
            }
            _ => {}
        }
    }
}

fn value(expression: &HelperTemplate) -> Option<TemplateElement> {
    let name = expression.name.as_name()?;
    let stands_alone = expression.params.is_empty() && expression.hash.is_empty();
    let is_helper = HELPERS.contains(&name) && !ALONE_OR_BLOCK.contains(&name);
    if !stands_alone || !is_helper {
        return None;
    }
    Template::compile(&format!("{{{{this.{name}}}}}")).ok()?.elements.pop()
}
