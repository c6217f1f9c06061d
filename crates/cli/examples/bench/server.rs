//! The server: its memory when idle, and how soon it is ready.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};

use crate::child::{Place, memory_mib, ticks};
use crate::figure::{median, ms, now};
use crate::generate::{SYSTEMS, register};
use crate::{Bench, Figure, Figures};

/// Nothing done for this long is idle.
const IDLE: Duration = Duration::from_secs(3);
/// Longest that a server is waited for.
const PATIENCE: Duration = Duration::from_secs(600);
const LOOK: Duration = Duration::from_millis(2);

/// Measures the register as imported, and the large one.
pub fn measure(bench: &Bench) -> Figures {
    let small = register(bench, "register", SYSTEMS)?;
    let name = format!("register-{}", bench.entries);
    let large = register(bench, &name, bench.entries)?;
    let mut server = Server::start(&small)?;
    server.idle()?;
    let idle_mib = memory_mib(server.child.id(), "VmRSS:").context("no memory to be read")?;
    server.stop()?;
    let mut ready = Vec::new();
    for _ in 0..bench.runs {
        let server = Server::start(&large)?;
        ready.push(server.ready_ms);
        server.stop()?;
    }
    Ok(vec![
        Figure::absolute(
            "idle server on the register of 2025",
            (idle_mib, "MiB"),
            100.0,
        ),
        Figure::absolute(
            format!("start to ready at {} entries", bench.entries),
            (median(ready), "ms"),
            300.0,
        ),
    ])
}

struct Server {
    child: Child,
    /// From process start to the first good answer of `/readyz`.
    ready_ms: f64,
}

impl Server {
    fn start(place: &Place) -> anyhow::Result<Self> {
        let begun = now();
        let mut command = place.command(&["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let mut link = String::new();
        BufReader::new(child.stdout.take().context("no stdout")?).read_line(&mut link)?;
        let address = link.trim().strip_prefix("http://").context("no address")?;
        let address = address.split('/').next().unwrap_or_default();
        while !is_ready(address) {
            if begun.elapsed() > PATIENCE {
                child.kill()?;
                bail!("the server was never ready");
            }
            std::thread::sleep(LOOK);
        }
        let ready_ms = ms(begun.elapsed());
        Ok(Self { child, ready_ms })
    }

    /// Waits until it has done nothing for a while: the daily check comes first.
    fn idle(&mut self) -> anyhow::Result<()> {
        let begun = now();
        let mut before = None;
        while begun.elapsed() < PATIENCE {
            let now = ticks(self.child.id());
            if now == before {
                return Ok(());
            }
            before = now;
            std::thread::sleep(IDLE);
        }
        bail!("the server never came to rest")
    }

    fn stop(mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

fn is_ready(address: &str) -> bool {
    answer(address, "/readyz").is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

/// Asks the server at an address for a path.
#[expect(
    clippy::disallowed_methods,
    reason = "a program of its own, which asks the server it started"
)]
pub fn answer(address: &str, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
