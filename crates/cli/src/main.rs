//! The binary `minutebook`: wires everything, and alone reads the environment.

mod args;
mod commands;
mod out;
mod plain;
mod single;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let wrong = error.use_stderr();
            // Nothing is left to say it to if the terminal is gone.
            let _ = error.print();
            return ExitCode::from(if wrong { 2 } else { 0 });
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(commands::run(&args)),
        Err(error) => Err(app::AppError::io("starting", error)),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(error) => out::failed(&error, args.global.json),
    }
}
