//! The rules as tables: records, and what each rule says of them on which day.

mod given;

mod acceptance;
mod actions;
mod affected;
mod answers;
mod approved_again;
mod before_change;
mod before_start;
mod circulated;
mod conditions;
mod corrected;
mod delegated;
mod documents;
mod evidence;
mod findings;
mod handed_over;
mod intervals;
mod known_then;

mod ledger;
mod lesser;
mod others;
mod owner;
mod owner_post;
mod policy;
mod promises;
mod provenance;
mod quorum;
mod review;
mod review_told;
mod risk;
mod scope;
mod series;
mod silence;
mod sittings;
mod slots;
mod slots_missed;
mod stand_in;
mod stretched;
mod superseded;
mod system;
mod told_late;
mod unclaimed;
mod units;
mod unreviewed;
