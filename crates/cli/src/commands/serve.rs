//! `serve` and the serving half of `demo`: the page, the writer, and the daily check.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use app::{AppError, Aside, GuardDir, Ledger, Opening, Result, Trust, WriterHandle};
use record::Refusal;
use tokio::net::TcpListener;
use web::{SignIn, WebState};

use super::{acting, demo, guard_dir, model};
use crate::args::Global;
use crate::out::{DONE, hint, printed, say};

/// How often the server looks whether today's check was made.
const LOOK_EVERY: Duration = Duration::from_secs(3_600);

/// How long a check that could not be recorded is not made again.
const A_DAY: Duration = Duration::from_secs(86_400);

/// How often the server looks whether the session has ended.
const LOOK_FOR_END_EVERY: Duration = Duration::from_secs(60);

pub async fn serve(global: &Global, listen: &str) -> Result<u8> {
    run(global, &global.data, guard_dir(global)?, (listen, false)).await
}

/// Makes the sample and serves it until stopped; what was not kept is then thrown away.
pub async fn demo(global: &Global, listen: &str, keep: Option<&Path>) -> Result<u8> {
    // The port is tried first: four years of records are not made for nothing.
    drop(bind(listen).await?);
    let made = demo::make(global, keep).await?;
    run(global, &made.data, made.guard.clone(), (listen, true)).await
}

async fn bind(listen: &str) -> Result<TcpListener> {
    let address: SocketAddr = listen.parse().map_err(|_| {
        Refusal::new(
            "wrong_use",
            format!("{listen:?} is no address to listen on."),
        )
        .hint("Write 127.0.0.1:8042.")
    })?;
    TcpListener::bind(address).await.map_err(|error| {
        AppError::io(
            format!("listening on {address} (name another with --listen)"),
            error,
        )
    })
}

async fn run(
    global: &Global,
    data: &Path,
    guard: GuardDir,
    (listen, is_demo): (&str, bool),
) -> Result<u8> {
    let listener = bind(listen).await?;
    let address = listener
        .local_addr()
        .map_err(|error| AppError::io("listening", error))?;
    let holder = format!("serve {address}");
    let model = model()?;
    let opening = Opening {
        dir: data.to_owned(),
        model: model.clone(),
        guard: guard.clone(),
        acting: acting(global, &holder),
    };
    let writer = writer(opening).await?;
    let ledger = Arc::new(Ledger::open(data, model.registry, model.catalogue).await?);
    if let Some(email) = &global.acting {
        ledger.holds_address(email).await?;
    }
    let (sign_in, link) = SignIn::new(Arc::new(app::clock::elapsed())).map_err(AppError::fault)?;
    super::ledger::one(global, "link", &format!("http://{address}{link}"));
    // Nobody could sign in to a server whose link was not printed.
    printed()?;
    if !address.ip().is_loopback() {
        hint(&format!(
            "WARNING: {address} is open to the network, and what is sent there is not encrypted: whoever reads it on the way can take the link, the session and every record. Listen on 127.0.0.1 and put a server that ends TLS in front; docs/threat-model.md says how."
        ));
    }
    hint("Open the link above in a browser on this machine; it works once. Stop with Ctrl-C.");
    let state = WebState {
        ledger: ledger.clone(),
        writer: writer.clone(),
        sign_in: sign_in.clone(),
        demo: is_demo,
        listen: address,
    };
    let check = Check {
        data: data.to_owned(),
        ledger,
        writer,
        guard,
    };
    let mut server = tokio::spawn(web::serve(listener, state, stopped()));
    let served = tokio::select! {
        served = &mut server => served,
        () = check_daily(check) => server.await,
        () = print_links(&sign_in, address, global.json) => server.await,
    };
    served.map_err(AppError::fault)?;
    Ok(DONE)
}

/// Prints a new link each time that a session has ended. With JSON stdout holds its one document
/// by then.
async fn print_links(sign_in: &SignIn, address: SocketAddr, as_json: bool) {
    loop {
        tokio::time::sleep(LOOK_FOR_END_EVERY).await;
        match sign_in.renewed() {
            Ok(Some(link)) => {
                hint("The session has ended. Whoever opens this link, once, has the next one.");
                let link = format!("http://{address}{link}");
                match as_json {
                    true => hint(&link),
                    false => say(&link),
                }
            }
            Ok(None) => {}
            Err(error) => hint(&format!("minutebook: no new link could be made: {error}")),
        }
    }
}

/// Starts the writer. Where the guard, the clock, the key or damage forbids appending, reading goes
/// on without one.
async fn writer(opening: Opening) -> Result<WriterHandle> {
    let started = match WriterHandle::start(opening).await {
        Ok(writer) => match writer.ready().await {
            // It found damage meanwhile: the log says so, and so do the page and `/readyz`.
            Err(_) if writer.against().is_some() => Ok(writer),
            ready => ready.map(|()| writer),
        },
        Err(error) => Err(error),
    };
    match started {
        Err(error) if error.forbids_appending() => {
            hint(&format!("minutebook: NOTHING IS APPENDED: {error}"));
            if let AppError::Guard { hint: next, .. } | AppError::OtherKey { hint: next, .. } =
                &error
            {
                hint(&format!("  {next}"));
            }
            hint("  What is recorded can be read. Start the server again once that is mended.");
            Ok(WriterHandle::closed(&error))
        }
        started => started,
    }
}

/// What the daily check is made of.
#[derive(Clone)]
struct Check {
    data: PathBuf,
    ledger: Arc<Ledger>,
    writer: WriterHandle,
    guard: GuardDir,
}

/// Reads the ledger back once a day, and records what came of it. That can take long, so it is
/// done aside, and abandoned when the server stops.
async fn check_daily(check: Check) {
    let aside = Aside::new(1);
    loop {
        let once = check.clone();
        let checked = aside.run(move || async move { once.make().await }).await;
        let next = match checked.and_then(|checked| checked) {
            Ok(()) => LOOK_EVERY,
            Err(error) => {
                hint(&format!(
                    "minutebook: the daily check is not on record: {error}"
                ));
                // It would be made again and again otherwise.
                A_DAY
            }
        };
        tokio::time::sleep(next).await;
    }
}

impl Check {
    async fn make(&self) -> Result<()> {
        if self.ledger.checked_today().await? {
            return Ok(());
        }
        let report = app::verify(&self.data, &model()?, &self.guard, &Trust::default()).await?;
        for failure in &report.failures {
            hint(&format!(
                "minutebook: ALARM: {}: {}",
                failure.what, failure.detail
            ));
        }
        // Signed by a writer that read back what it signs over; where there is none because of
        // damage, the alarm is all there is (decisions 008 and 018).
        let written = self.writer.record_check(report.verified).await?;
        hint(&format!(
            "minutebook: the daily check found the ledger {}, which is entry {}",
            if report.verified { "sound" } else { "ALTERED" },
            written.seq
        ));
        Ok(())
    }
}

/// Returns when the process is told to stop.
async fn stopped() {
    let interrupted = async {
        // Without a handler there is nothing to wait for: serve until killed.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminated) = signal(SignalKind::terminate()) else {
            return interrupted.await;
        };
        tokio::select! {
            () = interrupted => {}
            _ = terminated.recv() => {}
        }
    }
    #[cfg(not(unix))]
    interrupted.await;
}
