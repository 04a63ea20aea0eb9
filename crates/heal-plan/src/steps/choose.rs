use heal_model::{Choice, Choose, RefusalCode};
use serde_json::Value;

use crate::draft::Draft;
use crate::question::{Ask, Question};
use crate::refused::{Refused, quoted};
use crate::template::Escape;
use crate::when;

/// The binding in which the options that were taken are kept; no person can write a name with an `@`.
const TAKEN: &str = "@taken";

/// Takes the only way that is open, or the one that a person has chosen, or the default.
pub(super) fn plan<'s>(draft: &mut Draft<'_>, choose: &'s Choose) -> Result<&'s Choice, Refused> {
    let mut open = Vec::new();
    for option in &choose.options {
        if option.when.as_ref().map_or(Ok(true), |condition| when::holds(draft, condition))? {
            open.push(option);
        }
    }
    let question = draft.fill(&choose.question, Escape::Plain)?;
    if let [only] = open.as_slice() {
        return Ok(only);
    }
    let named = |name: &str| open.iter().copied().find(|option| option.name == name);
    if let Some(option) = draft.context.choices.get(&draft.fix.rule, &question).and_then(named) {
        return Ok(option);
    }
    let default = choose.default.as_deref().and_then(named);
    let names: Vec<&str> = open.iter().map(|option| option.name.as_str()).collect();
    let reason = match names.as_slice() {
        [] => format!("{} has no answer that fits here", quoted(&question)),
        names => format!("{} has to be answered: {}", quoted(&question), names.join(" or ")),
    };
    if !open.is_empty() {
        ask(draft, question, &open, default)?;
    }
    default.ok_or_else(|| Refused::new(RefusalCode::Choice, reason))
}

fn ask(
    draft: &mut Draft<'_>,
    question: String,
    open: &[&Choice],
    default: Option<&Choice>,
) -> Result<(), Refused> {
    let label = |option: &&Choice| {
        Ok(Ask { name: option.name.clone(), label: draft.fill(&option.label, Escape::Plain)? })
    };
    let question = Question {
        rule: draft.fix.rule.clone(),
        title: draft.fix.title.clone(),
        question,
        options: open.iter().map(label).collect::<Result<_, Refused>>()?,
        default: default.map(|option| option.name.clone()),
    };
    draft.asked.push(question);
    Ok(())
}

/// Keeps which way was taken, for when the rest is planned; none where the step was skipped.
pub(super) fn keep(draft: &mut Draft<'_>, option: Option<&str>) {
    let kept = draft.scope.bindings.entry(TAKEN.to_owned()).or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(kept) = kept {
        kept.push(option.into());
    }
}

/// Which ways were taken before, in order.
pub(super) fn taken(draft: &Draft<'_>) -> Vec<Option<String>> {
    let kept = draft.scope.bindings.get(TAKEN).and_then(Value::as_array);
    kept.into_iter().flatten().map(|name| name.as_str().map(str::to_owned)).collect()
}

/// The way that was taken before.
pub(super) fn again<'s>(choose: &'s Choose, name: Option<&str>) -> Option<&'s Choice> {
    choose.options.iter().find(|option| Some(option.name.as_str()) == name)
}
