use heal_model::{
    Absence, Applicability, Count, Diagnostic, DiagnosticTrigger, ExitCodes, FileIs, FileTrigger,
    LinePattern, Observation, Offered, OutputTrigger, Pattern, PatternKind, ProcessOf, ProcessState, Running,
    Stream, Trigger,
};

/// What a trigger asks for, one thing a line; parts of a part are indented by two spaces.
#[must_use]
pub fn asks(trigger: &Trigger) -> Vec<String> {
    let each = |triggers: &[Trigger]| -> Vec<String> { triggers.iter().flat_map(asks).collect() };
    let within = |head: &str, lines: Vec<String>| {
        let lines = lines.into_iter().map(|line| format!("  {line}"));
        std::iter::once(head.to_owned()).chain(lines).collect()
    };
    match trigger {
        Trigger::Output(trigger) => of_output(trigger),
        Trigger::Diagnostic(trigger) => vec![diagnostic(trigger)],
        Trigger::All(triggers) => each(triggers),
        Trigger::Any(triggers) if triggers.len() == 1 => each(triggers),
        Trigger::Any(triggers) => {
            let choices = triggers.iter().enumerate().flat_map(|(place, trigger)| {
                let head = if place == 0 { "either" } else { "or" };
                within(head, asks(trigger))
            });
            choices.collect()
        }
        Trigger::Not(trigger) => within("not", asks(trigger)),
        other => vec![state(other)],
    }
}

fn of_output(trigger: &OutputTrigger) -> Vec<String> {
    let unknown = Observation::default();
    let plain = |text: Option<String>| {
        text.map(|text| text.split(" (it is not known").next().unwrap_or_default().to_owned())
    };
    let mut asked: Vec<String> = trigger.lines.iter().map(line).collect();
    asked.extend((trigger.lines.len() > 1).then(|| order(trigger, None)));
    asked.extend(trigger.not.as_ref().map(absence));
    asked.extend(trigger.count.map(often));
    asked.extend(plain(command(trigger, &unknown)));
    asked.extend(plain(exit(trigger, &unknown)));
    asked.extend(plain(stream(trigger, &unknown)));
    asked
}

/// What a restriction to commands asks for.
pub(super) fn command(trigger: &OutputTrigger, observation: &Observation) -> Option<String> {
    let wanted = shown(trigger.command.as_ref()?);
    Some(match &observation.command {
        Some(command) => format!("the command fits {wanted} (it is `{command}`)"),
        None => format!("the command fits {wanted} (it is not known, so any does)"),
    })
}

/// What a restriction to exit codes asks for.
pub(super) fn exit(trigger: &OutputTrigger, observation: &Observation) -> Option<String> {
    let wanted = codes(trigger.exit.as_ref()?);
    Some(match observation.exit {
        Some(exit) => format!("the exit code is {wanted} (it is {exit})"),
        None => format!("the exit code is {wanted} (it is not known, so any does)"),
    })
}

/// What a restriction to a stream asks for.
pub(super) fn stream(trigger: &OutputTrigger, observation: &Observation) -> Option<String> {
    let name = |stream| match stream {
        Stream::Stdout => "standard output",
        Stream::Stderr => "standard error",
    };
    let wanted = name(trigger.stream?);
    Some(match observation.stream {
        Some(stream) => format!("the stream is {wanted} (it is {})", name(stream)),
        None => format!("the stream is {wanted} (it is not known, so any does)"),
    })
}

/// What one line asks for.
pub(super) fn line(line: &LinePattern) -> String {
    let optional = if line.optional { " (optional)" } else { "" };
    format!("a line with {}{optional}", shown(&line.pattern))
}

/// How several lines must lie; where they are all there and lie otherwise, the first and last line of the nearest.
pub(super) fn order(trigger: &OutputTrigger, nearest: Option<Option<(u64, u64)>>) -> String {
    let wanted = match trigger.within {
        Some(within) => format!("these lines in this order, within {within} lines"),
        None => "these lines in this order, each directly after the last".to_owned(),
    };
    match nearest {
        None => wanted,
        Some(None) => format!("{wanted} (they are there, in another order)"),
        Some(Some((first, last))) => {
            format!("{wanted} (the nearest are lines {first} to {last}, which are {})", last - first + 1)
        }
    }
}

