use std::fmt;

/// A place in a document as a rule writes it: `a.b[0]`, `a."b.c"[+]`, or a JSON pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key(pub(crate) Vec<Part>);

/// One step into a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// A member of a table.
    Name(String),
    /// An item of a list, from 0.
    Index(String),
    /// After the last item of a list.
    End,
    /// A member or an item, whichever the document has there; `-` is after the last.
    Token(String),
}

impl Key {
    /// Parts a key; `{{…}}` is part of whatever it stands in.
    pub(crate) fn parse(source: &str) -> Result<Self, String> {
        if source.starts_with('/') {
            Ok(Self::pointer(source))
        } else {
            Scan { rest: source }.dotted().map(Self)
        }
    }

    /// Parts a JSON pointer.
    pub(crate) fn pointer(source: &str) -> Self {
        Self(Scan { rest: source }.pointer())
    }

    /// Whether values set at both are in each other's way: at one place, or one within the other. What is entered at a
    /// list's end is in nobody's way.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        let mut pairs = self.0.iter().zip(&other.0);
        pairs.all(|(one, other)| !one.is_end() && !other.is_end() && one.text() == other.text())
    }

    /// The same key with each part filled in.
    pub(crate) fn filled<E>(self, fill: impl Fn(&str) -> Result<String, E>) -> Result<Self, E> {
        let part = |part| {
            Ok(match part {
                Part::Name(text) => Part::Name(fill(&text)?),
                Part::Index(text) => Part::Index(fill(&text)?),
                Part::Token(text) => Part::Token(fill(&text)?),
                Part::End => Part::End,
            })
        };
        self.0.into_iter().map(part).collect::<Result<_, E>>().map(Self)
    }
}

impl Part {
    fn is_end(&self) -> bool {
        matches!(self, Self::End) || matches!(self, Self::Token(token) if token == "-")
    }

    fn text(&self) -> &str {
        match self {
            Self::Name(text) | Self::Index(text) | Self::Token(text) => text,
            Self::End => "-",
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, part) in self.0.iter().enumerate() {
            match part {
                Part::Name(name) if index > 0 => write!(out, ".{name}")?,
                Part::Name(name) => write!(out, "{name}")?,
                Part::Index(item) => write!(out, "[{item}]")?,
                Part::End => write!(out, "[+]")?,
                Part::Token(token) => write!(out, "/{token}")?,
            }
        }
        Ok(())
    }
}

struct Scan<'a> {
    rest: &'a str,
}

impl Scan<'_> {
    fn pointer(&mut self) -> Vec<Part> {
        let mut parts = Vec::new();
        while let Some(rest) = self.rest.strip_prefix('/') {
            self.rest = rest;
            let token = self.until(&['/']).replace("~1", "/").replace("~0", "~");
            parts.push(if token == "-" { Part::End } else { Part::Token(token) });
        }
        parts
    }

    fn dotted(&mut self) -> Result<Vec<Part>, String> {
        let mut parts = Vec::new();
        loop {
            if let Some(rest) = self.rest.strip_prefix('"') {
                self.rest = rest;
                parts.push(Part::Name(self.until(&['"'])));
                self.rest = self.rest.strip_prefix('"').ok_or("a `\"` is not closed")?;
            } else if !self.rest.starts_with('[') {
                let name = self.until(&['.', '[', '"', ']']);
                if name.is_empty() {
                    return Err("a name is empty; write `a.b`".to_owned());
                }
                parts.push(Part::Name(name));
            }
            self.items(&mut parts)?;
            match self.rest.strip_prefix('.') {
                Some(rest) => self.rest = rest,
                None if self.rest.is_empty() => return Ok(parts),
                None => return Err(format!("`{}` stands where a `.` or `[` would", self.rest)),
            }
        }
    }

    fn items(&mut self, parts: &mut Vec<Part>) -> Result<(), String> {
        while let Some(rest) = self.rest.strip_prefix('[') {
            self.rest = rest;
            let index = self.until(&[']']);
            self.rest = self.rest.strip_prefix(']').ok_or("a `[` is not closed")?;
            let is_index = index.contains("{{") || index.chars().all(|digit| digit.is_ascii_digit());
            parts.push(match index.as_str() {
                "+" => Part::End,
                index if !index.is_empty() && is_index => Part::Index(index.to_owned()),
                _ => return Err(format!("`[{index}]` is neither `[0]` nor `[+]`")),
            });
        }
        Ok(())
    }

    /// Takes what comes before any of these, passing over `{{…}}`.
    fn until(&mut self, ends: &[char]) -> String {
        let mut at = 0;
        while at < self.rest.len() {
            let here = &self.rest[at..];
            if here.starts_with("{{") {
                at += here.find("}}").map_or(here.len(), |end| end + 2);
            } else if here.starts_with(ends) {
                break;
            } else {
                at += here.chars().next().map_or(1, char::len_utf8);
            }
        }
        let (taken, rest) = self.rest.split_at(at);
        self.rest = rest;
        taken.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[track_caller]
    fn check(source: &str, expected: Result<&str, &str>) {
        let shown = Key::parse(source).map(|key| format!("{:?}", key.0));
        assert_eq!(shown.as_deref().map_err(String::as_str), expected);
    }

    #[test]
    fn keys_are_parted() {
        check("a.b", Ok(r#"[Name("a"), Name("b")]"#));
        check(r#"tool."a.b"[+]"#, Ok(r#"[Name("tool"), Name("a.b"), End]"#));
        check("a[0][1].b-c", Ok(r#"[Name("a"), Index("0"), Index("1"), Name("b-c")]"#));
        check("[0].x", Ok(r#"[Index("0"), Name("x")]"#));
        check("deps.{{default a.b \"c.d\"}}", Ok(r#"[Name("deps"), Name("{{default a.b \"c.d\"}}")]"#));
        check("/a~1b/0/-", Ok(r#"[Token("a/b"), Token("0"), End]"#));
        check("", Err("a name is empty; write `a.b`"));
        check("a..b", Err("a name is empty; write `a.b`"));
        check("a[x]", Err("`[x]` is neither `[0]` nor `[+]`"));
        check("a\"b\"", Err("`\"b\"` stands where a `.` or `[` would"));
    }
}
