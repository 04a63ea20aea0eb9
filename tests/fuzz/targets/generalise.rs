//! Whatever was said and changed, learning from it does not panic, a rule does again what it was made of, and the
//! changes that an incident is parted into make it up.
#![no_main]

use heal_learn::{Policy, Trial, changes, distil, ended_by, groups, refused};
use heal_model::{Bytes, ChangedFile, Diagnostic, Ending, Incident, Level, RelPath, Time};
use libfuzzer_sys::fuzz_target;

type Seen<'a> = (&'a str, (u16, u16, u16), &'a str, &'a str);

fuzz_target!(|seen: Vec<Seen>| {
    let incidents: Vec<Incident> = seen.iter().take(8).enumerate().map(incident).collect();
    let lessons = distil(&incidents, &[], &[], &Policy::default());
    for lesson in &lessons {
        let trial = Trial::new(&lesson.rule).expect("a learned rule is of the learned kind");
        for own in incidents.iter().filter(|one| lesson.evidence.incidents.contains(&one.id)) {
            assert!(trial.mends(own), "{} is not mended again", own.id);
        }
    }
    for incident in &incidents {
        assert_eq!(ended_by(incident, &changes(incident)), *incident, "all changes are not the whole");
    }
    drop(refused(&incidents, &lessons));
    drop(groups(&incidents, &|_| false));
});

fn incident((index, (message, place, before, after)): (usize, &Seen)) -> Incident {
    let path = RelPath::new("file.x").expect("a path");
    let mut diagnostic = Diagnostic::new("tool", Level::Error, message);
    diagnostic.file = Some(path.to_string());
    diagnostic.line = Some(place.0.into());
    diagnostic.column = Some(place.1.into());
    diagnostic.end_line = Some(place.0.into());
    diagnostic.end_column = Some(place.2.into());
    let change = ChangedFile { path, before: Some(Bytes::from(*before)), after: Some(Bytes::from(*after)) };
    Incident {
        id: format!("i{index}"),
        at: Time(0),
        command: None,
        exit: Some(1),
        output: String::new(),
        diagnostics: vec![diagnostic],
        ending: Some(Ending { changes: vec![change], output: String::new(), by: heal_model::Mender::Person }),
    }
}
