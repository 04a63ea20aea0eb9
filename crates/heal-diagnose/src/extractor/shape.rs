use std::collections::BTreeMap;

use heal_model::Level;
use serde::Deserialize;

use super::look::Look;

/// One entry of `extractors:`, as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shape {
    pub(crate) name: String,
    pub(crate) tool: Option<String>,
    #[serde(default)]
    pub(crate) priority: i32,
    #[serde(default)]
    pub(crate) levels: BTreeMap<String, Level>,
    /// What holds where nothing was captured.
    #[serde(default)]
    pub(crate) set: BTreeMap<String, String>,
    /// It is looked for only there.
    pub(crate) section: Option<Section>,
    /// It is not looked for where another has told of something.
    pub(crate) unless: Option<Unless>,
    /// What stands before each line and is taken off.
    pub(crate) strip: Option<Look>,
    /// Lines directly above the first.
    #[serde(default)]
    pub(crate) before: Vec<Above>,
    /// Whether it may stand without them.
    #[serde(default)]
    pub(crate) alone: bool,
    /// The line that it is recognised by.
    pub(crate) start: Option<Look>,
    /// Lines that look like the first and are not.
    pub(crate) not: Option<Look>,
    /// What it takes from the one just above it.
    #[serde(default)]
    pub(crate) carry: Vec<String>,
    /// What may follow.
    #[serde(default)]
    pub(crate) body: Vec<Rule>,
    /// How many lines that fit nothing may lie between.
    #[serde(default)]
    pub(crate) gap: u32,
    pub(crate) end: Option<End>,
    /// What must have been captured for it to count.
    #[serde(default)]
    pub(crate) needs: Vec<String>,
    /// A line that goes down into a folder.
    pub(crate) enter: Option<Look>,
    /// The line that comes up again.
    pub(crate) leave: Option<Look>,
    /// What another program puts before each line of what it passes on.
    pub(crate) envelope: Option<Look>,
    /// Whether it has only what all others leave.
    #[serde(skip)]
    pub(crate) guest: bool,
}

/// A stretch of output.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Section {
    pub(crate) from: Look,
    pub(crate) to: Option<Look>,
}

/// Names of extractors, and the line after which what they told counts no more.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Unless {
    pub(crate) given: Vec<String>,
    pub(crate) since: Option<Look>,
}

/// A line above the first.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Above {
    pub(crate) line: Look,
    #[serde(default)]
    pub(crate) optional: bool,
    #[serde(default)]
    pub(crate) repeat: bool,
    #[serde(default)]
    pub(crate) to: Target,
    #[serde(default)]
    pub(crate) set: BTreeMap<String, String>,
}

/// A line that may follow the first.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    pub(crate) line: Look,
    #[serde(default)]
    pub(crate) to: Target,
    #[serde(default)]
    pub(crate) keep: Keep,
    pub(crate) join: Option<String>,
    #[serde(default)]
    pub(crate) set: BTreeMap<String, String>,
    /// Groups that must have caught the same as the block has.
    #[serde(default)]
    pub(crate) same: Vec<String>,
    /// How often it may be used.
    pub(crate) times: Option<u32>,
    /// In which states; any where nothing is said.
    #[serde(default, rename = "in")]
    pub(crate) states: Vec<String>,
    /// The state that it leads to.
    pub(crate) go: Option<String>,
    /// Whether a line that starts something else is left to that.
    #[serde(default)]
    pub(crate) weak: bool,
}

/// What a line's captures belong to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Target {
    /// The diagnostic itself.
    #[default]
    Diagnostic,
    /// A new note.
    Note,
    /// The last note, or the diagnostic where there is none.
    Last,
    /// A new suggestion.
    Suggestion,
    /// Both the diagnostic and a new note.
    Both,
    /// Nothing: the line belongs to it and says nothing.
    Nothing,
    /// Nothing, and the line says that there was no diagnostic.
    Drop,
}

/// Which of several captures of a field stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Keep {
    /// The first; a message is appended to.
    #[default]
    First,
    /// The last.
    Last,
}

/// The line that ends a block.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct End {
    pub(crate) line: Look,
    /// Whether that line is part of it.
    #[serde(default)]
    pub(crate) take: bool,
}

impl Shape {
    /// The name of the tool.
    pub(crate) fn tool(&self) -> &str {
        self.tool.as_deref().unwrap_or(&self.name)
    }

    /// Whether nothing can follow the first line.
    pub(crate) fn is_one_line(&self) -> bool {
        self.body.is_empty() && self.end.is_none()
    }

    /// Everything that is looked for.
    pub(crate) fn looks(&self) -> Vec<&Look> {
        let mut all: Vec<&Look> = self.before.iter().map(|above| &above.line).collect();
        all.extend(self.strip.iter().chain(&self.start).chain(&self.not));
        all.extend(self.enter.iter().chain(&self.leave).chain(&self.envelope));
        all.extend(self.section.iter().flat_map(|section| section.to.iter().chain([&section.from])));
        all.extend(self.body.iter().map(|rule| &rule.line));
        all.extend(self.end.iter().map(|end| &end.line));
        all.extend(self.unless.iter().filter_map(|unless| unless.since.as_ref()));
        all
    }

    /// What a line is recognised by before anything of it has begun, and what is taken off it before.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &Look> {
        let since = self.unless.as_ref().and_then(|unless| unless.since.as_ref());
        let from = self.section.as_ref().map(|section| &section.from);
        let all = [self.start.as_ref(), from, since, self.enter.as_ref(), self.leave.as_ref()];
        all.into_iter().flatten().chain(&self.envelope).chain(&self.strip)
    }

    /// Every table of fields to set.
    pub(crate) fn sets(&self) -> Vec<&BTreeMap<String, String>> {
        let mut all = vec![&self.set];
        all.extend(self.before.iter().map(|above| &above.set));
        all.extend(self.body.iter().map(|rule| &rule.set));
        all
    }
}
