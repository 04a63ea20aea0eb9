//! What counts as a secret, and how it is taken out of a text.

const MARK: &str = "[secret]";
/// Words in the names of variables and settings that hold secrets.
const NAMES: [&str; 6] = ["TOKEN", "KEY", "SECRET", "PASS", "CREDENTIAL", "AUTH"];
/// Words that a setting's name ends with, where what it is set to is a secret.
const SETTINGS: [&str; 10] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "api_key",
    "api-key",
    "apikey",
    "access_key",
    "accountkey",
];
/// How well-known tokens start.
const STARTS: [&str; 30] = [
    "ghp_",
    "gho_",
    "ghs_",
    "ghu_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "sk-",
    "sk_live_",
    "rk_live_",
    "xoxa-",
    "xoxb-",
    "xoxp-",
    "xoxs-",
    "AKIA",
    "ASIA",
    "AIza",
    "npm_",
    "pypi-",
    "hf_",
    "dop_v1_",
    "eyJ",
    "SG.",
    "dckr_pat_",
    "shpat_",
    "glsa_",
    "ya29.",
    "dapi",
    "hvs.",
    "AGE-SECRET-KEY-",
];
/// A value shorter than this is a word that happens to stand there.
const SHORTEST: usize = 8;
/// A token shorter than this is a word that happens to start so.
const SHORTEST_TOKEN: usize = 20;

/// The secrets that the environment holds, in each form in which they come up.
pub(crate) struct Secrets {
    /// Longest first, so that no secret leaves a part of another.
    forms: Vec<String>,
}

impl Secrets {
    /// Reads the environment.
    pub(crate) fn of_env() -> Self {
        let holds = |name: &str| NAMES.iter().any(|word| name.to_uppercase().contains(word));
        let values = std::env::vars_os()
            .filter_map(|(name, value)| holds(name.to_str()?).then(|| value.into_string().ok()).flatten());
        Self::of(values)
    }

    fn of(values: impl Iterator<Item = String>) -> Self {
        let mut forms: Vec<String> =
            values.filter(|value| value.len() >= SHORTEST).flat_map(|value| forms(&value)).collect();
        forms.retain(|form| form.len() >= SHORTEST);
        forms.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        forms.dedup();
        Self { forms }
    }

    /// A text with its secrets taken out, and as many lines as before.
    pub(crate) fn hide(&self, text: &str) -> String {
        let mut hidden = text.to_owned();
        for form in &self.forms {
            if hidden.contains(form.as_str()) {
                hidden = hidden.replace(form, MARK);
            }
        }
        let mut in_key = false;
        hidden.split_inclusive('\n').map(|line| shown(line, &mut in_key)).collect()
    }
}

/// One line without the tokens, passwords and keys that show what they are.
fn shown(line: &str, in_key: &mut bool) -> String {
    let starts = line.contains("-----BEGIN ") && line.contains("PRIVATE KEY");
    if starts || *in_key {
        *in_key = !line.contains("-----END ");
        let end = if line.ends_with('\n') { "\n" } else { "" };
        return format!("{MARK}{end}");
    }
    hide_set(&hide_words(line))
}

/// A value as it is, in a URL, in JSON, and in base64 wherever it begins there.
fn forms(value: &str) -> Vec<String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let url = value.bytes().map(|byte| match plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    let json = serde_json::to_string(value).expect("a text is JSON");
    let mut forms = vec![value.to_owned(), url.collect(), json.trim_matches('"').to_owned()];
    for ahead in 0..3 {
        let standard = within_base64(value.as_bytes(), ahead);
        forms.push(standard.replace('+', "-").replace('/', "_"));
        forms.push(standard);
    }
    forms
}

/// The digits of base64 that a value alone decides, when so many bytes stand before it.
fn within_base64(value: &[u8], ahead: usize) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bytes: Vec<u8> = std::iter::repeat_n(0, ahead).chain(value.iter().copied()).collect();
    let digit = |place: usize| {
        let first = place * 6 / 8;
        let pair = u16::from(bytes[first]) << 8 | u16::from(bytes.get(first + 1).copied().unwrap_or(0));
        char::from(DIGITS[usize::from(pair >> (10 - place * 6 % 8) & 63)])
    };
    ((ahead * 8).div_ceil(6)..bytes.len() * 8 / 6).map(digit).collect()
}

/// Takes out words that start as well-known tokens do, what follows `Bearer` and `Basic`, and a URL's password.
fn hide_words(line: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_-.+/=~".contains(c);
    let mut hidden = String::with_capacity(line.len());
    let (mut rest, mut last) = (line, "");
    while !rest.is_empty() {
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(length);
        let starts = STARTS.iter().any(|start| word.starts_with(start));
        let is_token = word.len() >= SHORTEST_TOKEN && (starts || last == "Bearer" || last == "Basic");
        let is_url = after.starts_with('@') && line.contains("://");
        let is_password = hidden.ends_with(':') && (is_url || is_user(&hidden));
        hidden.push_str(if is_token || is_password && !word.is_empty() { MARK } else { word });
        let between = after.find(is_part).unwrap_or(after.len());
        hidden.push_str(&after[..between]);
        (rest, last) = (&after[between..], word);
    }
    hidden
}

/// Whether what comes before a colon is the user that `curl -u` is given.
fn is_user(before: &str) -> bool {
    let words = before.trim_end_matches(':').rsplit_once(' ');
    words.is_some_and(|(rest, _)| rest.ends_with(" -u") || rest.ends_with(" --user"))
}

