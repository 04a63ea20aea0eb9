use heal_model::{FileTier, Keep, Tier};

use super::Lower;
use super::asset::Missing;
use crate::template::{Scope, Shape};
use crate::written;
use crate::yaml::Node;
use crate::{Code, Problem};

impl Lower<'_> {
    pub(super) fn tier(&mut self, written: &written::FileTier, at: &Node) -> FileTier {
        let mut scope = self.globals.clone();
        scope.add("path", Shape::Plain);
        let tier = FileTier {
            path: written.path.clone(),
            tier: written.tier.0,
            template: written.template.clone(),
            content: self.template_of(written.content.as_ref(), &scope, at.at("content")),
            fallback: written.fallback.clone(),
            schema: written.schema.clone(),
            keep: written.keep.as_ref().map(|keep| Keep {
                checksum: keep.checksum.unwrap_or_default(),
                backups: keep.backups.unwrap_or_default(),
            }),
            recover: self.templates(&written.recover, &scope, at.at("recover")),
            when: self.condition_of(written.when.as_ref(), &scope, at.at("when")),
            place: self.place(at),
        };
        if self.inside(&tier.path, at.at("path")) && tier.is_glob() {
            self.plain_glob(&tier.path, at.at("path"));
        }
        self.tier_assets(&tier, &scope, at);
        self.contradictions(&tier, at);
        tier
    }

    fn tier_assets(&mut self, tier: &FileTier, scope: &Scope, at: &Node) {
        if let Some(template) = &tier.template {
            let missing = if tier.fallback.is_some() { Missing::Warning } else { Missing::Error };
            self.template_asset(template, missing, scope, at.at("template"));
        }
        if let Some(schema) = &tier.schema {
            self.schema_asset(schema, at.at("schema"));
        }
    }

    /// Keys that a tier, or a glob, does not go with.
    fn contradictions(&mut self, tier: &FileTier, at: &Node) {
        let (word, foreign): (_, &[&str]) = match tier.tier {
            Tier::Create => ("create", &["recover"]),
            Tier::Require => ("require", &["template", "content", "fallback"]),
            Tier::Optional => ("optional", &["template", "content", "fallback", "recover"]),
        };
        for entry in foreign.iter().filter_map(|key| at.entry(key)) {
            let message = format!("`{}` does not go with `tier: {word}`", entry.key);
            let help = match entry.key.as_str() {
                "recover" => "take it out, or write `tier: require`",
                _ => "take it out, or write `tier: create`",
            };
            self.note(
                Problem::new(Code::Tier, entry.key_span.clone(), message).label("never used").help(help),
            );
        }
        if tier.tier == Tier::Create {
            self.creation(tier, at);
        }
        if tier.is_glob() && tier.keep.is_some() {
            let problem = self.wrong(Code::Tier, at.at("keep"), "`keep` needs a plain path");
            self.note(problem.label("of which file?").help("write an entry for each file that is kept"));
        }
    }

    fn creation(&mut self, tier: &FileTier, at: &Node) {
        if tier.is_glob() {
            let problem = self.wrong(Code::Tier, at.at("path"), "a file that is created needs a plain path");
            self.note(problem.label("a glob").help("name the file, or write `tier: require` or `optional`"));
        }
        let problem = match (&tier.template, &tier.content) {
            (None, None) => self
                .wrong(Code::Tier, at, "`tier: create` needs `template` or `content`")
                .label("created from what?")
                .help("add `template: templates/…`, or `content:` with the text itself"),
            (Some(_), Some(_)) => self
                .wrong(Code::Tier, at.at("content"), "`template` and `content` exclude each other")
                .label("one too many")
                .help("keep one; what is used when the template is missing is called `fallback`"),
            _ => return self.fallback(tier, at),
        };
        self.note(problem);
    }

    fn fallback(&mut self, tier: &FileTier, at: &Node) {
        if tier.fallback.is_some() && tier.template.is_none() {
            let problem = self.wrong(Code::Tier, at.at("fallback"), "`fallback` needs `template`");
            self.note(problem.label("never used").help("take it out: `content` is never missing"));
        }
    }
}
