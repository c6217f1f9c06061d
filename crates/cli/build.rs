//! Tells the binary what it was built by and for: what `version` prints, without asking git.

use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let profile = told("PROFILE");
    let target = told("TARGET");
    let rustc = rustc().unwrap_or_else(|| "an unknown rustc".to_owned());
    println!("cargo:rustc-env=MINUTEBOOK_BUILD={profile} {target} {rustc}");
}

#[expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script everything through the environment"
)]
fn told(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| format!("unknown-{}", name.to_lowercase()))
}

/// Returns `rustc 1.95.0`.
fn rustc() -> Option<String> {
    let said = Command::new(told("RUSTC")).arg("--version").output().ok()?;
    let said = String::from_utf8(said.stdout).ok()?;
    let words: Vec<&str> = said.split_whitespace().take(2).collect();
    (words.len() == 2).then(|| words.join(" "))
}
