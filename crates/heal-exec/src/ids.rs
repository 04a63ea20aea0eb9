use heal_model::Time;

/// Crockford's base 32: no letter that is taken for a digit, and in order of their bytes.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 10;

/// The id of an operation that begins now: the time, as in a ULID, but later than the operation before it however
/// the clock was set meanwhile. The lock makes it the only one.
pub(crate) fn after(previous: Option<&str>, now: Time) -> String {
    let now = u64::try_from(now.0).unwrap_or(0);
    let least = previous.and_then(number).map_or(0, |previous| previous + 1);
    text(now.max(least))
}

/// When an operation began, if this is the id of one.
pub(crate) fn time(id: &str) -> Option<Time> {
    i64::try_from(number(id)?).ok().map(Time)
}

/// A number that nobody knows beforehand.
pub(crate) fn tag() -> u64 {
    use std::hash::{BuildHasher as _, Hasher as _, RandomState};
    RandomState::new().build_hasher().finish()
}

fn text(number: u64) -> String {
    let digit = |place: usize| char::from(DIGITS[(number >> (5 * place) & 31) as usize]);
    (0..LENGTH).rev().map(digit).collect()
}

fn number(id: &str) -> Option<u64> {
    if id.len() != LENGTH {
        return None;
    }
    id.bytes().try_fold(0, |number, byte| {
        let digit = DIGITS.iter().position(|digit| *digit == byte)?;
        Some(number << 5 | digit as u64)
    })
}

#[cfg(test)]
mod tests {
    use heal_model::Time;

    use super::{after, time};

    #[test]
    fn ids_only_grow() {
        let first = after(None, Time(1_790_000_000_000));
        assert_eq!(first, "01m3250v00");
        assert_eq!(time(&first), Some(Time(1_790_000_000_000)));
        let later = after(Some(&first), Time(1_790_000_000_005));
        let set_back = after(Some(&later), Time(5));
        assert!(first < later && later < set_back, "{first} {later} {set_back}");
        assert_eq!(time(&set_back), Some(Time(1_790_000_000_006)));
        assert_eq!((time("../../etc"), time("01M3250V00")), (None, None));
    }
}
