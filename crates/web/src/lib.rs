//! Pages and HTTP. No rules.
