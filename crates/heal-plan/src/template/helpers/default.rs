use handlebars::{
    Context, Handlebars, Helper, HelperDef, RenderContext, RenderError, RenderErrorReason, ScopedJson,
};
use serde_json::Value;

/// `{{default x "y"}}`: the first value, or the second where the first is absent, null or empty.
pub(super) struct Default;

impl HelperDef for Default {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let [wanted, otherwise] = helper.params().as_slice() else {
            return Err(RenderErrorReason::Other("`default` needs a value and another".to_owned()).into());
        };
        let absent =
            wanted.is_value_missing() || matches!(wanted.value(), Value::Null) || wanted.value() == "";
        let value = if absent { otherwise } else { wanted };
        if value.is_value_missing() {
            return Err(RenderError::strict_error(value.relative_path()));
        }
        Ok(ScopedJson::Derived(value.value().clone()))
    }
}
