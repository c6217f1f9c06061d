//! Reads the one way a number is written in every text format here: ASCII decimal, no sign, no
//! leading zeroes.

use std::str::FromStr;

/// Returns the number `text` writes, or nothing when it is written in any other way.
///
/// `u64::from_str` alone would also accept `+1` and `007`, so that two texts meant one number.
pub(crate) fn parse<N: FromStr>(text: &str) -> Option<N> {
    let digits = text.as_bytes();
    let plain = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    if !plain || (digits.len() > 1 && digits[0] == b'0') {
        return None;
    }
    text.parse().ok()
}

/// Appends the one writing of a number.
pub(crate) fn push(bytes: &mut Vec<u8>, mut number: u64) {
    // As many digits as the largest number has; filled from the end.
    let mut digits = [0; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            return bytes.extend_from_slice(&digits[at..]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{parse, push};

    #[test]
    fn a_number_is_written_as_it_is_read() {
        for number in [0, 9, 10, 65_535, 1_774_915_200_000, u64::MAX] {
            let mut bytes = Vec::new();
            push(&mut bytes, number);
            assert_eq!(bytes, number.to_string().as_bytes());
        }
    }

    #[test]
    fn only_the_plain_writing_of_a_number_is_read() {
        let cases: [(&str, Option<u64>); 9] = [
            ("0", Some(0)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("", None),
            ("00", None),
            ("007", None),
            ("+1", None),
            ("-1", None),
            (" 1", None),
        ];
        for (text, number) in cases {
            assert_eq!(parse::<u64>(text), number, "{text:?}");
        }
    }
}
