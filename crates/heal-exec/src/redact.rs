//! Takes secrets out of what is about to be kept: those that the environment holds, and those that show what they
//! are by how they start.

use heal_model::{Command, Invocation, SignalName};

const MARK: &str = "[secret]";
/// Words in the names of variables that hold secrets.
const NAMES: [&str; 6] = ["TOKEN", "KEY", "SECRET", "PASS", "CREDENTIAL", "AUTH"];
/// How well-known tokens start.
const STARTS: [&str; 14] = [
    "ghp_",
    "gho_",
    "ghs_",
    "ghu_",
    "github_pat_",
    "glpat-",
    "sk-",
    "xoxb-",
    "xoxp-",
    "AKIA",
    "npm_",
    "pypi-",
    "hf_",
    "eyJ",
];
/// A value shorter than this is a word that happens to stand there.
const SHORTEST: usize = 8;

/// A text with its secrets taken out.
pub(crate) fn text(text: &str) -> String {
    let known =
        std::env::vars().filter(|(name, _)| NAMES.iter().any(|word| name.to_uppercase().contains(word)));
    let mut values: Vec<String> = known.map(|(_, value)| value).filter(|v| v.len() >= SHORTEST).collect();
    values.sort_by_key(|value| std::cmp::Reverse(value.len()));
    let hidden = values.iter().fold(text.to_owned(), |text, value| text.replace(value, MARK));
    hide_tokens(&hidden)
}

/// A command as it may be kept.
pub(crate) fn argv(command: &Command) -> Vec<String> {
    let argv = match &command.invocation {
        Invocation::Program(argv) => argv.clone(),
        Invocation::Shell(script) => vec!["sh".to_owned(), "-c".to_owned(), script.clone()],
        Invocation::Signal { pid, signal, .. } => {
            vec!["kill".to_owned(), format!("-{}", name(*signal)), pid.to_string()]
        }
    };
    argv.iter().map(|argument| text(argument)).collect()
}

/// A signal's name as `kill` takes it.
pub(crate) fn name(signal: SignalName) -> &'static str {
    match signal {
        SignalName::Term => "TERM",
        SignalName::Int => "INT",
        SignalName::Hup => "HUP",
        SignalName::Kill => "KILL",
        SignalName::Usr1 => "USR1",
        SignalName::Usr2 => "USR2",
    }
}

fn hide_tokens(text: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let mut hidden = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(length);
        let is_token = word.len() >= 20 && STARTS.iter().any(|start| word.starts_with(start));
        hidden.push_str(if is_token { MARK } else { word });
        let between = after.find(is_part).unwrap_or(after.len());
        hidden.push_str(&after[..between]);
        rest = &after[between..];
    }
    hidden
}

#[cfg(test)]
mod tests {
    use super::hide_tokens;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(hide_tokens(text), expected);
    }

    #[test]
    fn tokens_go_and_words_stay() {
        check("", "");
        check("token ghp_0123456789abcdefghij in url", "token [secret] in url");
        check("https://x:glpat-ABCDEFGHIJKLMNOP12@host/a.git", "https://x:[secret]@host/a.git");
        check("sk-learn is a package; hf_hub too", "sk-learn is a package; hf_hub too");
        check("é ghp_ é", "é ghp_ é");
    }
}
