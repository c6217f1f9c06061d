//! What was in force at some time of a day. Records give days and not hours: whatever was done on
//! one is held against each of these.

use uuid::Uuid;

use crate::approve::Approver;
use crate::fields::Day;
use crate::records::{Approved, Record, Version};

impl Record {
    /// Returns the stretches by which versions were in force at some time of a day, the last to be
    /// so last: the one with which the day began, and each that was decided on it and took effect.
    /// One that had been decided before and took effect on the day was so from its beginning.
    pub fn approved_on(&self, day: Day) -> impl Iterator<Item = Approved<'_>> {
        let all = self.begun_by(day, |_| true);
        all.filter(move |one| one.last.is_none_or(|last| day <= last))
    }

    /// Returns the versions in force at some time of a day.
    pub fn in_force_on(&self, day: Day) -> impl Iterator<Item = &Version> {
        self.approved_on(day).map(|one| one.version)
    }

    /// Returns the same, and where none was in force when the day began, the one that last was.
    pub fn last_in_force_on(&self, day: Day) -> impl Iterator<Item = &Version> {
        self.begun_by(day, |_| true).map(|one| one.version)
    }

    /// Returns the same without what any version of a resolution approved: nothing is adopted by
    /// what itself brought into force.
    pub(crate) fn last_in_force_without(
        &self,
        day: Day,
        resolution: Uuid,
    ) -> impl Iterator<Item = &Version> {
        let by_another = move |one: &Approved<'_>| {
            let of_it =
                matches!(one.act.by, Approver::Body { resolution: by, .. } if by.id == resolution);
            !of_it
        };
        self.begun_by(day, by_another).map(|one| one.version)
    }

    fn begun_by(
        &self,
        day: Day,
        is_asked: impl Fn(&Approved<'_>) -> bool,
    ) -> impl Iterator<Item = Approved<'_>> {
        let begun = |one: &Approved<'_>| one.from <= day && one.was_ever() && is_asked(one);
        let approved = self.standing().flat_map(Version::approved);
        let (before, mut of_day): (Vec<_>, Vec<_>) = approved
            .filter(begun)
            .partition(|one| one.act.decided_on < day);
        of_day.sort_by_key(Approved::place);
        let before = before.into_iter().max_by_key(Approved::place);
        before.into_iter().chain(of_day)
    }
}

impl Approved<'_> {
    /// Returns whether it ever was in force: what was ended before its first day never took
    /// another's place.
    pub fn was_ever(&self) -> bool {
        self.last.is_none_or(|last| self.from <= last)
    }

    /// Returns its place among others: of what has taken effect the last counts, and of one day the
    /// last to be recorded.
    pub(crate) fn place(&self) -> (Day, u64, Day) {
        (self.since, self.event.seq, self.from)
    }
}
