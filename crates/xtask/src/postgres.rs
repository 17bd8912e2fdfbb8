//! A PostgreSQL server of our own for the tests: a temporary folder, a free port, no password,
//! this machine only.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::{process, setup};

/// Ends the server and removes its folder when dropped.
pub struct Postgres {
    binaries: PathBuf,
    folder: PathBuf,
    /// `postgres://cabinet@127.0.0.1:PORT/postgres`; the user may create databases.
    pub url: String,
}

impl Postgres {
    pub fn start() -> Result<Self> {
        let binaries = setup::postgres_binaries().ok_or_else(|| {
            Failure::new("PostgreSQL's server programs are missing.").mend("cargo xtask setup")
        })?;
        let port = free_port()?;
        let folder = std::env::temp_dir().join(format!("cabinet-postgres-{}", std::process::id()));
        let server =
            Self { binaries, folder, url: format!("postgres://cabinet@127.0.0.1:{port}/postgres") };
        let folder = &server.folder;
        process::capture(&mut owner("mkdir", &[folder.as_os_str()]))?;
        let data = folder.join("data");
        server.program("initdb", |initdb| {
            initdb.arg("--pgdata").arg(&data).args([
                "--username=cabinet",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ]);
        })?;
        // What tests write need not survive a power cut.
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= \
             -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300"
        );
        let log = folder.join("log");
        let started = server.program("pg_ctl", |pg_ctl| {
            pg_ctl.arg("--pgdata").arg(&data).arg("--log").arg(&log);
            pg_ctl.arg("--options").arg(&options).args(["--wait", "--silent", "start"]);
        });
        started.map_err(|failure| {
            let log = std::fs::read_to_string(&log).unwrap_or_default();
            Failure::new(format!("{failure}\n{log}"))
        })?;
        Ok(server)
    }

    fn program(&self, name: &str, arguments: impl FnOnce(&mut Command)) -> Result<()> {
        let mut command = owner(self.binaries.join(name), &[]);
        command.current_dir(&self.folder);
        arguments(&mut command);
        process::capture(&mut command).map(drop)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let data = self.folder.join("data");
        if data.join("postmaster.pid").exists() {
            // Not through `process`, which refuses to work after Ctrl-C.
            let mut stop = owner(self.binaries.join("pg_ctl"), &[]);
            stop.current_dir(&self.folder).arg("--pgdata").arg(&data);
            let _ = stop.args(["--mode=immediate", "--wait", "--silent", "stop"]).status();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A command of the user who may run PostgreSQL: it refuses the superuser, so root becomes
/// `postgres`, whom Debian's package made.
fn owner(program: impl AsRef<Path>, arguments: &[&std::ffi::OsStr]) -> Command {
    let program = program.as_ref();
    let mut command = if process::is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.args(arguments);
    command
}

fn free_port() -> Result<u16> {
    let bound = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    bound
        .map(|address| address.port())
        .map_err(|error| Failure::new(format!("No free port on 127.0.0.1: {error}.")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpStream;

    #[test]
    fn a_server_listens_while_it_is_held_and_leaves_nothing() {
        let server = Postgres::start().unwrap();
        let address = server.url.split(['@', '/']).find(|part| part.starts_with("127.")).unwrap();
        let (address, folder) = (address.to_owned(), server.folder.clone());
        assert!(TcpStream::connect(&address).is_ok());
        drop(server);
        assert!(TcpStream::connect(&address).is_err());
        assert!(!folder.exists());
    }
}
