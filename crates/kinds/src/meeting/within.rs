//! What is said of a part of a meeting is said of items and sittings that it had.

use record::{Problem, Token, listed};

use super::{Meeting, Present};

/// Most items that are named of those there are.
const NAMED: usize = 5;

impl Meeting {
    /// An item was taken, and somebody was there, at a sitting that there was.
    pub(super) fn of_no_sitting(&self) -> Option<Problem> {
        let items = self.items.iter().enumerate();
        let taken = items.filter_map(|(index, item)| {
            let place = format!("/items/{index}/sitting");
            Some((place, item.sitting?))
        });
        let present = self.present.iter().flatten().enumerate();
        let attended = present.flat_map(|(index, one)| {
            let sittings = one.sittings.iter().enumerate();
            let place = move |place| format!("/present/{index}/sittings/{place}");
            sittings.map(move |(at, sitting)| (place(at), *sitting))
        });
        let count = u32::try_from(self.sittings.len()).unwrap_or(u32::MAX);
        let (place, _) = taken
            .chain(attended)
            .find(|(_, sitting)| !(1..=count).contains(sitting))?;
        let hint = match count {
            0 => "It has not sat: leave this out.".to_owned(),
            1 => "It sat once: leave this out.".to_owned(),
            count => format!("It sat {count} times: count its sittings from 1, or leave this out."),
        };
        Some(Problem::new(
            &place,
            "The meeting had no such sitting.",
            &hint,
        ))
    }

    /// Somebody came, left, or had an interest, at an item that there was. Minutes that list no items
    /// are kept elsewhere, and theirs may be meant.
    pub(super) fn of_no_item(&self) -> Option<Problem> {
        if self.items.is_empty() {
            return None;
        }
        let interests = self.interests.iter().enumerate();
        let touched = interests.map(|(index, one)| {
            let place = format!("/interests/{index}/item");
            (place, one.item.as_ref())
        });
        let present = || self.present.iter().flatten().enumerate();
        let bounds = present().flat_map(|(index, one)| {
            let place = |field: &str| format!("/present/{index}/{field}");
            [
                (place("from_item"), one.from_item.as_ref()),
                (place("to_item"), one.to_item.as_ref()),
            ]
        });
        let named = touched.chain(bounds);
        let mut named = named.filter_map(|(place, item)| Some((place, item?)));
        if let Some((place, item)) = named.find(|(_, item)| self.place(item).is_none()) {
            let what = format!("The meeting has no item {item}.");
            return Some(Problem::new(&place, what, &self.items_there()));
        }
        let left_before = |(index, one)| Some((index, self.left_before(one)?));
        let (index, (from, to)) = present().find_map(left_before)?;
        Some(Problem::new(
            &format!("/present/{index}/to_item"),
            format!("This person left after item {to}, and came for item {from}, which is later."),
            "Name in from_item the first item that they were there for, and in to_item the last.",
        ))
    }

    fn left_before<'a>(&self, one: &'a Present) -> Option<(&'a Token, &'a Token)> {
        let (from, to) = (one.from_item.as_ref()?, one.to_item.as_ref()?);
        (self.place(to)? < self.place(from)?).then_some((from, to))
    }

    fn place(&self, number: &Token) -> Option<usize> {
        self.items.iter().position(|item| item.number == *number)
    }

    fn items_there(&self) -> String {
        let numbers: Vec<&str> = self.items.iter().map(|item| item.number.as_str()).collect();
        let there = in_words(&numbers);
        format!(
            "It has {there}: name one that is meant, list the item with the others, or leave this out."
        )
    }
}

