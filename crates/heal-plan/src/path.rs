use heal_model::{EntryKind, RefusalCode, RelPath, World};

use crate::refused::Refused;

/// Refuses a path that goes over a symbolic link, or is one: where it leads is not the project's to say.
pub(crate) fn no_links(path: &RelPath, world: &dyn World) -> Result<(), Refused> {
    let mut place = Some(path.clone());
    while let Some(here) = place {
        let kind = world.stat(&here)?.map(|stat| stat.kind);
        if matches!(kind, Some(EntryKind::Link | EntryKind::DeadLink)) {
            let what = if here == *path {
                format!("{path} is")
            } else {
                format!("{path} lies behind {here}, which is")
            };
            return Err(Refused::new(RefusalCode::Outside, format!("{what} a symbolic link")));
        }
        place = here.parent();
    }
    Ok(())
}
