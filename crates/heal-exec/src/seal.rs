//! Files that carry their own checksum: JSON on one line, and a last line with the sha256 of all before it.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::hash::sha256;

const MARK: &str = "#sha256:";

/// Why a sealed text can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// It is not what was written.
    Changed,
    /// A newer heal wrote it.
    Newer,
}

/// A record as it is written.
pub(crate) fn seal(record: &impl Serialize) -> serde_json::Result<String> {
    let body = serde_json::to_string(record)? + "\n";
    let sum = sha256(body.as_bytes());
    Ok(format!("{body}{MARK}{sum}\n"))
}

/// The record that was written, if it is of this version or an older one: its member `v` says which.
pub(crate) fn open<T: DeserializeOwned>(text: &str, version: u32) -> Result<T, Broken> {
    let (body, sum) = text.rsplit_once(MARK).ok_or(Broken::Changed)?;
    if sum.strip_suffix('\n') != Some(sha256(body.as_bytes()).as_str()) {
        return Err(Broken::Changed);
    }
    let value: Value = serde_json::from_str(body).map_err(|_| Broken::Changed)?;
    if value["v"].as_u64().is_some_and(|written| written > u64::from(version)) {
        return Err(Broken::Newer);
    }
    serde_json::from_value(value).map_err(|_| Broken::Changed)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Broken, open, seal};

    #[test]
    fn any_changed_byte_is_noticed() {
        let record = json!({"v": 1, "path": "a.txt"});
        let text = seal(&record).expect("JSON");
        assert_eq!(open::<Value>(&text, 1), Ok(record));
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            let changed = String::from_utf8(bytes).expect("ASCII");
            assert_eq!(open::<Value>(&changed, 1), Err(Broken::Changed), "byte {at}");
            assert_eq!(open::<Value>(&text[..at], 1), Err(Broken::Changed), "cut at {at}");
        }
    }

    #[test]
    fn what_a_newer_heal_wrote_is_left_alone() {
        let text = seal(&json!({"v": 2})).expect("JSON");
        assert_eq!(open::<Value>(&text, 1), Err(Broken::Newer));
    }
}
