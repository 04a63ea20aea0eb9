use std::collections::BTreeMap;

use heal_model::Level;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use super::fields::FIELDS;
use super::look::Look;

/// One way to read what a tool prints; or lines that change folder; or what stands before the lines of others; or what a
/// run of a tool begins and ends with.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(
    rename = "Extractor",
    extend("oneOf" = [{"required": ["start"]}, {"required": ["enter"]}, {"required": ["envelope"]}, {"required": ["run"]}]),
    extend("dependentRequired" = {"leave": ["enter"], "sure": ["envelope"]})
)]
pub(crate) struct Shape {
    /// Its name, unlike any other's.
    pub(crate) name: String,
    /// The tool; else the file's, else `name`.
    pub(crate) tool: Option<String>,
    /// The higher is tried first. Of equals, the earlier.
    #[serde(default)]
    pub(crate) priority: i32,
    /// Words of the tool for a level, and what they mean.
    #[serde(default)]
    #[schemars(schema_with = "level_words", extend("examples" = [{"C": "note", "severe": "error"}]))]
    pub(crate) levels: BTreeMap<String, Level>,
    /// What holds where nothing was captured; `{name}` is filled in, and without it nothing is set.
    #[serde(default)]
    #[schemars(extend("propertyNames" = {"enum": FIELDS}, "examples" = [{"level": "error", "message": "{test} failed"}]))]
    pub(crate) set: BTreeMap<String, String>,
    /// It is looked for only from one line to another; what `from` captures holds for all in it.
    pub(crate) section: Option<Section>,
    /// It is not looked for when another has told of something: a summary of what was told in full.
    pub(crate) unless: Option<Unless>,
    /// What stands before each of its lines and is taken off.
    pub(crate) strip: Option<Look>,
    /// Lines directly above the first, from the top.
    #[serde(default)]
    pub(crate) before: Vec<Above>,
    /// Whether it may stand without what is in `before`.
    #[serde(default)]
    pub(crate) alone: bool,
    /// The line that it is recognised by. The more plain text it holds, the less it costs.
    #[schemars(extend("examples" = [r"^(?<file>[^\s:][^:]*):(?<line>\d+): (?<level>error|warning): (?<message>.*)$"]))]
    pub(crate) start: Option<Look>,
    /// Lines that look like the first and are not.
    pub(crate) not: Option<Look>,
    /// What it takes over from the diagnostic of the same extractor that ends on the line above.
    #[serde(default)]
    #[schemars(extend("examples" = [["file"]]))]
    pub(crate) carry: Vec<String>,
    /// What may follow, in any order; the first entry that fits takes a line.
    #[serde(default)]
    pub(crate) body: Vec<Rule>,
    /// How many lines that fit nothing may lie between; they are offered to everything else.
    #[serde(default)]
    pub(crate) gap: u32,
    /// The line that ends it.
    pub(crate) end: Option<End>,
    /// Groups without which it was no diagnostic.
    #[serde(default)]
    #[schemars(extend("examples" = [["file", "line"]]))]
    pub(crate) needs: Vec<String>,
    /// A line that goes down into a folder, named by `file`: the files of every extractor lie in it meanwhile.
    pub(crate) enter: Option<Look>,
    /// The line that comes up again.
    pub(crate) leave: Option<Look>,
    /// What another program puts before each line that it passes on; it is taken off for all extractors.
    #[schemars(extend("examples" = [r"^(?<lane>[a-z]+-\d+) +\| "]))]
    pub(crate) envelope: Option<Look>,
    /// Whether no program writes such an envelope itself, so that it is taken off for rules on lines too.
    #[serde(default)]
    pub(crate) sure: bool,
    /// A stretch of output that says at its end how it went.
    pub(crate) run: Option<Run>,
    /// Whether it has only what all others leave.
    #[serde(skip)]
    pub(crate) guest: bool,
}

/// A stretch of output.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Section {
    /// The line that it begins with.
    pub(crate) from: Look,
    /// The line that it ends with; where the output does, unless said.
    pub(crate) to: Option<Look>,
}

