use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Finding;

/// Findings as a SARIF 2.1.0 log, as code hosts take it.
#[must_use]
pub fn sarif(findings: &[Finding]) -> Value {
    let titles: BTreeMap<&str, &str> =
        findings.iter().rev().map(|finding| (finding.rule.as_str(), finding.title.as_str())).collect();
    let described = |(id, title): (&&str, &&str)| {
        let help = format!("see `heal explain {id}`");
        json!({"id": id, "shortDescription": {"text": title}, "help": {"text": help}})
    };
    let rules: Vec<Value> = titles.iter().map(described).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "heal",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "results": findings.iter().map(result).collect::<Vec<_>>(),
        }],
    })
}

fn result(finding: &Finding) -> Value {
    let level = match finding.severity.as_str() {
        "high" | "critical" => "error",
        "info" => "note",
        _ => "warning",
    };
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level,
        "message": {"text": finding.title},
        "occurrenceCount": finding.count,
    });
    if let Some(file) = &finding.file {
        let mut place = json!({"artifactLocation": {"uri": uri(file)}});
        if let Some(line) = finding.line {
            let mut region = json!({"startLine": line});
            if let Some(column) = finding.column {
                region["startColumn"] = json!(column);
            }
            place["region"] = region;
        }
        result["locations"] = json!([{"physicalLocation": place}]);
    }
    result
}

/// A path as a relative URI reference: what RFC 3986 does not let stand is written in percents.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=@".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    #[test]
    fn paths_become_uris() {
        assert_eq!(super::uri("a b/ü.py"), "a%20b/%C3%BC.py");
    }
}
