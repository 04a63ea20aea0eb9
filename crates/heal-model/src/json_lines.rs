use serde_json::Value;

/// The records of a JSON Lines document: one JSON value a line, in the order they were appended.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct JsonLines {
    /// The whole records; blank lines are none.
    pub records: Vec<Value>,
    /// The number of the last line, from 1, where what was appended last was cut off: no line end, and no JSON.
    pub torn: Option<usize>,
}

impl JsonLines {
    /// Whether a file holds JSON Lines, by its name.
    #[must_use]
    pub fn are_in(name: &str) -> bool {
        matches!(name.rsplit_once('.'), Some((_, "jsonl" | "ndjson")))
    }

    /// Reads records. A writer that is killed leaves the start of its last one: that is no record, and no error.
    ///
    /// # Errors
    /// When another line is no JSON, with its number.
    pub fn read(content: &[u8]) -> Result<Self, String> {
        let content = content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(content);
        let mut read = Self::default();
        for (index, line) in content.split_inclusive(|byte| *byte == b'\n').enumerate() {
            let record = line.trim_ascii_end();
            if record.is_empty() {
                continue;
            }
            match serde_json::from_slice(record) {
                Ok(record) => read.records.push(record),
                Err(_) if !line.ends_with(b"\n") => read.torn = Some(index + 1),
                // The place that the error tells is one in the record.
                Err(error) => {
                    let error = error.to_string();
                    let why = error.split(" at line ").next().unwrap_or(&error);
                    return Err(format!("line {}: {why}", index + 1));
                }
            }
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::JsonLines;

    #[track_caller]
    fn check(content: &str, expected: Result<(serde_json::Value, Option<usize>), &str>) {
        let read = JsonLines::read(content.as_bytes()).map(|read| (json!(read.records), read.torn));
        assert_eq!(read, expected.map_err(str::to_owned));
    }

    #[test]
    fn only_the_last_record_may_be_cut_off() {
        check("", Ok((json!([]), None)));
        check("{\"a\": 1}\n\n[2]\r\n", Ok((json!([{"a": 1}, [2]]), None)));
        check("{\"a\": 1}\n{\"a\"", Ok((json!([{"a": 1}]), Some(2))));
        check("{\"a\": 1}\n{\"a\": 2}", Ok((json!([{"a": 1}, {"a": 2}]), None)));
        check("{\"a\n", Err("line 1: EOF while parsing a string"));
    }

    #[test]
    fn names_tell() {
        let are = ["a.jsonl", "var/b.ndjson", "c.json", "jsonl"].map(JsonLines::are_in);
        assert_eq!(are, [true, true, false, false]);
    }
}