/// What one run of a tool prints: nothing of it is a failure where it says at its end that it passed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Run {
    /// Its first line.
    pub(crate) from: Look,
    /// Lines that only such a run prints: it begins with the first of them where its first line is not printed.
    pub(crate) among: Option<Look>,
    /// Its last line.
    pub(crate) to: Look,
    /// What the last line holds where it passed.
    pub(crate) passed: Look,
    /// What in it counts, however it went.
    pub(crate) counts: Option<Section>,
}

/// Names of extractors, and the line after which what they told counts no more.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Unless {
    /// The names of extractors.
    pub(crate) given: Vec<String>,
    /// The line after which they are asked anew.
    pub(crate) since: Option<Look>,
}

/// A line above the first.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Above {
    /// What it must hold.
    pub(crate) line: Look,
    /// Whether it may be missing.
    #[serde(default)]
    pub(crate) optional: bool,
    /// Whether there may be several.
    #[serde(default)]
    pub(crate) repeat: bool,
    /// Whose its captures are.
    #[serde(default)]
    pub(crate) to: Target,
    /// What holds where nothing was captured, once this line was there.
    #[serde(default)]
    #[schemars(extend("propertyNames" = {"enum": FIELDS}))]
    pub(crate) set: BTreeMap<String, String>,
}

/// A line that may follow the first.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    /// What it must hold.
    pub(crate) line: Look,
    /// Whose its captures are.
    #[serde(default)]
    pub(crate) to: Target,
    /// Which of several captures of a field stays.
    #[serde(default)]
    pub(crate) keep: Keep,
    /// What a further message is appended with; a line break unless said.
    pub(crate) join: Option<String>,
    /// What holds where nothing was captured, once this line was there.
    #[serde(default)]
    #[schemars(extend("propertyNames" = {"enum": FIELDS}))]
    pub(crate) set: BTreeMap<String, String>,
    /// Groups that must catch what the diagnostic already has.
    #[serde(default)]
    pub(crate) same: Vec<String>,
    /// How often it may be used.
    pub(crate) times: Option<u32>,
    /// In which states it counts; in any where nothing is said. A diagnostic begins in `start`.
    #[serde(default, rename = "in")]
    pub(crate) states: Vec<String>,
    /// The state that it leads to.
    pub(crate) go: Option<String>,
    /// Whether a line that starts something else is left to that.
    #[serde(default)]
    pub(crate) weak: bool,
}

/// What a line's captures belong to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Keep {
    /// The first; a message is appended to.
    #[default]
    First,
    /// The last.
    Last,
}

/// The line that ends a block.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct End {
    /// What it must hold.
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
        if let Some(run) = &self.run {
            let to = run.counts.iter().filter_map(|counts| counts.to.as_ref());
            all.extend(run.looks().chain([&run.passed]).chain(to));
        }
        all
    }

    /// What a line is recognised by before anything of it has begun, and what is taken off it before.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &Look> {
        let since = self.unless.as_ref().and_then(|unless| unless.since.as_ref());
        let from = self.section.as_ref().map(|section| &section.from);
        let all = [self.start.as_ref(), from, since, self.enter.as_ref(), self.leave.as_ref()];
        let of_run = self.run.iter().flat_map(Run::looks);
        all.into_iter().flatten().chain(&self.envelope).chain(&self.strip).chain(of_run)
    }

    /// Every table of fields to set.
    pub(crate) fn sets(&self) -> Vec<&BTreeMap<String, String>> {
        let mut all = vec![&self.set];
        all.extend(self.before.iter().map(|above| &above.set));
        all.extend(self.body.iter().map(|rule| &rule.set));
        all
    }
}

impl Run {
    /// What its lines are recognised by.
    pub(crate) fn looks(&self) -> impl Iterator<Item = &Look> {
        self.beginnings().chain([&self.to]).chain(self.counts.iter().map(|counts| &counts.from))
    }

    /// What it may begin with.
    pub(crate) fn beginnings(&self) -> impl Iterator<Item = &Look> {
        [&self.from].into_iter().chain(&self.among)
    }
}

/// A table of a tool's words, and the level that each of them means.
pub(super) fn level_words(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "additionalProperties": {"enum": ["note", "help", "warning", "error"]},
    })
}