/// Returns the first few of some items, by their numbers, and how many there are more.
pub(super) fn in_words(numbers: &[&str]) -> String {
    let first = numbers.iter().take(NAMED);
    let mut named: Vec<String> = first.map(|number| (*number).to_owned()).collect();
    let more = numbers.len() - named.len();
    named.extend((more > 0).then(|| format!("{more} more")));
    let noun = match numbers.len() {
        1 => "item",
        _ => "items",
    };
    format!("{noun} {}", listed(&named))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::drafts::{SOUND, hold};
    use crate::meeting::kind;

    const PERSON: &str = "00000000-0000-4000-8000-000000000002";

    /// A meeting of two sittings, and of as many items.
    fn with(items: usize, field: &str, row: Value) -> Value {
        let items = (1..=items).map(|n| json!({"number": n.to_string(), "title": "Interests"}));
        let items: Vec<Value> = items.collect();
        json!({"state": "held", "sittings": [{"on": "2026-09-24"}, {"on": "2026-10-01"}],
            "items": items, (field): [row]})
    }

    #[test]
    fn an_item_is_taken_at_a_sitting_that_there_was() {
        let none = "/body/items/0/sitting: The meeting had no such sitting.";
        let taken = |at: Value| {
            with(
                0,
                "items",
                json!({"number": "1", "title": "AI", "sitting": at}),
            )
        };
        hold(
            &kind(),
            &[
                (taken(Value::Null), SOUND),
                (taken(json!(1)), SOUND),
                (taken(json!(2)), SOUND),
                (taken(json!(0)), none),
                (taken(json!(3)), none),
            ],
        );
    }

    fn there(items: usize, extra: Value) -> Value {
        let mut one = json!({"person": PERSON, "role": "member"});
        for (field, value) in extra.as_object().into_iter().flatten() {
            one[field] = value.clone();
        }
        with(items, "present", one)
    }

    #[test]
    fn somebody_was_there_at_sittings_that_there_were() {
        let none =
            |at: usize| format!("/body/present/0/sittings/{at}: The meeting had no such sitting.");
        let at = |sittings: Value| there(2, json!({"sittings": sittings}));
        hold(
            &kind(),
            &[
                (at(json!([])), SOUND),
                (at(json!([1, 2])), SOUND),
                (at(json!([0])), &none(0)),
                (at(json!([2, 3])), &none(1)),
            ],
        );
    }

    #[test]
    fn somebody_came_and_left_at_items_that_there_were() {
        let none = |field: &str| format!("/body/present/0/{field}: The meeting has no item 9.");
        let before = "/body/present/0/to_item: This person left after item 1, and came for item 2, \
            which is later.";
        let bounds = |from: &str, to: &str| there(2, json!({"from_item": from, "to_item": to}));
        hold(
            &kind(),
            &[
                (bounds("1", "2"), SOUND),
                (bounds("2", "2"), SOUND),
                (bounds("9", "2"), &none("from_item")),
                (bounds("1", "9"), &none("to_item")),
                (bounds("2", "1"), before),
                // The minutes are a file, and the items are its own.
                (there(0, json!({"from_item": "9", "to_item": "8"})), SOUND),
            ],
        );
    }

    #[test]
    fn an_interest_touches_an_item_that_there_was() {
        let none = "/body/interests/0/item: The meeting has no item 01.";
        let touches = |items: usize, item: Value| {
            let row = json!({"person": PERSON, "item": item, "nature": "Holds shares."});
            with(items, "interests", row)
        };
        hold(
            &kind(),
            &[
                (touches(2, json!("1")), SOUND),
                (touches(2, Value::Null), SOUND),
                (touches(0, json!("01")), SOUND),
                (touches(2, json!("01")), none),
            ],
        );
    }

    #[test]
    fn what_items_there_are_is_said_of_the_first_few() {
        let hint = |items: usize| {
            let row = json!({"person": PERSON, "item": "x", "nature": "Holds shares."});
            let mut draft: Value = serde_json::from_str(kind().sample).expect("a sample is JSON");
            for (field, value) in with(items, "interests", row)
                .as_object()
                .into_iter()
                .flatten()
            {
                draft[field] = value.clone();
            }
            let refusal = kind()
                .body
                .check(&draft)
                .expect_err("there is no such item");
            refusal.hint.expect("a refusal says what to do next")
        };
        let next = "name one that is meant, list the item with the others, or leave this out.";
        assert_eq!(hint(1), format!("It has item 1: {next}"));
        assert_eq!(hint(2), format!("It has items 1 and 2: {next}"));
        assert_eq!(
            hint(7),
            format!("It has items 1, 2, 3, 4, 5 and 2 more: {next}")
        );
    }
}
