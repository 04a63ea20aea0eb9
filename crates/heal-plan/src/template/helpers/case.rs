use serde_json::Value;

/// `{{lower x}}`.
pub(super) fn lower(arguments: &[&Value]) -> Result<Value, String> {
    Ok(text(arguments)?.to_lowercase().into())
}

/// `{{upper x}}`.
pub(super) fn upper(arguments: &[&Value]) -> Result<Value, String> {
    Ok(text(arguments)?.to_uppercase().into())
}

/// `{{snake x}}`: `HTTPServer` is `http_server`.
pub(super) fn snake(arguments: &[&Value]) -> Result<Value, String> {
    Ok(words(text(arguments)?).join("_").into())
}

/// `{{kebab x}}`: `HTTPServer` is `http-server`.
pub(super) fn kebab(arguments: &[&Value]) -> Result<Value, String> {
    Ok(words(text(arguments)?).join("-").into())
}

/// `{{camel x}}`: `http_server` is `HttpServer`.
pub(super) fn camel(arguments: &[&Value]) -> Result<Value, String> {
    Ok(words(text(arguments)?).iter().map(|word| capital(word)).collect::<String>().into())
}

fn text<'a>(arguments: &[&'a Value]) -> Result<&'a str, String> {
    match arguments {
        [Value::String(text)] => Ok(text),
        _ => Err("needs one text".to_owned()),
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
        let starts = character.is_uppercase()
            && (before.is_some_and(|before| before.is_lowercase() || before.is_numeric())
                || before.is_some_and(char::is_uppercase) && after.is_some_and(|after| after.is_lowercase()));
        if starts || !character.is_alphanumeric() {
            words.push(String::new());
        }
        if character.is_alphanumeric() {
            words.last_mut().expect("there is always one word").extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
