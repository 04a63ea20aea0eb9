use globset::GlobBuilder;
use heal_model::{RelPath, Template};

use super::look::Look;
use super::spot::Captures;

/// Which files a trigger names.
pub(crate) enum Paths {
    /// One, there or not.
    One(RelPath),
    /// Those that fit a glob.
    Fitting(Vec<RelPath>),
}

impl Look<'_> {
    /// The files that a path or glob names. A plain path never makes it walk.
    pub(crate) fn paths(&mut self, template: &Template, given: &Captures) -> Option<Paths> {
        let text = self.filled(template, given)?;
        if !template.as_str().contains(['*', '?', '[']) && !has_choice(template.as_str()) {
            let path = RelPath::new(&text).or_else(|bad| self.world.localize(&text).ok_or(bad));
            return match path {
                Ok(path) => Some(Paths::One(path)),
                Err(bad) => {
                    // What was seen may name any file of the machine: then none of the project's is meant.
                    let is_seen =
                        given.keys().any(|name| template.as_str().contains(&format!("{{{{{name}}}}}")));
                    if is_seen {
                        self.undecided += 1;
                    } else {
                        self.doubt(format!("`{text}`: {bad}"));
                    }
                    None
                }
            };
        }
        let glob = GlobBuilder::new(text.strip_prefix("./").unwrap_or(&text)).literal_separator(true).build();
        let glob = glob.map_err(|error| self.doubt(error.to_string())).ok()?.compile_matcher();
        let listed = self.listing.under(folder(&text), self.world);
        let fitting = self.known(listed)?.into_iter().filter(|path| glob.is_match(path.as_str()));
        Some(Paths::Fitting(fitting.collect()))
    }
}

/// Whether a glob holds `{a,b}`, which a template's `{{name}}` is not.
fn has_choice(template: &str) -> bool {
    template.replace("{{", "").contains('{')
}

/// The folder that all files fitting a glob lie in.
fn folder(glob: &str) -> Option<RelPath> {
    let plain = &glob[..glob.find(['*', '?', '[', '{']).unwrap_or(glob.len())];
    plain.rsplit_once('/').and_then(|(folder, _)| RelPath::new(folder).ok())
}
