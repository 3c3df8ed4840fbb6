//! The program itself: what it prints, how it fails, how it stops.
#![allow(clippy::expect_used, reason = "a test's helpers fail the test")]

use std::{
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    process::{Child, Command, Stdio},
};

fn gateway(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_switchboard-gateway"))
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts")
}

/// Its one sentence on stderr, for a start that must fail with exit code 1.
fn complaint(arguments: &[&str]) -> String {
    let output = gateway(arguments).wait_with_output().expect("ends");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(output.stdout, b"");
    let stderr = String::from_utf8(output.stderr).expect("text");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    stderr
}

#[test]
fn a_start_that_fails_is_one_sentence_and_exit_code_1() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("a path");
    let taken = TcpListener::bind("127.0.0.1:0").expect("binds");
    let address = taken.local_addr().expect("an address").to_string();
    let sentence = complaint(&["--listen", &address, "--data", data, "--log", "off"]);
    assert!(
        sentence.contains(&format!("{address} is in use")),
        "{sentence}"
    );

    let free = ["--listen", "127.0.0.1:0", "--data", data];
    let sentence = complaint(&[&free[..], &["--app", "/nowhere"]].concat());
    assert!(
        sentence.contains("/nowhere has no index.html"),
        "{sentence}"
    );

    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("writes");
    let file = file.to_str().expect("a path");
    let sentence = complaint(&["--listen", "127.0.0.1:0", "--data", file]);
    assert!(
        sentence.contains(&format!("cannot use the data folder {file}")),
        "{sentence}"
    );

    let sentence = complaint(&[&free[..], &["--route-selection", "${x}"]].concat());
    assert!(
        sentence.contains("no route selection expression"),
        "{sentence}"
    );
}

#[cfg(unix)]
#[test]
fn it_says_where_it_listens_and_ends_with_0_on_a_signal() {
    for signal in ["-TERM", "-INT"] {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().to_str().expect("a path");
        let arguments = ["--listen", "127.0.0.1:0", "--data", data, "--log", "off"];
        let mut child = gateway(&arguments);
        let mut stdout = BufReader::new(child.stdout.take().expect("stdout"));
        let mut lines = String::new();
        for _ in 0..3 {
            stdout.read_line(&mut lines).expect("a line");
        }
        let address = lines
            .lines()
            .find_map(|line| line.strip_prefix("websocket   ws://"))
            .and_then(|url| url.strip_suffix("/dev"));
        std::net::TcpStream::connect(address.expect("an address")).expect("listens");
        let id = child.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status();
        assert!(sent.expect("kill").success());
        assert_eq!(child.wait().expect("ends").code(), Some(0));
        let mut rest = String::new();
        stdout.read_to_string(&mut rest).expect("reads");
        assert_eq!(rest, "");
    }
}
