use heal_model::{DiagnosticTrigger, OutputTrigger, Trigger};

/// One way a rule's trigger can come to hold: something that passes by, the state of things, or both.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    /// What must pass by.
    pub(crate) passing: Option<Passing>,
    /// What must hold of the state of things.
    pub(crate) state: Vec<Trigger>,
}

/// What passes by and is gone: it is matched as it comes.
#[derive(Clone, Debug)]
pub(crate) enum Passing {
    Output(OutputTrigger),
    Diagnostic(DiagnosticTrigger),
}

/// Why a trigger can't be taken apart.
pub(crate) const TWO_PASSING: &str = "`all` and `not` can't join outputs or diagnostics with each other; use `sequence:` or `not:` inside `output:`";

/// Takes a trigger apart into the ways it can hold, in order.
///
/// # Errors
/// With [`TWO_PASSING`] when a way would need two things that pass by, or that one does not.
pub(crate) fn ways(trigger: &Trigger) -> Result<Vec<Way>, &'static str> {
    if is_state(trigger) {
        return Ok(vec![Way { passing: None, state: vec![trigger.clone()] }]);
    }
    match trigger {
        Trigger::Output(output) => {
            Ok(vec![Way { passing: Some(Passing::Output(output.clone())), state: Vec::new() }])
        }
        Trigger::Diagnostic(diagnostic) => {
            Ok(vec![Way { passing: Some(Passing::Diagnostic(diagnostic.clone())), state: Vec::new() }])
        }
        Trigger::Any(triggers) => {
            Ok(triggers.iter().map(ways).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
        }
        Trigger::All(triggers) => {
            let mut joined = vec![Way { passing: None, state: Vec::new() }];
            for trigger in triggers {
                let added = ways(trigger)?;
                let pairs = joined.iter().flat_map(|way| added.iter().map(move |other| join(way, other)));
                joined = pairs.collect::<Result<_, _>>()?;
            }
            Ok(joined)
        }
        _ => Err(TWO_PASSING),
    }
}

/// Whether a trigger is about the state of things alone.
pub(crate) fn is_state(trigger: &Trigger) -> bool {
    match trigger {
        Trigger::Output(_) | Trigger::Diagnostic(_) => false,
        Trigger::All(triggers) | Trigger::Any(triggers) => triggers.iter().all(is_state),
        Trigger::Not(trigger) => is_state(trigger),
        _ => true,
    }
}

fn join(one: &Way, other: &Way) -> Result<Way, &'static str> {
    let passing = match (&one.passing, &other.passing) {
        (Some(_), Some(_)) => return Err(TWO_PASSING),
        (one, other) => one.as_ref().or(other.as_ref()).cloned(),
    };
    Ok(Way { passing, state: [one.state.as_slice(), &other.state].concat() })
}
