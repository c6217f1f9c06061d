//! The binary `minutebook`.

fn main() {}
