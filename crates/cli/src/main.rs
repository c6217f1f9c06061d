//! The binary `minutebook`: wires everything, and alone reads the environment.

mod args;
mod commands;
mod out;
mod plain;
mod single;

use std::process::ExitCode;
use std::time::Duration;

/// How long what still runs aside is given to leave off, such as a check that nobody waits for.
const LEAVING_OFF: Duration = Duration::from_secs(5);

/// How long a thread that worked aside waits for more: what its work needed, as the daily check, is given
/// back only when it ends.
const WAITS_FOR_MORE: Duration = Duration::from_secs(1);

/// Writes the faults of what runs on, such as a server, to stderr: each with the reference number
/// that whoever met it was given.
fn log_faults() {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_target(false)
        .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
        .init();
}

/// Keeps to itself what the reader of workbooks says where it gives up on a damaged one: that is
/// caught and told as a refusal. Every other panic is a fault, and says so.
fn refuse_damaged_workbooks_quietly() {
    let said = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let file = panic.location().map(std::panic::Location::file);
        if !file.is_some_and(|file| file.contains("/calamine")) {
            said(panic);
        }
    }));
}

fn main() -> ExitCode {
    refuse_damaged_workbooks_quietly();
    let args = match args::Args::typed(commands::is_empty_in_environment) {
        Ok(args) => args,
        Err(error) => return out::not_understood(&error, args::asks_for_json()),
    };
    log_faults();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_keep_alive(WAITS_FOR_MORE)
        .enable_all()
        .build();
    let done = match runtime {
        Ok(runtime) => {
            let done = runtime.block_on(commands::run(&args));
            runtime.shutdown_timeout(LEAVING_OFF);
            done
        }
        Err(error) => Err(app::AppError::io("starting", error)),
    };
    match done {
        Ok(code) => out::ended(code),
        Err(error) => out::failed(&error, args.global.json),
    }
}
