//! Local ports: is one free, who has it, does something answer there.

use std::{
    fs,
    io::{self, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    time::Duration,
};

use crate::failure::{Failure, Outcome};

/// A failure that names who has the port, unless it is free on 127.0.0.1.
pub(crate) fn require_free(port: u16, option: &str) -> Outcome {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) => Err(Failure::new(sentence(
            port,
            option,
            error.kind(),
            holder(port).as_deref(),
        ))),
    }
}

fn sentence(port: u16, option: &str, kind: io::ErrorKind, holder: Option<&str>) -> String {
    let other = port.checked_add(1).unwrap_or(port - 1);
    match kind {
        io::ErrorKind::AddrInUse => format!(
            "port {port} is in use{}: stop that program, or choose another port with `{option} {other}`.",
            holder.map(|name| format!(" by {name}")).unwrap_or_default()
        ),
        io::ErrorKind::PermissionDenied => format!(
            "port {port} needs more rights than you have: choose one above 1023 with `{option}`."
        ),
        _ => format!(
            "port {port} cannot be opened ({kind}): choose another with `{option} {other}`."
        ),
    }
}

/// A port that is free now.
pub(crate) fn free() -> Outcome<u16> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| Failure::new(format!("no free port on 127.0.0.1: {error}.")))
}

/// Whether `GET path` there is answered with 200.
pub(crate) fn answers(port: u16, path: &str) -> bool {
    status(port, path).is_ok_and(|line| line.starts_with(b"HTTP/1.1 200"))
}

fn status(port: u16, path: &str) -> io::Result<Vec<u8>> {
    let patience = Duration::from_secs(2);
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, patience)?;
    stream.set_read_timeout(Some(patience))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/html, */*\r\nConnection: close\r\n\r\n"
    )?;
    let mut line = vec![0; 12];
    stream.read_exact(&mut line)?;
    Ok(line)
}

/// The program that listens on a port, as Linux tells those who may ask.
fn holder(port: u16) -> Option<String> {
    let inode = ["/proc/net/tcp", "/proc/net/tcp6"]
        .into_iter()
        .filter_map(|table| fs::read_to_string(table).ok())
        .find_map(|table| listening_inode(&table, port).map(str::to_owned))?;
    let socket = format!("socket:[{inode}]");
    for process in fs::read_dir("/proc").ok()?.flatten() {
        let id = process.file_name().to_string_lossy().into_owned();
        if !id.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let Ok(files) = fs::read_dir(process.path().join("fd")) else {
            continue;
        };
        let mut links = files
            .flatten()
            .filter_map(|file| fs::read_link(file.path()).ok());
        if links.any(|link| link.as_os_str() == socket.as_str()) {
            let name = fs::read_to_string(process.path().join("comm")).ok()?;
            return Some(format!("`{}` (process {id})", name.trim()));
        }
    }
    None
}

/// The inode of the listening socket, from the kernel's table (state 0A).
fn listening_inode(table: &str, port: u16) -> Option<&str> {
    let end = format!(":{port:04X}");
    table.lines().skip(1).find_map(|row| {
        let columns: Vec<_> = row.split_whitespace().collect();
        (columns.get(1)?.ends_with(&end) && *columns.get(3)? == "0A")
            .then(|| columns.get(9).copied())
            .flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_names_its_holder_and_the_way_out() {
        assert_eq!(
            sentence(
                8080,
                "--port",
                io::ErrorKind::AddrInUse,
                Some("`trunk` (process 7)")
            ),
            "port 8080 is in use by `trunk` (process 7): stop that program, or choose another \
             port with `--port 8081`."
        );
        assert!(sentence(65535, "--port", io::ErrorKind::AddrInUse, None).contains("65534"));
        assert!(sentence(80, "--port", io::ErrorKind::PermissionDenied, None).contains("1023"));
    }

    #[test]
    fn a_held_port_is_found_and_a_free_one_is_free() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let refusal = require_free(port, "--port").unwrap_err().to_string();
        assert!(
            refusal.contains(&std::process::id().to_string()),
            "{refusal}"
        );
        drop(listener);
        assert!(require_free(port, "--port").is_ok());
    }

    #[test]
    fn the_kernels_table_is_read_by_port_and_state() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
            0: 0100007F:1F90 0100007F:9000 01 0:0 00:0 0 0 0 111 1\n\
            1: 0100007F:1F90 00000000:0000 0A 0:0 00:0 0 0 0 222 1\n";
        assert_eq!(listening_inode(table, 8080), Some("222"));
        assert_eq!(listening_inode(table, 8081), None);
    }
}
