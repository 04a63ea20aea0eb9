use heal_exec::Parted;
use heal_model::{Bytes, Diff, Edit, Receipt, RelPath};
use heal_plan::merge;

use super::exit::Exit;
use super::failure::Failure;

/// What the files of an operation become that have changed since, where the operation is taken back and the change stays:
/// all of them, or none.
pub(super) fn merged(receipt: &Receipt, parted: &[Parted]) -> Result<Vec<Edit>, Failure> {
    let mut edits = Vec::new();
    let mut clashes = Vec::new();
    for one in parted {
        match joined(receipt, one) {
            Ok(edit) => edits.push(edit),
            Err(why) => clashes.push(format!("{}: {why}", one.path)),
        }
    }
    if clashes.is_empty() {
        return Ok(edits);
    }
    let message = format!("operation {} can't be merged: {}", receipt.id, clashes.join("; "));
    let help = format!("write what was there before into a folder: heal undo {} --to-dir before", receipt.id);
    Err(Failure::new(Exit::Refused, message).help(help))
}

fn joined(receipt: &Receipt, parted: &Parted) -> Result<Edit, String> {
    let Parted { path, before, left, now } = parted;
    let now = now.as_ref().map_err(|unreadable| unreadable.reason.clone())?;
    let edit = |after: &Option<Bytes>| Edit {
        path: path.clone(),
        content: Diff { before: now.clone(), after: after.clone() },
        executable: false,
        parts: Vec::new(),
    };
    if now == before {
        return Ok(edit(before));
    }
    let has_checksum = |path: &RelPath| {
        let sidecar = format!("{path}.sha256");
        receipt.files.iter().any(|file| file.path.as_str() == sidecar)
    };
    match (before, left, now) {
        _ if has_checksum(path) => Err("its checksum is kept beside it".to_owned()),
        (Some(before), Some(left), Some(now)) => match merge(path, left, now, before) {
            Ok(after) => Ok(edit(&Some(after))),
            Err(clash) => Err(clash.to_string()),
        },
        (_, _, None) => Err("it was deleted since".to_owned()),
        (None, ..) => Err("it was made by the operation and changed since".to_owned()),
        (Some(_), None, Some(_)) => Err("it was deleted by the operation and made again since".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use heal_exec::Parted;
    use heal_model::{Bytes, FileOutcome, PlanId, Receipt, ReceiptState, RelPath, Time};

    use super::joined;

    /// What becomes of a file that was, was left and is this: a text, nothing, or why it can't be said.
    #[track_caller]
    fn check(path: &str, [before, left, now]: [Option<&str>; 3], expected: Result<Option<&str>, &str>) {
        let path = RelPath::new(path).expect("it is inside the project");
        let [before, left, now] = [before, left, now].map(|text| text.map(Bytes::from));
        let edit = joined(&receipt(), &Parted { path, before, left, now: Ok(now) });
        let after = edit.map(|edit| edit.content.after);
        let after = after.as_ref().map(|after| after.as_ref().and_then(Bytes::text));
        assert_eq!(after.map_err(String::as_str), expected);
    }

    /// An operation that changed a sidecar among others.
    fn receipt() -> Receipt {
        let path = RelPath::new("kept.json.sha256").expect("it is inside the project");
        Receipt {
            id: "0".to_owned(),
            plan: PlanId::default(),
            at: Time(0),
            state: ReceiptState::Applied,
            rules: Vec::new(),
            files: vec![FileOutcome { path, before: None, after: None }],
            commands: Vec::new(),
            verification: None,
            undoes: None,
            undone_by: None,
            notes: Vec::new(),
        }
    }

    #[test]
    fn what_a_file_becomes() {
        let (old, new) = (Some("a\nb\nc\n"), Some("A\nb\nc\n"));
        check("a.txt", [old, new, Some("A\nb\nC\n")], Ok(Some("a\nb\nC\n")));
        check("a.txt", [old, new, Some("x\nb\nc\n")], Err("line 1 changed too"));
        check("a.txt", [old, new, old], Ok(old));
        check("a.txt", [None, new, None], Ok(None));
        check("a.txt", [old, new, None], Err("it was deleted since"));
        check("a.txt", [None, new, old], Err("it was made by the operation and changed since"));
        check("a.txt", [old, None, new], Err("it was deleted by the operation and made again since"));
        check("kept.json", [old, new, Some("A\nb\nC\n")], Err("its checksum is kept beside it"));
    }
}