/// What must not be near.
pub(super) fn absence(absence: &Absence) -> String {
    let wanted = shown(&absence.pattern);
    if absence.before == Some(0) && absence.after == Some(0) {
        return format!("none of these lines with {wanted}");
    }
    let within = |lines: Option<u32>, side| {
        lines.map(|lines| format!("{lines} {} {side}", if lines == 1 { "line" } else { "lines" }))
    };
    let sides: Vec<String> =
        within(absence.before, "before").into_iter().chain(within(absence.after, "after")).collect();
    match sides.is_empty() {
        true => format!("no line with {wanted} anywhere"),
        false => format!("no line with {wanted} within {}", sides.join(" or ")),
    }
}

/// The same, and where it is in the way: on the line, or on several.
pub(super) fn presence(not: &Absence, lines: &[u64]) -> String {
    match lines {
        [] => absence(not),
        [line] => format!("{} (line {line} is one)", absence(not)),
        _ => format!("{} (there are several)", absence(not)),
    }
}

/// How often it must be seen.
pub(super) fn count(count: Count, seen: u64) -> String {
    format!("{} (seen {seen} times)", often(count))
}

fn often(count: Count) -> String {
    let within = count.within.map(|within| format!(" within {within} lines")).unwrap_or_default();
    format!("that at least {} times{within}", count.at_least)
}

/// What a diagnostic trigger asks for.
pub(super) fn diagnostic(trigger: &DiagnosticTrigger) -> String {
    let parts: Vec<String> = asked(trigger).into_iter().flatten().collect();
    let parts = if parts.is_empty() { "anything holds".to_owned() } else { parts.join(", ") };
    let not = not(trigger).map_or_else(String::new, |not| format!("; {not}"));
    format!("a diagnostic of which {parts}{not}")
}

/// What no diagnostic of the same output may be.
pub(super) fn not(trigger: &DiagnosticTrigger) -> Option<String> {
    trigger.not.as_deref().map(|not| format!("nowhere {}", diagnostic(not)))
}

/// Each thing that a diagnostic trigger may ask of a diagnostic, in the order of its fields.
pub(super) fn asked(trigger: &DiagnosticTrigger) -> [Option<String>; 7] {
    let fits = |what: &str, pattern: &Option<Pattern>| {
        pattern.as_ref().map(|pattern| format!("{what} fits {}", shown(pattern)))
    };
    [
        trigger.tool.as_ref().map(|tool| format!("the tool is {tool}")),
        fits("the code", &trigger.code),
        trigger.level.map(|level| format!("the level is at least {}", format!("{level:?}").to_lowercase())),
        fits("the message", &trigger.message),
        trigger.file.as_ref().map(|file| format!("the file fits `{file}`")),
        fits("a note", &trigger.help),
        trigger.suggestion.map(edit),
    ]
}

/// What a diagnostic is instead, in the same order; nothing where the message tells, or it is too long to tell.
pub(super) fn instead(diagnostic: &Diagnostic) -> [Option<String>; 7] {
    let is = |value: Option<&str>| {
        Some(value.map_or("there is none".to_owned(), |value| format!("it is {value}")))
    };
    let level = format!("{:?}", diagnostic.level).to_lowercase();
    [
        is(Some(&diagnostic.tool)),
        is(diagnostic.code.as_deref()),
        is(Some(&level)),
        None,
        is(diagnostic.file.as_deref()),
        None,
        None,
    ]
}

fn edit(offered: Offered) -> String {
    match offered {
        Offered::Nothing => "no edit is offered".to_owned(),
        Offered::AtLeast(Applicability::Unspecified) => "an edit is offered".to_owned(),
        Offered::AtLeast(Applicability::HasPlaceholders) => {
            "an edit is offered, if with placeholders".to_owned()
        }
        Offered::AtLeast(Applicability::MaybeIncorrect) => "an edit is offered that may be meant".to_owned(),
        Offered::AtLeast(Applicability::MachineApplicable) => "an edit is offered that is sure".to_owned(),
        Offered::Unsure => "an edit is offered, and none that is sure".to_owned(),
    }
}

