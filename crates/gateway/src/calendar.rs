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
    use super::{common_log, iso};

    #[test]
    fn writes_the_times_that_were_recorded_on_the_platform() {
        assert_eq!(common_log(1_708_326_702_790), "19/Feb/2024:07:11:42 +0000");
        assert_eq!(common_log(1_731_332_746_514), "11/Nov/2024:13:45:46 +0000");
        assert_eq!(iso(1_605_442_994_726), "2020-11-15T12:23:14.726Z");
        assert_eq!(iso(951_782_400_000), "2000-02-29T00:00:00.000Z");
    }
}
