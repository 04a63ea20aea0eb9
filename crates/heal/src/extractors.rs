use heal_diagnose::{ExtractError, Extractor, Format, Marks, Standing, UnknownFormat, load_beside};
use heal_exec::{Found, Host};
use heal_model::Origin;

use crate::diagnostics::BUILT_IN;

/// The extractors that count in a project: heal's own, the user's, and the repository's, which have what those leave.
pub struct Extractors {
    /// In this order.
    pub all: Vec<Extractor>,
    /// Each file that was read.
    pub files: Vec<ExtractorFile>,
}

/// A file of extractors.
pub struct ExtractorFile {
    /// Where it comes from.
    pub origin: Origin,
    /// Its text.
    pub text: String,
    /// How many extractors it brings, or why it can't be used.
    pub read: Result<usize, ExtractorsFaulty>,
}

/// Why a file of extractors can't be used.
pub enum ExtractorsFaulty {
    /// It is wrong at a place.
    Wrong(ExtractError),
    /// It can't be read.
    Unreadable(String),
}

/// Which diagnostics are looked for.
#[derive(Clone)]
pub struct Reading {
    /// What reads text.
    pub extractors: Vec<Extractor>,
    /// The only format, where one is forced.
    pub format: Option<Format>,
    /// What rules on lines see output without.
    pub marks: Marks,
}

impl Reading {
    /// Any format, with the extractors that heal comes with.
    #[must_use]
    pub fn built_in() -> Self {
        Extractors::built_in().whole()
    }
}

impl Extractors {
    /// Reads the user's and the repository's files; one that is wrong is left out, and told of in its place.
    #[must_use]
    pub fn open(host: &Host) -> Self {
        let mut extractors = Self::built_in();
        host.extractors().into_iter().for_each(|found| extractors.add(found));
        extractors
    }

    /// Those that heal comes with.
    #[must_use]
    pub fn built_in() -> Self {
        Self { all: BUILT_IN.clone(), files: Vec::new() }
    }

    /// What is looked for: all there is, one format, or what the extractors of one tool or name read.
    ///
    /// # Errors
    /// When nothing is called so.
    pub fn reading(&self, wanted: Option<&str>) -> Result<Reading, UnknownFormat> {
        let whole = self.whole();
        let Some(name) = wanted else { return Ok(whole) };
        let is_named = |one: &&Extractor| one.tool() == name || one.name() == name;
        let named: Vec<Extractor> = self.all.iter().filter(is_named).cloned().collect();
        match name.parse() {
            Ok(format) => Ok(Reading { format: Some(format), ..whole }),
            Err(_) if !named.is_empty() => {
                Ok(Reading { extractors: named, format: Some(Format::Text), ..whole })
            }
            Err(unknown) => Err(unknown),
        }
    }

    /// What is looked for where nothing is forced: all there is.
    #[must_use]
    pub fn whole(&self) -> Reading {
        Reading { extractors: self.all.clone(), format: None, marks: Marks::sure(&self.all) }
    }

    /// Adds a file to them.
    pub fn add(&mut self, found: Found) {
        let Found { origin, text, .. } = found;
        let standing = match origin {
            Origin::Repository(_) => Standing::Guest,
            _ => Standing::Own,
        };
        let (text, read) = match text {
            Ok(text) => {
                let text = String::from_utf8_lossy(&text).into_owned();
                let read = load_beside(&text, &self.all, standing).map(|new| {
                    let count = new.len();
                    self.all.extend(new);
                    count
                });
                (text, read.map_err(ExtractorsFaulty::Wrong))
            }
            Err(unreadable) => (String::new(), Err(ExtractorsFaulty::Unreadable(unreadable.reason))),
        };
        self.files.push(ExtractorFile { origin, text, read });
    }
}
