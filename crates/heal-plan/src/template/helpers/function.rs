use handlebars::{
    Context, Handlebars, Helper, HelperDef, RenderContext, RenderError, RenderErrorReason, ScopedJson,
};
use serde_json::Value;

/// A helper that is a function of its arguments; an argument that is not there is an error.
pub(super) struct Function(pub(super) fn(&[&Value]) -> Result<Value, String>);

impl HelperDef for Function {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let arguments = arguments(helper)?;
        match (self.0)(&arguments) {
            Ok(value) => Ok(ScopedJson::Derived(value)),
            Err(reason) => Err(RenderErrorReason::Other(format!("`{}` {reason}", helper.name())).into()),
        }
    }
}

/// A helper's arguments, all of which must be there.
pub(super) fn arguments<'a>(helper: &'a Helper<'_>) -> Result<Vec<&'a Value>, RenderError> {
    let argument = |parameter: &'a handlebars::PathAndJson<'_>| {
        if parameter.is_value_missing() {
            return Err(RenderError::strict_error(parameter.relative_path()));
        }
        Ok(parameter.value())
    };
    helper.params().iter().map(argument).collect()
}