/// What a trigger about the state of things asks for.
pub(super) fn state(trigger: &Trigger) -> String {
    match trigger {
        Trigger::File(trigger) => file(trigger),
        Trigger::Document(trigger) => {
            let missing = if trigger.missing { "nothing" } else { "something" };
            format!("in `{}`, `{}` selects {missing} that fits", trigger.file, trigger.select)
        }
        Trigger::Rate(trigger) => {
            let percent = trigger.over * 100.0;
            format!(
                "more than {percent}% of at least {} records with {}",
                trigger.at_least,
                shown(&trigger.failing)
            )
        }
        Trigger::Process(trigger) => {
            let is = match trigger.is {
                ProcessState::Alive => "alive",
                ProcessState::Dead => "dead",
                ProcessState::Recycled => "another, its pid taken over",
                ProcessState::Gone => "dead, or its pid taken over",
                ProcessState::Orphaned => "alive without the one that started it",
            };
            match &trigger.of {
                ProcessOf::PidFile(file) => format!("the process of `{file}` is {is}"),
                ProcessOf::Holder(holder) => format!("the process `{}` is {is}", holder.pid),
                ProcessOf::Running(running) => format!("a process {}is {is}", like(running)),
            }
        }
        Trigger::Probe(trigger) => {
            let argv: Vec<&str> = trigger.argv.iter().map(heal_model::Template::as_str).collect();
            let what = if trigger.hangs { "does not end in time" } else { "says what is asked" };
            format!("`{}` {what}", argv.join(" "))
        }
        Trigger::Env(trigger) => {
            let set = if trigger.set { "set" } else { "not set" };
            let fits = trigger.matches.as_ref().map(|pattern| format!(" and fits {}", shown(pattern)));
            format!("the variable {} is {set}{}", trigger.name, fits.unwrap_or_default())
        }
        Trigger::Value(trigger) => {
            let equals = trigger.equals.as_ref().map(|equals| format!(" is `{equals}`"));
            let fits = trigger.matches.as_ref().map(|pattern| format!(" fits {}", shown(pattern)));
            format!("`{}`{}{}", trigger.value, equals.unwrap_or_default(), fits.unwrap_or_default())
        }
        Trigger::Not(trigger) => format!("not: {}", state(trigger)),
        Trigger::All(triggers) => triggers.iter().map(state).collect::<Vec<_>>().join(", and "),
        Trigger::Any(triggers) => triggers.iter().map(state).collect::<Vec<_>>().join(", or "),
        Trigger::Output(_) | Trigger::Diagnostic(_) => "output, which is no state of things".to_owned(),
    }
}

fn like(running: &Running) -> String {
    let parts = [
        running.name.as_ref().map(|name| format!("whose name fits {} ", shown(name))),
        running.within.as_ref().map(|folder| format!("that works in `{folder}` ")),
        running.listens.as_ref().map(|port| format!("that listens on `{port}` ")),
    ];
    parts.into_iter().flatten().collect()
}

fn file(trigger: &FileTrigger) -> String {
    let is = trigger.is.map(|is| match is {
        FileIs::Missing => "is missing".to_owned(),
        FileIs::Present => "is there".to_owned(),
        FileIs::Empty => "is empty".to_owned(),
        FileIs::Corrupt => "differs from its checksum".to_owned(),
        FileIs::Broken => "is not what its name says".to_owned(),
        FileIs::Torn => "ends in the middle of a line".to_owned(),
    });
    let parts = [
        is,
        trigger.contains.as_ref().map(|pattern| format!("has a line with {}", shown(pattern))),
        trigger.lacks.as_ref().map(|pattern| format!("has no line with {}", shown(pattern))),
        trigger.invalid_against.as_ref().map(|schema| format!("is not valid by {schema}")),
        trigger.older_than.map(|age| format!("was not changed for {age:?}")),
        trigger.larger_than.map(|size| format!("is larger than {size} bytes")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let asked = if parts.is_empty() { "is there".to_owned() } else { parts.join(" and ") };
    format!("`{}` {asked}", trigger.path)
}

fn codes(codes: &ExitCodes) -> String {
    match codes {
        ExitCodes::Failure => "not 0".to_owned(),
        ExitCodes::Codes(codes) => codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or "),
    }
}

fn shown(pattern: &Pattern) -> String {
    match pattern.kind {
        PatternKind::Regex => format!("`{}`", pattern.source),
        PatternKind::Text => format!("the text `{}`", pattern.source),
    }
}
