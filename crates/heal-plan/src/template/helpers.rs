mod add;
mod case;
mod count;
mod default;
mod function;
mod json;
mod lookup;
mod max;
mod meter;
mod module_of_path;
mod nearest;
mod now;
mod unmarked;

use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use handlebars::Handlebars;
use heal_model::{Case, Time};

use super::limits::METER;
use case::Cased;
use function::Function;

pub(crate) use json::VALUES;
pub(crate) use module_of_path::module_of_path;
pub(crate) use now::format_time;

/// Gives a registry the language's helpers, beside handlebars' own `if`, `unless`, `each`, `with`, `eq` …
pub(super) fn register(registry: &mut Handlebars<'static>, now: Time, fuel: &Arc<AtomicU32>) {
    let functions: [(&str, Function); 5] = [
        ("count", Function(count::count)),
        ("max", Function(max::max)),
        ("add", Function(add::add)),
        ("module-of-path", Function(module_of_path::helper)),
        ("unmarked", Function(unmarked::unmarked)),
    ];
    for (name, function) in functions {
        registry.register_helper(name, Box::new(function));
    }
    for case in Case::ALL {
        registry.register_helper(case.helper(), Box::new(Cased(case)));
    }
    registry.register_helper("now", Box::new(now::Now(now)));
    registry.register_helper("json", Box::new(json::Json));
    registry.register_helper("lookup", Box::new(lookup::Lookup));
    registry.register_helper("nearest", Box::new(nearest::Nearest));
    registry.register_helper("default", Box::new(default::Default));
    registry.register_helper(METER, Box::new(meter::Meter(Arc::clone(fuel))));
    registry.unregister_helper("log");
    registry.unregister_helper("raw");
}
