use heal_model::{
    DocumentTrigger, FileTrigger, Holder, ProbeTrigger, ProcessOf, ProcessTrigger, RateTrigger, Records,
    Running, Template, Trigger, ValueTrigger,
};

use crate::draft::Draft;
use crate::refused::Refused;
use crate::template::Escape;

/// Whether a condition holds of the world as the fix has left it so far.
pub(crate) fn holds(draft: &Draft<'_>, trigger: &Trigger) -> Result<bool, Refused> {
    let trigger = filled(draft, trigger)?;
    Ok(!draft.context.inspect.inspect(&draft.fix.rule, &trigger, &draft.world).findings.is_empty())
}

fn process_of(draft: &Draft<'_>, of: &ProcessOf) -> Result<ProcessOf, Refused> {
    let fill = |template: &Template| draft.fill(template, Escape::Plain).map(Template);
    Ok(match of {
        ProcessOf::PidFile(file) => ProcessOf::PidFile(fill(file)?),
        ProcessOf::Holder(holder) => ProcessOf::Holder(self::holder(draft, holder)?),
        ProcessOf::Running(running) => ProcessOf::Running(Running {
            name: running.name.clone(),
            within: running.within.as_ref().map(fill).transpose()?,
            listens: running.listens.as_ref().map(fill).transpose()?,
        }),
    })
}

/// A recorded process with its templates filled in.
pub(crate) fn holder(draft: &Draft<'_>, holder: &Holder) -> Result<Holder, Refused> {
    let fill = |template: &Template| draft.fill(template, Escape::Plain).map(Template);
    Ok(Holder {
        pid: fill(&holder.pid)?,
        started: holder.started.as_ref().map(fill).transpose()?,
        boot: holder.boot.as_ref().map(fill).transpose()?,
        host: holder.host.as_ref().map(fill).transpose()?,
    })
}

/// A condition with its templates filled in.
pub(crate) fn filled(draft: &Draft<'_>, trigger: &Trigger) -> Result<Trigger, Refused> {
    let fill = |template: &Template| draft.fill(template, Escape::Plain).map(Template);
    let all = |triggers: &[Trigger]| {
        triggers.iter().map(|inner| filled(draft, inner)).collect::<Result<Vec<_>, _>>()
    };
    Ok(match trigger {
        Trigger::File(file) => Trigger::File(FileTrigger { path: fill(&file.path)?, ..file.clone() }),
        Trigger::Document(document) => {
            Trigger::Document(DocumentTrigger { file: fill(&document.file)?, ..document.clone() })
        }
        Trigger::Rate(rate) => {
            let Records::File(file) = &rate.of;
            Trigger::Rate(RateTrigger { of: Records::File(fill(file)?), ..rate.clone() })
        }
        Trigger::Process(process) => {
            Trigger::Process(ProcessTrigger { of: process_of(draft, &process.of)?, is: process.is })
        }
        Trigger::Probe(probe) => {
            let argv = probe.argv.iter().map(|argument| draft.argument(argument).map(Template));
            Trigger::Probe(ProbeTrigger { argv: argv.collect::<Result<_, _>>()?, ..probe.clone() })
        }
        Trigger::Value(value) => Trigger::Value(ValueTrigger {
            value: fill(&value.value)?,
            equals: value.equals.as_ref().map(fill).transpose()?,
            ..value.clone()
        }),
        Trigger::All(triggers) => Trigger::All(all(triggers)?),
        Trigger::Any(triggers) => Trigger::Any(all(triggers)?),
        Trigger::Not(inner) => Trigger::Not(Box::new(filled(draft, inner)?)),
        Trigger::Output(_) | Trigger::Diagnostic(_) | Trigger::Env(_) => trigger.clone(),
    })
}
