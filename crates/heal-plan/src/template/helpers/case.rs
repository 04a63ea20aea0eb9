use handlebars::{
    Context, Handlebars, Helper, HelperDef, RenderContext, RenderError, RenderErrorReason, ScopedJson,
};
use heal_model::Case;
use serde_json::Value;

use super::function::arguments;

/// `{{snake x}}` and the other helpers that write a text in a [`Case`].
pub(super) struct Cased(pub(super) Case);

impl HelperDef for Cased {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        match arguments(helper)?.as_slice() {
            [Value::String(text)] => Ok(ScopedJson::Derived(self.0.write(text).into())),
            _ => Err(RenderErrorReason::Other(format!("`{}` needs one text", helper.name())).into()),
        }
    }
}
