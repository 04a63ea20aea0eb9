use heal_model::{Finding, Plan, Playbook};
use heal_plan::{Choices, Context, plan, questions};

use super::consent;
use super::session::{Rules, Session};

/// Who is asked what only a person can say.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Asks {
    /// Whoever sits at the terminal.
    Somebody,
    /// Nobody: what is asked stays open.
    Nobody,
}

/// What planning for some playbooks may know in this call.
pub(super) fn context<'a>(
    session: &'a Session<'_>,
    rules: &'a Rules,
    playbooks: &'a [Playbook],
    choices: &'a Choices,
) -> Context<'a> {
    let inspect = rules.matcher.inspector();
    Context { playbooks, world: &session.host, inspect, choices, used: &session.used }
}

/// What would be done about findings, as far as their playbooks may act.
pub(super) fn planned(session: &Session<'_>, rules: &Rules, findings: &[Finding], asks: Asks) -> Plan {
    let acting = rules.acting();
    let allowed: Vec<Finding> = findings.iter().filter(|finding| rules.may_act(finding)).cloned().collect();
    let none = Choices::default();
    let context = context(session, rules, &acting, &none);
    let open = if asks == Asks::Somebody { questions(&allowed, &context) } else { Vec::new() };
    let choices = consent::choices(session, &open);
    plan(&allowed, &Context { choices: &choices, ..context })
}
