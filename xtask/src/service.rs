//! A program that runs until it is stopped: the gateway, trunk, a baseline server.

use std::{
    os::unix::process::CommandExt,
    process::{Child, Command, ExitStatus},
    thread,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};

use crate::{
    failure::{Failure, Outcome},
    port, say, shell,
};

/// Longest time for an orderly end; the gateway gives its connections five seconds.
const PATIENCE: Duration = Duration::from_secs(12);

/// Longest time until it answers.
const START: Duration = Duration::from_secs(20);

/// A running program, stopped at the latest when this is dropped.
#[derive(Debug)]
pub(crate) struct Service {
    name: &'static str,
    child: Child,
}

impl Service {
    /// Starts it in a process group of its own: the terminal's Ctrl-C then reaches xtask alone,
    /// which stops it in order, its children (trunk's cargo) included.
    pub(crate) fn start(name: &'static str, command: &mut Command) -> Outcome<Self> {
        say::progress(format!("$ {}", shell::line(command)));
        let child = command.process_group(0).spawn().map_err(|error| {
            Failure::new(format!(
                "{name} (`{}`) could not be started: {error}.",
                command.get_program().to_string_lossy()
            ))
        })?;
        Ok(Self { name, child })
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until `GET path` on `port` is answered.
    pub(crate) fn until_up(&mut self, port: u16, path: &str) -> Outcome {
        let started = Instant::now();
        while !port::answers(port, path) {
            self.check()?;
            if started.elapsed() > START {
                return Err(Failure::new(format!(
                    "{} did not answer {path} on port {port} within {} seconds.",
                    self.name,
                    START.as_secs()
                )));
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// A failure that says so, where it has ended by itself.
    pub(crate) fn check(&mut self) -> Outcome {
        match self.ended() {
            None => Ok(()),
            Some(status) => Err(Failure::new(format!(
                "{} ended by itself with {}; the reason stands above. Everything else was stopped.",
                self.name,
                shell::ending(status)
            ))),
        }
    }

    fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Asks it to end, waits, and insists.
    pub(crate) fn stop(&mut self) {
        if self.ended().is_some() {
            return;
        }
        self.signal(Signal::SIGTERM);
        let asked = Instant::now();
        while asked.elapsed() < PATIENCE {
            if self.ended().is_some() {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
        say::progress(format!("{} did not end when asked; killing it.", self.name));
        self.signal(Signal::SIGKILL);
        let _ = self.child.wait();
    }

    fn signal(&self, signal: Signal) {
        if let Ok(id) = i32::try_from(self.child.id()) {
            let _ = killpg(Pid::from_raw(id), signal);
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.stop();
    }
}
