use serde_json::Value;

/// `{{unmarked line marks}}`: the line without the characters above the `+` marks, as rustc shows what it would add.
pub(super) fn unmarked(arguments: &[&Value]) -> Result<Value, String> {
    let [Value::String(line), Value::String(marks)] = arguments else {
        return Err("needs a line and the marks below it".to_owned());
    };
    let line: Vec<char> = line.chars().collect();
    let mut added: Vec<bool> = marks.chars().map(|mark| mark == '+').take(line.len()).collect();
    added.resize(line.len(), false);
    let (mut kept, mut from, mut end) = (String::new(), 0, 0);
    for stretch in added.chunk_by(|one, other| one == other) {
        end += stretch.len();
        if stretch[0] {
            from = end + usize::from(takes_next(&kept, &line[end..]));
            if takes_last(&kept, &line[end..]) {
                kept.pop();
            }
        } else {
            kept.extend(&line[from.min(end)..end]);
            from = end;
        }
    }
    Ok(kept.into())
}

/// Whether the blank after what is added was added with it, as after `move`: blanks at the ends are not marked.
fn takes_next(before: &str, after: &[char]) -> bool {
    after.first() == Some(&' ') && before.chars().next_back().is_none_or(|last| " ([{<&|!=".contains(last))
}

/// Whether the blank before what is added was added with it, as before `as u64`.
fn takes_last(before: &str, after: &[char]) -> bool {
    before.trim_start().ends_with(' ') && after.first().is_none_or(|next| ";,)>]}".contains(*next))
}
