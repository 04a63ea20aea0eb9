use handlebars::{
    Context, Handlebars, Helper, HelperDef, RenderContext, RenderError, RenderErrorReason, ScopedJson,
};
use heal_model::Time;
use jiff::Timestamp;
use serde_json::Value;

/// `{{now}}` and `{{now "%Y"}}`: the world's time in UTC, RFC 3339 unless told otherwise.
pub(super) struct Now(pub(super) Time);

impl HelperDef for Now {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let format = match helper.params().as_slice() {
            [] => "%Y-%m-%dT%H:%M:%SZ",
            [format] => format.value().as_str().ok_or_else(|| wrong("`now` needs a format in quotes"))?,
            _ => return Err(wrong("`now` needs one format")),
        };
        let text = format_time(self.0, format)
            .map_err(|error| wrong(&format!("`now` can't use {format:?}: {error}")))?;
        Ok(ScopedJson::Derived(Value::String(text)))
    }
}

/// A time as `strftime` writes it, in UTC.
pub(crate) fn format_time(time: Time, format: &str) -> Result<String, jiff::Error> {
    jiff::fmt::strtime::format(format, Timestamp::from_millisecond(time.0)?)
}

fn wrong(reason: &str) -> RenderError {
    RenderErrorReason::Other(reason.to_owned()).into()
}
