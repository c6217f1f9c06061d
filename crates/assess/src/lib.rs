//! Records and rules in; timelines, findings and the five answers out.
