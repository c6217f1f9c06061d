//! The binary `minutebook`: wires everything, and alone reads the environment.

mod args;
mod commands;
mod out;
mod plain;
mod single;

use std::process::ExitCode;

fn main() -> ExitCode {
    let args = match args::Args::typed(commands::is_empty_in_environment) {
        Ok(args) => args,
        Err(error) => return out::not_understood(&error, args::asks_for_json()),
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
