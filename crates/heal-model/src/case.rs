/// How a name is written: what templates can make of a text, and what learning looks for in edits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Case {
    /// `httpserver`.
    Lower,
    /// `HTTPSERVER`.
    Upper,
    /// `http_server`.
    Snake,
    /// `HttpServer`.
    Camel,
    /// `http-server`.
    Kebab,
}

impl Case {
    /// All, in the order in which they are tried.
    pub const ALL: [Self; 5] = [Self::Lower, Self::Upper, Self::Snake, Self::Camel, Self::Kebab];

    /// The template helper that writes so.
    #[must_use]
    pub fn helper(self) -> &'static str {
        match self {
            Self::Lower => "lower",
            Self::Upper => "upper",
            Self::Snake => "snake",
            Self::Camel => "camel",
            Self::Kebab => "kebab",
        }
    }

    /// Writes a text so.
    #[must_use]
    pub fn write(self, text: &str) -> String {
        match self {
            Self::Lower => text.to_lowercase(),
            Self::Upper => text.to_uppercase(),
            Self::Snake => words(text).join("_"),
            Self::Camel => words(text).iter().map(|word| capital(word)).collect(),
            Self::Kebab => words(text).join("-"),
        }
    }
}

fn capital(word: &str) -> String {
    let mut rest = word.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

/// Words in lower case: parted by what is neither letter nor digit, by `aB`, and before the last of `ABc`.
fn words(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let mut words = vec![String::new()];
    for (index, &character) in characters.iter().enumerate() {
        let before = index.checked_sub(1).map(|index| characters[index]);
        let after = characters.get(index + 1);
        let hump = before.is_some_and(|before| before.is_lowercase() || before.is_numeric());
        let last_capital =
            before.is_some_and(char::is_uppercase) && after.is_some_and(|after| after.is_lowercase());
        if character.is_uppercase() && (hump || last_capital) || !character.is_alphanumeric() {
            words.push(String::new());
        }
        if character.is_alphanumeric() {
            words.last_mut().expect("there is always one word").extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::Case;

    #[track_caller]
    fn check(text: &str, expected: [&str; 5]) {
        assert_eq!(Case::ALL.map(|case| case.write(text)), expected);
    }

    #[test]
    fn names() {
        check("HTTPServer", ["httpserver", "HTTPSERVER", "http_server", "HttpServer", "http-server"]);
        check("two words", ["two words", "TWO WORDS", "two_words", "TwoWords", "two-words"]);
        check("user2Name", ["user2name", "USER2NAME", "user2_name", "User2Name", "user2-name"]);
        check("_état__çaVa", ["_état__çava", "_ÉTAT__ÇAVA", "état_ça_va", "ÉtatÇaVa", "état-ça-va"]);
        check("", ["", "", "", "", ""]);
    }
}
