use serde_json::Value;

/// What lines hold that carry text for people.
const MARKS: [&[u8]; 2] = [b"\"rendered\":\"", b"\"Action\":\"output\""];

/// The text for people that a line of JSON carries.
pub(super) fn carried(line: &[u8]) -> Option<String> {
    if !MARKS.iter().any(|mark| memchr::memmem::find(line, mark).is_some()) {
        return None;
    }
    let value: Value = serde_json::from_slice(line).ok()?;
    let message = value.get("message").filter(|message| message.is_object()).unwrap_or(&value);
    match message["rendered"].as_str() {
        Some(rendered) if offers_edits(message) => Some(without_help(rendered).to_owned()),
        Some(rendered) => Some(rendered.to_owned()),
        None => value["Output"].as_str().map(str::to_owned),
    }
}

fn offers_edits(message: &Value) -> bool {
    let each = |value: &Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
    let spans = each(message, "children").into_iter().flat_map(|child| each(&child, "spans"));
    spans.into_iter().any(|span| span["suggested_replacement"].is_string())
}

/// A message up to the line where help begins.
fn without_help(rendered: &str) -> &str {
    let Some(help) = rendered.find("help: ") else { return rendered };
    &rendered[..rendered[..help].rfind('\n').map_or(0, |end| end + 1)]
}
