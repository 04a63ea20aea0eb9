use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderErrorReason,
};

use crate::template::limits::FUEL;

/// Called at the start of every block: counts down, and stops the loop that would not end.
pub(super) struct Meter(pub(super) Arc<AtomicU32>);

impl HelperDef for Meter {
    fn call<'reg: 'rc, 'rc>(
        &self,
        _: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        _: &mut dyn Output,
    ) -> HelperResult {
        let left = self.0.load(Ordering::Relaxed);
        if left == 0 {
            return Err(RenderErrorReason::Other(format!("it enters more than {FUEL} blocks")).into());
        }
        self.0.store(left - 1, Ordering::Relaxed);
        Ok(())
    }
}
