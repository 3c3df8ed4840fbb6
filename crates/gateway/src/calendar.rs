//! The two date formats of the platform, written from milliseconds since the Unix epoch.
//!
//! A date library would be the largest dependency of this crate for forty lines of use.

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Common log format in UTC, as in `requestContext.requestTime`: `19/Feb/2024:07:11:42 +0000`.
#[must_use]
pub(crate) fn common_log(ms: u64) -> String {
    let date = Date::from_ms(ms);
    let month = usize::try_from(date.month - 1)
        .ok()
        .and_then(|month| MONTHS.get(month))
        .unwrap_or(&"");
    format!(
        "{:02}/{month}/{:04}:{:02}:{:02}:{:02} +0000",
        date.day, date.year, date.hour, date.minute, date.second
    )
}

/// ISO 8601 in UTC with milliseconds, as in `GetConnection`: `2020-11-15T12:23:14.726Z`.
#[must_use]
pub(crate) fn iso(ms: u64) -> String {
    let date = Date::from_ms(ms);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        date.year,
        date.month,
        date.day,
        date.hour,
        date.minute,
        date.second,
        ms % 1000
    )
}

/// The time of a signed request, `20150830T123600Z`, in ms.
pub(crate) fn basic_ms(text: &str) -> Option<u64> {
    let valid = |(at, byte): (usize, u8)| match at {
        8 => byte == b'T',
        15 => byte == b'Z',
        _ => byte.is_ascii_digit(),
    };
    if text.len() != 16 || !text.bytes().enumerate().all(valid) {
        return None;
    }
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u64>().ok();
    let (year, month, day) = (number(0, 4)?, number(4, 6)?, number(6, 8)?);
    let (hour, minute, second) = (number(9, 11)?, number(11, 13)?, number(13, 15)?);
    if year < 1970 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // `days_from_civil`, the inverse of the above.
    let shifted_year = year - u64::from(month <= 2);
    let (era, year_of_era) = (shifted_year / 400, shifted_year % 400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let days = (era * 146_097 + day_of_era).checked_sub(719_468)?;
    Some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1000)
}

struct Date {
    year: u64,
    month: u64,
    day: u64,
    hour: u64,
    minute: u64,
    second: u64,
}

impl Date {
    /// Days to civil date after Howard Hinnant's `civil_from_days`, for days after 1970.
    fn from_ms(ms: u64) -> Self {
        let seconds = ms / 1000;
        let shifted = seconds / 86_400 + 719_468;
        let era = shifted / 146_097;
        let day_of_era = shifted % 146_097;
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let month = if shifted_month < 10 {
            shifted_month + 3
        } else {
            shifted_month - 9
        };
        Self {
            year: year_of_era + era * 400 + u64::from(month <= 2),
            month,
            day: day_of_year - (153 * shifted_month + 2) / 5 + 1,
            hour: seconds / 3600 % 24,
            minute: seconds / 60 % 60,
            second: seconds % 60,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{basic_ms, common_log, iso};

    #[test]
    fn reads_the_times_that_it_writes() {
        for ms in [
            0,
            951_782_400_000,
            1_440_938_160_000,
            1_708_326_702_000,
            4_102_444_799_000,
        ] {
            let basic: String = iso(ms)
                .chars()
                .filter(|sign| !"-:".contains(*sign))
                .collect();
            let basic = basic.replace(".000", "");
            assert_eq!(basic_ms(&basic), Some(ms), "{basic}");
        }
        for text in [
            "",
            "20150830T123600",
            "2015083012360000",
            "20151330T123600Z",
            "2015-08-30T12Z",
        ] {
            assert_eq!(basic_ms(text), None, "{text}");
        }
    }

    #[test]
    fn writes_the_times_that_were_recorded_on_the_platform() {
        assert_eq!(common_log(1_708_326_702_790), "19/Feb/2024:07:11:42 +0000");
        assert_eq!(common_log(1_731_332_746_514), "11/Nov/2024:13:45:46 +0000");
        assert_eq!(iso(1_605_442_994_726), "2020-11-15T12:23:14.726Z");
        assert_eq!(iso(951_782_400_000), "2000-02-29T00:00:00.000Z");
    }
}
