use handlebars::{
    Context, Handlebars, Helper, HelperDef, RenderContext, RenderError, RenderErrorReason, ScopedJson,
};
use serde_json::Value;

/// `{{lookup table key}}`, `{{lookup list 0}}`: handlebars' own, but what is not there counts as absent, so that
/// `default` can stand in for it.
pub(super) struct Lookup;

impl HelperDef for Lookup {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let [table, key] = helper.params().as_slice() else {
            return Err(RenderErrorReason::Other("`lookup` needs a table and a key".to_owned()).into());
        };
        let found = match (table.value(), key.value()) {
            (Value::Object(members), Value::String(key)) => members.get(key),
            (Value::Array(items), Value::Number(index)) => {
                index.as_u64().and_then(|index| items.get(usize::try_from(index).ok()?))
            }
            _ => None,
        };
        Ok(found.map_or(ScopedJson::Missing, |value| ScopedJson::Derived(value.clone())))
    }
}
