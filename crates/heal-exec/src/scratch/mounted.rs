use std::ffi::CString;
use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use rustix::mount::{MountFlags, MountPropagationFlags, UnmountFlags, mount_change, unmount as detach};
use rustix::process::{getegid, geteuid};
use rustix::thread::UnshareFlags;

/// Lays an overlay over a project, for this process and what it starts; what is written goes to a folder beside.
///
/// `is_ours` says whether all of it belongs to this user and group: an administrator of nothing else could not write
/// the rest.
pub(super) fn mount(project: &Path, folder: &Path, is_ours: &dyn Fn() -> bool) -> io::Result<()> {
    let options = options(project, folder).ok_or(io::ErrorKind::InvalidInput)?;
    for name in ["upper", "work"] {
        DirBuilder::new().mode(0o700).create(folder.join(name))?;
    }
    let mode = fs::metadata(project)?.permissions();
    fs::set_permissions(folder.join("upper"), mode)?;
    apart(is_ours)?;
    // What is mounted here must be seen nowhere else.
    mount_change("/", MountPropagationFlags::PRIVATE | MountPropagationFlags::REC)?;
    Ok(rustix::mount::mount("overlay", project, "overlay", MountFlags::empty(), options.as_c_str())?)
}

/// Takes the overlay away; a process that still works in it keeps it for itself.
pub(super) fn unmount(project: &Path) {
    let _ = detach(project, UnmountFlags::DETACH);
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
fn options(project: &Path, folder: &Path) -> Option<CString> {
    let (project, folder) = (project.to_str()?, folder.to_str()?);
    if [project, folder].iter().any(|path| path.contains([',', ':', '\\', '"'])) {
        return None;
    }
    let user = if geteuid().is_root() { "" } else { ",userxattr" };
    CString::new(format!("lowerdir={project},upperdir={folder}/upper,workdir={folder}/work{user}")).ok()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::options;

    #[test]
    fn a_path_that_would_be_read_as_options_is_refused() {
        let told = |project| options(Path::new(project), Path::new("/state/1")).is_some();
        assert_eq!([told("/home/me/shop"), told("/home/a,b"), told("/home/a:b")], [true, false, false]);
    }
}
