use std::collections::BTreeSet;

use handlebars::Template;
use handlebars::template::{HelperTemplate, Parameter, TemplateElement};

/// A variable that a template uses: `home.module` is `["home", "module"]`.
pub(crate) type Variable = Vec<String>;

/// Gathers the variables of a template, and refuses what the language has not: partials, decorators, raw output.
pub(super) fn collect(template: &Template, variables: &mut BTreeSet<Variable>) -> Result<(), String> {
    for element in &template.elements {
        match element {
            TemplateElement::Expression(expression) => of_helper(expression, variables)?,
            TemplateElement::HelperBlock(block) => {
                of_helper(block, variables)?;
                for inner in [&block.template, &block.inverse].into_iter().flatten() {
                    collect(inner, variables)?;
                }
            }
            TemplateElement::RawString(_) | TemplateElement::Comment(_) => {}
            TemplateElement::HtmlExpression(_) => return Err("write `{{…}}`, not `{{{…}}}`".to_owned()),
            _ => return Err("partials and decorators are not part of the language".to_owned()),
        }
    }
    Ok(())
}

fn of_helper(helper: &HelperTemplate, variables: &mut BTreeSet<Variable>) -> Result<(), String> {
    for parameter in [&helper.name].into_iter().chain(&helper.params).chain(helper.hash.values()) {
        of_parameter(parameter, variables)?;
    }
    Ok(())
}

fn of_parameter(parameter: &Parameter, variables: &mut BTreeSet<Variable>) -> Result<(), String> {
    match parameter {
        Parameter::Path(_) => {
            let raw = parameter.as_name().unwrap_or_default();
            let raw =
                raw.trim_start_matches("@root").trim_start_matches("this").trim_start_matches(['.', '/']);
            let parts = raw.split(['.', '/']).map(|part| part.trim_matches(['[', ']']).to_owned());
            variables.insert(parts.filter(|part| !part.is_empty()).collect());
        }
        Parameter::Subexpression(inner) => {
            if let TemplateElement::Expression(helper) = inner.as_element() {
                of_helper(helper, variables)?;
            }
        }
        _ => {}
    }
    Ok(())
}
