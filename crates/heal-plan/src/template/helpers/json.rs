use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderErrorReason,
};

use super::function::arguments;

/// Under this name, which no template can write, stands what captures hold that are no text, by name.
pub(crate) const VALUES: &str = "\0values";

/// `{{json x}}`: a value as JSON, quotes and all; the only helper whose text is not escaped again. A capture of a
/// document's node is written as the document has it: a number, null, a list.
pub(super) struct Json;

impl HelperDef for Json {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        context: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        output: &mut dyn Output,
    ) -> HelperResult {
        match arguments(helper)?.as_slice() {
            [value] => {
                let name = helper.param(0).and_then(|parameter| parameter.relative_path());
                let own = name.and_then(|name| context.data().get(VALUES)?.get(name));
                Ok(output.write(&own.unwrap_or(value).to_string())?)
            }
            _ => Err(RenderErrorReason::Other("`json` needs one value".to_owned()).into()),
        }
    }
}
