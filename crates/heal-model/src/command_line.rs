/// A command as a shell would take it back: each argument that is not plain stands in single quotes.
///
/// For people to read and copy; heal itself never gives such a line to a shell.
#[must_use]
pub fn command_line(argv: &[String]) -> String {
    argv.iter().map(|argument| quoted(argument)).collect::<Vec<_>>().join(" ")
}

fn quoted(argument: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "_@%+=:,./-".contains(character);
    if !argument.is_empty() && argument.chars().all(plain) {
        return argument.to_owned();
    }
    format!("'{}'", argument.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::command_line;

    #[test]
    fn what_means_something_to_a_shell_is_quoted() {
        let argv = ["sh", "-c", "echo 'a' $(id)", "", "x=1"].map(str::to_owned);
        assert_eq!(command_line(&argv), r"sh -c 'echo '\''a'\'' $(id)' '' x=1");
    }
}
