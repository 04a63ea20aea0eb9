use heal_model::{Command, CommandPreview, Fix, Invocation, Plan, command_line, spoken};

/// Every command of a plan, in the order they run.
pub(super) fn commands(plan: &Plan) -> Vec<CommandPreview> {
    plan.fixes
        .iter()
        .flat_map(|fix| fix.commands.iter().enumerate().map(|(index, command)| one(fix, index, command)))
        .collect()
}

fn one(fix: &Fix, index: usize, command: &Command) -> CommandPreview {
    let argv = argv(&command.invocation);
    let is_last = index + 1 == fix.commands.len();
    CommandPreview {
        rule: fix.rule.clone(),
        safety: fix.safety,
        line: line(&command.invocation, &argv),
        argv,
        cwd: command.cwd.clone(),
        then: fix.rest.as_ref().filter(|_| is_last).map_or(0, |rest| rest.left),
    }
}

/// What is done, as it would be typed; of a signal also whom it meets besides, and what follows where it does not help.
fn line(invocation: &Invocation, argv: &[String]) -> String {
    let mut line = command_line(argv);
    if let Invocation::Signal { kill_after, family, .. } = invocation {
        line.push_str(if *family { " and what it has started" } else { "" });
        let then = kill_after.map(|span| format!(", after {} kill -KILL", spoken(span)));
        line.push_str(&then.unwrap_or_default());
    }
    line
}

fn argv(invocation: &Invocation) -> Vec<String> {
    match invocation {
        Invocation::Program(argv) => argv.clone(),
        Invocation::Shell(text) => vec!["sh".to_owned(), "-c".to_owned(), text.clone()],
        Invocation::Signal { pid, signal, .. } => {
            let name = format!("{signal:?}").to_uppercase();
            vec!["kill".to_owned(), format!("-{name}"), pid.to_string()]
        }
    }
}
