//! Which records name a person: where nobody is once that person was entered in error.

use uuid::Uuid;

use crate::dated::places;
use crate::records::{Record, Records};
use crate::spec::{KindSpec, Registry};

/// Returns the records, of those at hand, of which a version that stands names a person.
pub fn naming<'a>(
    records: &'a Records,
    registry: &'a Registry,
    person: Uuid,
) -> impl Iterator<Item = &'a Record> {
    let of_person = |name: &&str| registry.get(name).is_some_and(|kind| kind.is_a_person);
    let names = move |record: &Record, kind: &KindSpec| {
        let fields = kind.cites.iter();
        let mut fields = fields.filter(|(_, kinds)| kinds.iter().any(of_person));
        fields.any(|(pointer, _)| {
            record.standing().any(|version| {
                let found = places(version.body(), pointer);
                found.iter().any(|(_, value)| {
                    let id = value.as_str().and_then(|id| Uuid::try_parse(id).ok());
                    id == Some(person)
                })
            })
        })
    };
    registry.iter().flat_map(move |kind| {
        let records = records.of_kind(kind.name);
        records.filter(move |record| names(record, kind))
    })
}
