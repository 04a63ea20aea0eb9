mod escape;
mod helpers;
mod limits;
mod names;
mod output;
mod variables;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use handlebars::{Handlebars, RenderContext, RenderError, RenderErrorReason, Renderable};
use heal_model::{RefusalCode, Template, Time};
use serde_json::Value;

pub(crate) use escape::Escape;
pub(crate) use helpers::{VALUES, format_time, module_of_path};
pub(crate) use variables::Variable;

use crate::refused::{Refused, quoted};
use output::Limited;

/// A template that has been looked through and can be filled in, again and again.
pub(crate) struct Prepared {
    source: String,
    compiled: Option<Compiled>,
}

struct Compiled {
    template: handlebars::Template,
    registry: Handlebars<'static>,
    variables: BTreeSet<Variable>,
    fuel: Arc<AtomicU32>,
}

impl Prepared {
    /// Compiles a template, strict, within limits; text without `{{` needs neither.
    pub(crate) fn new(template: &Template, escape: Escape, now: Time) -> Result<Self, Refused> {
        let source = template.as_str().to_owned();
        if template.is_plain() {
            return Ok(Self { source, compiled: None });
        }
        limits::check(&source).map_err(|reason| refused(&source, &reason))?;
        let mut template = handlebars::Template::compile(&source)
            .map_err(|error| refused(&source, &error.reason().to_string()))?;
        let mut variables = BTreeSet::new();
        variables::collect(&template, &mut variables).map_err(|reason| refused(&source, &reason))?;
        let fuel = Arc::new(AtomicU32::new(0));
        let mut registry = Handlebars::new();
        registry.set_strict_mode(true);
        registry.register_escape_fn(move |text| escape.apply(text));
        helpers::register(&mut registry, now, &fuel);
        names::alone(&mut template);
        limits::meter(&mut template);
        Ok(Self { source, compiled: Some(Compiled { template, registry, variables, fuel }) })
    }

    /// The variables it uses.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &Variable> {
        self.compiled.iter().flat_map(|compiled| &compiled.variables)
    }

    /// Fills it in, once: what a value holds is never looked at as a template.
    pub(crate) fn fill(&self, data: &Value) -> Result<String, Refused> {
        let Some(compiled) = &self.compiled else { return Ok(self.source.clone()) };
        compiled.fuel.store(limits::FUEL, Ordering::Relaxed);
        let context = handlebars::Context::wraps(data)
            .map_err(|error| refused(&self.source, &error.reason().to_string()))?;
        let mut output = Limited::default();
        compiled
            .template
            .render(&compiled.registry, &context, &mut RenderContext::new(None), &mut output)
            .map_err(|error| refused(&self.source, &reason(&error)))?;
        Ok(output.text)
    }
}

fn refused(source: &str, reason: &str) -> Refused {
    Refused::new(
        RefusalCode::Template,
        format!("the template {} can't be filled in: {reason}", quoted(source)),
    )
}

fn reason(error: &RenderError) -> String {
    match error.reason() {
        RenderErrorReason::MissingVariable(Some(name)) => {
            format!("`{}` is not known here", name.trim_start_matches("this."))
        }
        RenderErrorReason::MissingVariable(None) => "a value it looks up is not there".to_owned(),
        RenderErrorReason::HelperNotFound(name) => format!("there is no helper `{name}`"),
        RenderErrorReason::IOError(error) => error.to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
