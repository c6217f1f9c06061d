//! What is said of how a version was adopted: why a resolution adopted nothing.

use record::approve::{self, Approval, Approver};
use record::{Day, Event, Version};

use crate::at::id;
use crate::status::Base;

impl Base<'_> {
    /// Says why what a body resolved adopted nothing, in the words that follow the resolution.
    pub fn adopted_nothing(&self, act: &Approval) -> String {
        let because = act.because.as_deref().unwrap_or_default();
        let why = match self.minutes_corrected(act) {
            Some((on, true)) => format!(
                "was passed at a meeting that was withdrawn on {} as entered in error,",
                on.in_words()
            ),
            Some((on, false)) => format!(
                "was passed at a meeting whose minutes, as corrected on {}, show no quorum,",
                on.in_words()
            ),
            None => approve::why(because).to_owned(),
        };
        format!("{why} and adopted nothing")
    }

    /// Returns the day on which the meeting was recorded otherwise at which a body resolved what
    /// stopped counting then, and whether nothing of it was left.
    fn minutes_corrected(&self, act: &Approval) -> Option<(Day, bool)> {
        let Approver::Body { resolution, .. } = act.by else {
            return None;
        };
        let records = self.q.records;
        let meeting = id(records.cited(resolution)?.body(), "/meeting/id")?;
        let versions = &records.get(meeting)?.versions;
        let entries = versions
            .iter()
            .flat_map(|version| [Some(&version.put), version.withdrawn.as_deref()]);
        let tells = |event: &&Event| event.facts.acts.contains(act);
        let last = entries
            .flatten()
            .filter(tells)
            .max_by_key(|event| event.seq);
        let last = last?;
        let stood = |version: &Version| {
            let withdrawn = version.withdrawn.as_ref();
            version.put.seq <= last.seq && withdrawn.is_none_or(|event| last.seq < event.seq)
        };
        Some((last.recorded_on, !versions.iter().any(stood)))
    }
}
