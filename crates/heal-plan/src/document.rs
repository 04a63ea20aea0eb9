mod block;
mod change;
mod flow;
mod format;
mod json;
mod key;
mod layout;
mod node;
mod place;
mod scalar;
mod toml;
mod yaml;

use heal_model::Bytes;

pub(crate) use change::Change;
pub(crate) use format::Format;
pub(crate) use key::Key;

use crate::splice;
use crate::text::Text;
use change::resolve;

/// A document with a value set or taken out, comments and layout kept; none where it says so already.
///
/// Only the bytes that must change do. What comes of it is read again and compared with what was meant: a style that
/// can't be edited safely is an error, never a guess.
pub(crate) fn edited(
    format: Format,
    content: &Bytes,
    key: &Key,
    change: &Change,
) -> Result<Option<Bytes>, String> {
    let text = Text::new(content);
    let source = std::str::from_utf8(&text.bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    let format = format.as_written(source);
    let before = format.parse(source)?;
    let Some(edit) = resolve(&before, key, change)? else { return Ok(None) };
    let meant = edit.applied(before);
    let after = match format {
        Format::Json | Format::Jsonc => json::edited(source, &edit)?,
        Format::Yaml => yaml::edited(source, &edit)?,
        Format::Toml => toml::edited(source, &edit)?,
    };
    match format.parse(&after) {
        Ok(said) if said == meant => {
            Ok(Some(text.spliced(content, &splice::splices(&text.bytes, after.as_bytes()))))
        }
        _ => Err("it is written in a style that can't be edited safely; change it by hand".to_owned()),
    }
}

#[cfg(test)]
mod tests;
