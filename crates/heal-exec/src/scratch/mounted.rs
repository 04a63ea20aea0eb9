use std::ffi::CString;
use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use rustix::mount::{MountFlags, MountPropagationFlags, UnmountFlags, mount_change, unmount as detach};
use rustix::process::{getegid, geteuid};
use rustix::thread::UnshareFlags;

/// Lays an overlay over each folder, for this process and what it starts; what is written goes to a folder beside.
///
/// `is_ours` says whether all of it belongs to this user and group: an administrator of nothing else could not write
/// the rest.
pub(super) fn mount(layers: &[Layer<'_>], is_ours: &dyn Fn() -> bool) -> io::Result<()> {
    let options: Option<Vec<CString>> = layers.iter().map(options).collect();
    let options = options.ok_or(io::ErrorKind::InvalidInput)?;
    for layer in layers {
        for name in ["upper", "work"] {
            DirBuilder::new().mode(0o700).recursive(true).create(layer.beside.join(name))?;
        }
        let mode = fs::metadata(layer.over)?.permissions();
        fs::set_permissions(layer.beside.join("upper"), mode)?;
    }
    apart(is_ours)?;
    // What is mounted here must be seen nowhere else.
    mount_change("/", MountPropagationFlags::PRIVATE | MountPropagationFlags::REC)?;
    for (done, (layer, options)) in layers.iter().zip(&options).enumerate() {
        let flags = MountFlags::empty();
        if let Err(error) = rustix::mount::mount("overlay", layer.over, "overlay", flags, options.as_c_str())
        {
            layers[..done].iter().for_each(|layer| unmount(layer.over));
            return Err(error.into());
        }
    }
    Ok(())
}

/// An overlay to be.
pub(super) struct Layer<'a> {
    /// The folder that it lies over.
    pub(super) over: &'a Path,
    /// The folder that what is written goes to.
    pub(super) beside: PathBuf,
}

/// Takes an overlay away; a process that still works in it keeps it for itself.
pub(super) fn unmount(over: &Path) {
    let _ = detach(over, UnmountFlags::DETACH);
}

/// Gives this process mounts of its own; who may not do that becomes its own administrator first.
fn apart(is_ours: &dyn Fn() -> bool) -> io::Result<()> {
    if leave(UnshareFlags::NEWNS).is_ok() {
        return Ok(());
    }
    if !is_ours() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let (user, group) = (geteuid().as_raw(), getegid().as_raw());
    leave(UnshareFlags::NEWUSER | UnshareFlags::NEWNS)?;
    fs::write("/proc/self/setgroups", "deny")?;
    fs::write("/proc/self/uid_map", format!("{user} {user} 1"))?;
    fs::write("/proc/self/gid_map", format!("{group} {group} 1"))
}

#[expect(deprecated, reason = "its successor is unsafe for the sake of one flag, which is not given here")]
fn leave(flags: UnshareFlags) -> io::Result<()> {
    Ok(rustix::thread::unshare(flags)?)
}

/// The mount's options; none where a path holds what separates them.
fn options(layer: &Layer<'_>) -> Option<CString> {
    let (over, beside) = (layer.over.to_str()?, layer.beside.to_str()?);
    if [over, beside].iter().any(|path| path.contains([',', ':', '\\', '"'])) {
        return None;
    }
    let user = if geteuid().is_root() { "" } else { ",userxattr" };
    CString::new(format!("lowerdir={over},upperdir={beside}/upper,workdir={beside}/work{user}")).ok()
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{Layer, options};

    #[test]
    fn a_path_that_would_be_read_as_options_is_refused() {
        let told = |over| {
            let beside = PathBuf::from("/state/1");
            options(&Layer { over: Path::new(over), beside }).is_some()
        };
        assert_eq!([told("/home/me/shop"), told("/home/a,b"), told("/home/a:b")], [true, false, false]);
    }
}
