use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderErrorReason,
};

use super::function::arguments;

/// `{{json x}}`: a value as JSON, quotes and all; the only helper whose text is not escaped again.
pub(super) struct Json;

impl HelperDef for Json {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        output: &mut dyn Output,
    ) -> HelperResult {
        match arguments(helper)?.as_slice() {
            [value] => Ok(output.write(&value.to_string())?),
            _ => Err(RenderErrorReason::Other("`json` needs one value".to_owned()).into()),
        }
    }
}
