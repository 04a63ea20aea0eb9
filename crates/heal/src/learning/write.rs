use heal_model::{Bytes, Diff, Edit, Fix, Lesson, Origin, Part, PartRef, Plan, RelPath, RuleId};
use heal_plan::join;
use heal_playbook::{AmendError, amend};

/// A playbook's text with lessons after its last rule; every other byte stays.
///
/// # Errors
/// When the text takes no further rule, or would say something else than it and the lessons do.
pub fn amended(text: &str, lessons: &[Lesson]) -> Result<String, AmendError> {
    lessons.iter().try_fold(text.to_owned(), |text, lesson| amend(&text, lesson))
}

/// A lesson's rule as it would be written, without what stands around it.
#[must_use]
pub fn rule_text(lesson: &Lesson) -> Option<String> {
    let text = amend("", lesson).ok()?;
    let (_, rule) = text.split_once("\nrules:\n")?;
    Some(rule.to_owned())
}

/// One change of one playbook as a plan: previewed, journalled and taken back like any other.
#[must_use]
pub fn rewriting(path: &RelPath, before: Option<&str>, after: &str, title: &str) -> Plan {
    let part = match before {
        None => Part::Create { path: path.clone(), content: after.into(), executable: false },
        Some(before) => spliced(path, before, after),
    };
    let origin = Origin::Named("heal learn".to_owned());
    let fix = Fix { parts: vec![part], ..Fix::new(RuleId::new("heal", "learn"), origin, title) };
    let edit = Edit {
        path: path.clone(),
        content: Diff { before: before.map(Bytes::from), after: Some(after.into()) },
        executable: false,
        parts: vec![PartRef { fix: 0, part: 0 }],
    };
    join(vec![Plan { fixes: vec![fix], edits: vec![edit], ..Plan::default() }])
}

/// The one stretch that differs.
fn spliced(path: &RelPath, before: &str, after: &str) -> Part {
    let same = |pairs: &mut dyn Iterator<Item = (u8, u8)>| pairs.take_while(|(a, b)| a == b).count();
    let mut start = same(&mut before.bytes().zip(after.bytes()));
    while !(before.is_char_boundary(start) && after.is_char_boundary(start)) {
        start -= 1;
    }
    let (old, new) = (&before[start..], &after[start..]);
    let mut tail = same(&mut old.bytes().rev().zip(new.bytes().rev()));
    while !(old.is_char_boundary(old.len() - tail) && new.is_char_boundary(new.len() - tail)) {
        tail -= 1;
    }
    let text = &new[..new.len() - tail];
    Part::Splice { path: path.clone(), range: start..before.len() - tail, text: text.into() }
}

#[cfg(test)]
mod tests {
    use heal_model::RelPath;

    use super::rewriting;

    #[track_caller]
    fn check(before: &str, after: &str) {
        let path = RelPath::new("a.yaml").expect("a path");
        let plan = rewriting(&path, Some(before), after, "one lesson");
        let written = plan.edits.first().and_then(|edit| edit.content.after.clone());
        assert_eq!(written.as_ref().and_then(|bytes| bytes.text()), Some(after));
    }

    #[test]
    fn what_is_planned_is_what_was_asked_for() {
        check("a\nb\n", "a\nx\nb\n");
        check("", "a");
        check("aä\n", "aö\n");
        check("xä", "xöä");
        check("aa", "aaa");
    }
}
