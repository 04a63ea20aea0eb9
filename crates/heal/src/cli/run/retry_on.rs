use std::str::FromStr;

use heal_model::{Pattern, PatternKind};

/// Which failures a person wants a command to be tried again after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) enum RetryOn {
    /// Every one.
    Any,
    /// Those that a rule calls transient.
    Known,
    /// Running out of time.
    Timeout,
    /// These exit codes.
    Exit(Vec<i32>),
    /// Output in which this is found.
    Output(Pattern),
}

impl FromStr for RetryOn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!("{text:?} is no kind of failure; type any, known, timeout, exit=75,111 or output=PATTERN")
        };
        match text.split_once('=') {
            None if text == "any" => Ok(Self::Any),
            None if text == "known" => Ok(Self::Known),
            None if text == "timeout" => Ok(Self::Timeout),
            Some(("exit", codes)) => {
                let codes: Result<Vec<i32>, _> = codes.split(',').map(str::parse).collect();
                codes.map(Self::Exit).map_err(|_| wrong())
            }
            Some(("output", source)) => {
                let checked = heal_pattern::check(source, PatternKind::Regex, false);
                let engine = checked.map_err(|error| error.to_string())?.engine;
                let kind = PatternKind::Regex;
                Ok(Self::Output(Pattern { source: source.to_owned(), kind, unicode: false, engine }))
            }
            _ => Err(wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RetryOn;

    #[test]
    fn kinds_of_failures_are_read_as_they_are_typed() {
        assert_eq!("any".parse(), Ok(RetryOn::Any));
        assert_eq!("exit=75,-1".parse(), Ok(RetryOn::Exit(vec![75, -1])));
        assert!(
            matches!("output=lock(ed)?=x".parse(), Ok(RetryOn::Output(pattern)) if pattern.source == "lock(ed)?=x")
        );
        let wrong = "is no kind of failure; type any, known, timeout, exit=75,111 or output=PATTERN";
        for text in ["exit=x", "exit=", "sometimes", "code=1"] {
            assert_eq!(text.parse::<RetryOn>(), Err(format!("{text:?} {wrong}")));
        }
        assert!("output=(".parse::<RetryOn>().is_err());
    }
}
