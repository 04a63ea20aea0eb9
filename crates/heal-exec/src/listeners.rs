//! Who listens on a TCP port, as the kernel's tables tell; nobody where there are no such tables.

use std::collections::BTreeSet;
use std::fs;

/// A socket that listens, as `/proc/net/tcp` writes the state.
const LISTENS: &str = "0A";

/// The processes that listen on a port, in order of pid: those whose open files may be seen.
pub(crate) fn of(port: u16) -> Vec<u32> {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"];
    let tables = tables.iter().filter_map(|table| fs::read_to_string(table).ok());
    let sockets: BTreeSet<String> = tables.flat_map(|table| sockets(&table, port)).collect();
    if sockets.is_empty() {
        return Vec::new();
    }
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let mut found: Vec<u32> = pids.filter(|pid| has_one_open(*pid, &sockets)).collect();
    found.sort_unstable();
    found
}

/// The sockets of a table that listen on a port, as a process's open files name them.
fn sockets(table: &str, port: u16) -> Vec<String> {
    let listening = |line: &str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (_, own) = fields.get(1)?.rsplit_once(':')?;
        let is_it = u16::from_str_radix(own, 16).ok()? == port && *fields.get(3)? == LISTENS;
        is_it.then(|| fields.get(9).map(|inode| format!("socket:[{inode}]")))?
    };
    table.lines().skip(1).filter_map(listening).collect()
}

fn has_one_open(pid: u32, sockets: &BTreeSet<String>) -> bool {
    let Ok(files) = fs::read_dir(format!("/proc/{pid}/fd")) else { return false };
    files.flatten().any(|file| {
        fs::read_link(file.path()).is_ok_and(|link| link.to_str().is_some_and(|link| sockets.contains(link)))
    })
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    #[test]
    fn who_listens_is_found() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        assert_eq!(super::of(port), [std::process::id()]);
        drop(listener);
        assert_eq!(super::of(port), Vec::<u32>::new());
    }

    #[test]
    fn a_table_is_read() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
            \u{20}  0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1\n\
            \u{20}  1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 4712 1\n";
        assert_eq!(super::sockets(table, 8080), ["socket:[4711]"]);
        assert_eq!(super::sockets(table, 8081), Vec::<String>::new());
    }
}
