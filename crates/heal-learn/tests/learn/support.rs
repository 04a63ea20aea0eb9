use heal_learn::{Policy, distil, refused};
use heal_model::{
    Action, Bytes, ChangedFile, Diagnostic, Ending, FileTrigger, Incident, Lesson, Level, Line, LineChange,
    LinePosition, Mender, RelPath, Time, Trigger,
};

/// An incident about `file.x`: what was said, where (line, column, end column), and the file before and after.
pub(crate) fn incident(
    id: &str,
    message: &str,
    place: (u32, u32, u32),
    before: &str,
    after: &str,
) -> Incident {
    let mut diagnostic = Diagnostic::new("tool", Level::Error, message);
    diagnostic.file = Some("file.x".to_owned());
    diagnostic.line = Some(place.0);
    diagnostic.column = Some(place.1);
    if place.2 > 0 {
        diagnostic.end_line = Some(place.0);
        diagnostic.end_column = Some(place.2);
    }
    Incident {
        id: id.to_owned(),
        at: Time(1_767_225_600_000),
        command: None,
        exit: Some(1),
        output: format!("file.x:{}:{}: error: {message}\n", place.0, place.1),
        diagnostics: vec![diagnostic],
        ending: Some(Ending {
            changes: vec![ChangedFile {
                path: RelPath::new("file.x").expect("a path"),
                before: Some(Bytes::from(before)),
                after: Some(Bytes::from(after)),
            }],
            output: String::new(),
            by: Mender::Person,
        }),
    }
}

/// Lessons as text: title, pattern of the message, edit, and the gates that failed; then what was refused.
pub(crate) fn told(incidents: &[Incident], passing: &[String]) -> String {
    let lessons = distil(incidents, &[], passing, &Policy::default());
    let mut out: String = lessons.iter().map(one).collect();
    for refused in refused(incidents, &lessons) {
        out.push_str(&format!("refused {}: {}\n", refused.incidents.join(" "), refused.reason));
    }
    out
}

fn one(lesson: &Lesson) -> String {
    let failed: Vec<&str> =
        lesson.gates.iter().filter(|gate| !gate.passed).map(|gate| gate.name.as_str()).collect();
    let mut out = format!("lesson {}", lesson.evidence.incidents.join(" "));
    if !failed.is_empty() {
        out.push_str(&format!(" (not {})", failed.join(", ")));
    }
    if let Trigger::Diagnostic(trigger) = &lesson.rule.trigger {
        out.push_str(&format!("\n  {}\n", trigger.message.as_ref().map_or("", |message| &message.source)));
        out.extend(trigger.help.as_ref().map(|help| format!("  note {}\n", help.source)));
    }
    for step in &lesson.rule.steps {
        match &step.action {
            Action::Edit(edit) => {
                let at = edit.at.as_ref().map_or_else(String::new, |at| {
                    let column = at.column.as_ref().map_or(String::new(), |column| format!(":{column}"));
                    let to =
                        at.to.as_ref().map_or(String::new(), |to| format!(" to {}:{}", to.line, to.column));
                    format!("{}{column}{to}", at.line)
                });
                let own = edit.files.iter().all(|file| file.as_str() == "{{file}}");
                let elsewhere = if own { String::new() } else { format!("  in {}\n", edit.files[0]) };
                out.push_str(&elsewhere);
                let place = if at.is_empty() { String::new() } else { format!("  {at}\n") };
                out.push_str(&format!("{place}  {}\n  => {}\n", edit.search.source, edit.replace));
                if let Some(Trigger::File(FileTrigger { contains: Some(like), .. })) = &step.when {
                    out.push_str(&format!("  if {} is there\n", like.source));
                }
            }
            Action::Line(line) => out.push_str(&put(line, step.when.as_ref())),
            other => out.push_str(&format!("  {other:?}\n")),
        }
    }
    out
}

/// A line that is put in, where, and on what condition.
fn put(line: &Line, when: Option<&Trigger>) -> String {
    let LineChange::Present { line: text, position } = &line.change else { return format!("{line:?}") };
    let place = match position {
        LinePosition::Start => "at the start".to_owned(),
        LinePosition::End => "at the end".to_owned(),
        LinePosition::After(like) => format!("after {}", like.source),
        LinePosition::Before(like) => format!("before {}", like.source),
    };
    let condition = if when.is_some() { ", if there is one" } else { "" };
    format!("  in {} {place}{condition}\n  + {text}\n", line.file)
}
