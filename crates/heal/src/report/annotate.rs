use super::Finding;

/// A line that GitHub Actions shows beside the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// How bad it is.
    pub weight: Weight,
    /// What it is about, in a few words.
    pub title: String,
    /// What it says.
    pub message: String,
    /// The file.
    pub file: Option<String>,
    /// From 1.
    pub line: Option<u32>,
    /// From 1.
    pub column: Option<u32>,
}

/// The three weights that GitHub Actions knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Worth knowing.
    Notice,
    /// Perhaps wrong.
    Warning,
    /// Wrong.
    Error,
}

/// A finding as an annotation.
#[must_use]
pub fn annotation(finding: &Finding) -> Annotation {
    let weight = match finding.severity.as_str() {
        "high" | "critical" => Weight::Error,
        "info" => Weight::Notice,
        _ => Weight::Warning,
    };
    Annotation {
        weight,
        title: finding.rule.clone(),
        message: finding.title.clone(),
        file: finding.file.clone(),
        line: finding.line,
        column: finding.column,
    }
}

/// An annotation as a workflow command: the form and its escapes are GitHub's, see "Workflow commands".
#[must_use]
pub fn github(annotation: &Annotation) -> String {
    let weight = match annotation.weight {
        Weight::Notice => "notice",
        Weight::Warning => "warning",
        Weight::Error => "error",
    };
    let mut properties = Vec::new();
    if let Some(file) = &annotation.file {
        properties.push(format!("file={}", property(file)));
    }
    if let Some(line) = annotation.line {
        properties.push(format!("line={line}"));
    }
    if let Some(column) = annotation.column {
        properties.push(format!("col={column}"));
    }
    properties.push(format!("title={}", property(&annotation.title)));
    format!("::{weight} {}::{}\n", properties.join(","), data(&annotation.message))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{Annotation, Weight, github};

    #[test]
    fn what_has_a_meaning_is_escaped() {
        let annotation = Annotation {
            weight: Weight::Error,
            title: "python/x: a, b".to_owned(),
            message: "100 %\nof it".to_owned(),
            file: Some("a,b.py".to_owned()),
            line: Some(3),
            column: None,
        };
        let expected = "::error file=a%2Cb.py,line=3,title=python/x%3A a%2C b::100 %25%0Aof it\n";
        assert_eq!(github(&annotation), expected);
    }
}
