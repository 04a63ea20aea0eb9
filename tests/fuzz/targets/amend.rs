//! Whatever a playbook looks like, a lesson is put into it whole, every old line stays, or it is refused.
#![no_main]

use heal_learn::{Policy, distil};
use heal_model::{Bytes, ChangedFile, Diagnostic, Ending, Incident, Lesson, Level, RelPath, Time};
use heal_playbook::amend;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str)| {
    let (playbook, word) = input;
    for lesson in lessons(word) {
        let Ok(amended) = amend(playbook, &lesson) else { continue };
        let mut new = amended.lines();
        assert!(playbook.lines().all(|old| new.any(|line| line == old)), "a line was lost");
    }
});

/// What two incidents teach that say the same of a word.
fn lessons(word: &str) -> Vec<Lesson> {
    let incidents: Vec<Incident> = ["a", "b"].into_iter().map(|name| incident(name, word)).collect();
    distil(&incidents, &[], &[], &Policy::default())
}

fn incident(name: &str, word: &str) -> Incident {
    let path = RelPath::new(&format!("{name}.x")).expect("a path");
    let before = format!("{name} = {word}\n");
    let after = format!("{name} = {word};\n");
    let mut diagnostic =
        Diagnostic::new("tool", Level::Error, &format!("expected ';' after expression {word}"));
    diagnostic.file = Some(path.to_string());
    diagnostic.line = Some(1);
    diagnostic.column = u32::try_from(before.trim_end().chars().count() + 1).ok();
    let change = ChangedFile {
        path,
        before: Some(Bytes::from(before.as_str())),
        after: Some(Bytes::from(after.as_str())),
    };
    Incident {
        id: name.to_owned(),
        at: Time(0),
        command: None,
        exit: Some(1),
        output: String::new(),
        diagnostics: vec![diagnostic],
        ending: Some(Ending { changes: vec![change], output: String::new(), by: heal_model::Mender::Person }),
    }
}