/// Takes out what a setting is set to whose name says that it is a secret: a text of eight characters or more with a
/// digit in it, so that code that only handles passwords stays as it is.
fn hide_set(line: &str) -> String {
    let lower = line.to_ascii_lowercase();
    let ends = SETTINGS.iter().flat_map(|name| lower.match_indices(name).map(|(at, _)| at + name.len()));
    let values = ends.filter_map(|end| value_of(line, end));
    let Some(value) = values.min_by_key(|value| value.start) else { return line.to_owned() };
    format!("{}{MARK}{}", &line[..value.start], hide_set(&line[value.end..]))
}

/// Where the value stands that follows a name: behind `=` or `:`, in quotes or not.
fn value_of(line: &str, end: usize) -> Option<std::ops::Range<usize>> {
    let rest = line[end..].trim_start_matches(['"', '\'']).trim_start();
    let rest = rest.strip_prefix([':', '='])?.trim_start().trim_start_matches(['"', '\'']);
    let is_part = |c: char| c.is_ascii_graphic() && !"\"'`()[]{}<>,;".contains(c);
    let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
    let start = line.len() - rest.len();
    let value = &rest[..length];
    (length >= SHORTEST && value.contains(|c: char| c.is_ascii_digit())).then_some(start..start + length)
}

#[cfg(test)]
mod tests {
    use super::Secrets;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let secrets = Secrets::of(["s3cret/pa\"ss".to_owned(), "short".to_owned()].into_iter());
        assert_eq!(secrets.hide(text), expected);
    }

    #[test]
    fn tokens_go_and_words_stay() {
        check("", "");
        check("token ghp_0123456789abcdefghij in url", "token [secret] in url");
        check("https://x:glpat-ABCDEFGHIJKLMNOP12@host/a.git", "https://x:[secret]@host/a.git");
        check("sk-learn is a package; hf_hub too", "sk-learn is a package; hf_hub too");
        check("é ghp_ é", "é ghp_ é");
        check("Authorization: Bearer abcdefghijklmnopqrst\n", "Authorization: Bearer [secret]\n");
        check("clone https://me:hunter2@host/x", "clone https://me:[secret]@host/x");
        check("2024-01-01T10:00@x, a:b@c", "2024-01-01T10:00@x, a:b@c");
    }

    #[test]
    fn what_the_environment_holds_goes_in_every_form() {
        check("it is s3cret/pa\"ss, short", "it is [secret], short");
        check("s3cret%2Fpa%22ss", "[secret]");
        check(r#"{"a": "s3cret/pa\"ss"}"#, r#"{"a": "[secret]"}"#);
        // `me:` and the secret, and the secret alone.
        check("bWU6czNjcmV0L3BhInNz.", "bWU6[secret].");
        check("czNjcmV0L3BhInNz.", "[secret].");
    }

    #[test]
    fn settings_and_keys_go_and_code_stays() {
        check("DB_PASSWORD=abcdefg8 x", "DB_PASSWORD=[secret] x");
        check("  \"api_key\": \"abcdefg8\",\n", "  \"api_key\": \"[secret]\",\n");
        check("password = input('Password: ')", "password = input('Password: ')");
        check("def check(token: str, kind=1)", "def check(token: str, kind=1)");
        check("tokens = 12345678", "tokens = 12345678");
        check("secret: abc12345 token=abc12345", "secret: [secret] token=[secret]");
        check(
            "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nrest",
            "[secret]\n[secret]\n[secret]\nrest",
        );
    }

    /// What tools print of secrets, each as its service makes them, with letters that nobody was given.
    #[test]
    fn twenty_kinds() {
        for secret in [
            "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
            "github_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz",
            "glpat-abcdefghij0123456789",
            "sk-proj-abcdefghijklmnopqrstuvwxyz012345",
            "sk-ant-api03-abcdefghijklmnopqrstuvwxyz",
            "sk_live_abcdefghijklmnopqrstuvwx",
            "xoxb-123456789012-abcdefghijklmnop",
            "AKIAABCDEFGHIJKLMNOP",
            "AIzaSyabcdefghijklmnopqrstuvwxyz0123456",
            "npm_abcdefghijklmnopqrstuvwxyz0123456789",
            "pypi-AgEIcHlwaS5vcmcabcdefghijklmnop",
            "hf_abcdefghijklmnopqrstuvwxyzABCDEFGH",
            "dop_v1_0123456789abcdef0123456789abcdef",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefghijklmnop",
            "SG.abcdefghijklmnopqrstuv.abcdefghijklmnopqrstuvwxyz0123456",
            "dckr_pat_abcdefghijklmnopqrstuvwxyz0",
            "shpat_0123456789abcdef0123456789abcdef",
            "glsa_abcdefghijklmnopqrstuvwxyz012345_abcdef01",
            "ya29.abcdefghijklmnopqrstuvwxyz0123456789",
            "dapi0123456789abcdef0123456789abcdef",
            "hvs.abcdefghijklmnopqrstuvwxyz",
            "AGE-SECRET-KEY-1ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        ] {
            check(&format!("it is {secret}, and no other"), "it is [secret], and no other");
        }
        check("postgres://me:hunter2@db/x", "postgres://me:[secret]@db/x");
        check("AWS_SECRET_ACCESS_KEY=abcdefgh1234/+abcd", "AWS_SECRET_ACCESS_KEY=[secret]");
        check("X-Api-Key: abcdef0123456789", "X-Api-Key: [secret]");
        check("client_secret=abcdef0123456789", "client_secret=[secret]");
        check("Authorization: Basic dXNlcjpwYXNzd29yZDEyMw==", "Authorization: Basic [secret]");
        check("curl -u me:hunter22 https://host/x", "curl -u me:[secret] https://host/x");
        check("AccountKey=abcdefghijklmnop0123456789+/==;Endpoint", "AccountKey=[secret];Endpoint");
    }
}
