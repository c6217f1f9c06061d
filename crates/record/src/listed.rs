//! Several things in one sentence, as messages say them.

/// Returns `a`, `a and b`, `a, b and c`; nothing of nothing.
///
/// # Example
/// ```
/// assert_eq!(record::listed(&["scope"]), "scope");
/// assert_eq!(record::listed(&["scope", "policy"]), "scope and policy");
/// assert_eq!(record::listed(&["scope", "policy", "owner"]), "scope, policy and owner");
/// assert_eq!(record::listed::<&str>(&[]), "");
/// ```
pub fn listed<T: AsRef<str>>(things: &[T]) -> String {
    let [before @ .., last] = things else {
        return String::new();
    };
    let last = last.as_ref();
    if before.is_empty() {
        return last.to_owned();
    }
    let before: Vec<&str> = before.iter().map(AsRef::as_ref).collect();
    format!("{} and {last}", before.join(", "))
}
