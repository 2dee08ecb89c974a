//! The days fixed by law: what is known of a year before its notice is published.
//!
//! Source: 全国年节及纪念日放假办法 art. 2 in its editions of 1999, 2007, 2013 and 2024 (in force on
//! the first day of 2000, 2008, 2014 and 2025). The lunar festivals and 清明 come from the crate
//! `tyme4rs`; for the years of [`LUNAR_YEARS`] its new-year, 端午 and 中秋 dates agree with those
//! of ICU4X.

use std::{collections::BTreeMap, ops::RangeInclusive, sync::OnceLock};

use jiff::civil::date;
use kernel::Date;
use tyme4rs::tyme::{
    lunar::LunarDay,
    solar::{SolarDay, SolarTerm},
};

/// The years for which the lunar festivals are known. Outside them only the festivals with a date
/// of the solar calendar count.
const LUNAR_YEARS: RangeInclusive<i16> = 2000..=2100;
const LUNAR_YEARS_LEN: usize = 101;
/// Where 清明 stands among the solar terms of a year, counted from 冬至.
const QINGMING: isize = 7;

type Festivals = BTreeMap<Date, &'static str>;

/// The festival that makes `day` a day off by law, if one does.
pub(crate) fn festival(day: Date) -> Option<&'static str> {
    static YEARS: [OnceLock<Festivals>; LUNAR_YEARS_LEN] =
        [const { OnceLock::new() }; LUNAR_YEARS_LEN];
    let year = day.year();
    let slot = usize::try_from(year - LUNAR_YEARS.start())
        .ok()
        .and_then(|index| YEARS.get(index));
    match slot {
        Some(slot) => slot.get_or_init(|| festivals(year)).get(&day).copied(),
        None => solar_festivals(year).get(&day).copied(),
    }
}

/// Every day off by law in a year.
pub(crate) fn festivals(year: i16) -> Festivals {
    let mut days = solar_festivals(year);
    if LUNAR_YEARS.contains(&year) {
        days.extend(lunar_festivals(year));
    }
    days
}

fn solar_festivals(year: i16) -> Festivals {
    let labour_days = match year {
        ..=2007 => 3,
        2008..=2024 => 1,
        2025.. => 2,
    };
    let mut days = Festivals::from([(date(year, 1, 1), "元旦")]);
    days.extend((1..=labour_days).map(|day| (date(year, 5, day), "劳动节")));
    days.extend((1..=3).map(|day| (date(year, 10, day), "国庆节")));
    days
}

fn lunar_festivals(year: i16) -> Festivals {
    let mut days = Festivals::new();
    if let Some(new_year) = lunar(year, 1, 1) {
        // Counted from the first day of the first month; -1 is 除夕.
        let offsets = match year {
            ..=2007 | 2014..=2024 => 0..=2,
            2008..=2013 => -1..=1,
            2025.. => -1..=2,
        };
        let off = offsets.filter_map(|offset: i64| {
            new_year
                .checked_add(jiff::Span::new().days(offset))
                .ok()
                .map(|day| (day, "春节"))
        });
        days.extend(off);
    }
    if year >= 2008 {
        let qingming = SolarTerm::from_index(isize::from(year), QINGMING).get_solar_day();
        days.extend(civil(&qingming).map(|day| (day, "清明节")));
        days.extend(lunar(year, 5, 5).map(|day| (day, "端午节")));
        days.extend(lunar(year, 8, 15).map(|day| (day, "中秋节")));
    }
    days
}

fn lunar(year: i16, month: isize, day: usize) -> Option<Date> {
    let day = LunarDay::new(isize::from(year), month, day).ok()?;
    civil(&day.get_solar_day())
}

fn civil(day: &SolarDay) -> Option<Date> {
    let year = i16::try_from(day.get_year()).ok()?;
    let month = i8::try_from(day.get_month()).ok()?;
    let day = i8::try_from(day.get_day()).ok()?;
    Date::new(year, month, day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(year: i16, name: &str) -> Vec<String> {
        festivals(year)
            .iter()
            .filter(|(_, known)| **known == name)
            .map(|(day, _)| day.strftime("%m-%d").to_string())
            .collect()
    }

    #[test]
    fn spring_festival_follows_the_edition_of_the_rule() {
        assert_eq!(dates(2007, "春节"), ["02-18", "02-19", "02-20"]);
        assert_eq!(dates(2013, "春节"), ["02-09", "02-10", "02-11"]);
        assert_eq!(dates(2024, "春节"), ["02-10", "02-11", "02-12"]);
        assert_eq!(dates(2025, "春节"), ["01-28", "01-29", "01-30", "01-31"]);
        assert_eq!(dates(2027, "春节"), ["02-05", "02-06", "02-07", "02-08"]);
    }

    #[test]
    fn labour_day_has_three_one_or_two_days() {
        assert_eq!(dates(2007, "劳动节").len(), 3);
        assert_eq!(dates(2024, "劳动节"), ["05-01"]);
        assert_eq!(dates(2025, "劳动节"), ["05-01", "05-02"]);
    }

    /// Dates of the Hong Kong Observatory's conversion tables.
    #[test]
    fn lunar_festivals_and_qingming_fall_on_the_published_days() {
        for (year, qingming, dragon_boat, mid_autumn) in [
            (2027, "04-05", "06-09", "09-15"),
            (2028, "04-04", "05-28", "10-03"),
            (2029, "04-04", "06-16", "09-22"),
            (2030, "04-05", "06-05", "09-12"),
            (2033, "04-04", "06-01", "09-08"),
        ] {
            assert_eq!(dates(year, "清明节"), [qingming], "{year}");
            assert_eq!(dates(year, "端午节"), [dragon_boat], "{year}");
            assert_eq!(dates(year, "中秋节"), [mid_autumn], "{year}");
        }
    }

    #[test]
    fn a_year_has_as_many_days_off_as_its_rule_says_unless_festivals_meet() {
        for year in 2000..=2100 {
            let wanted = match year {
                ..=2007 => 10,
                2008..=2024 => 11,
                _ => 13,
            };
            // 中秋 may fall into the days of 国庆.
            let found = festivals(year).len();
            assert!(
                found == wanted || found + 1 == wanted,
                "{year}: {found} days"
            );
        }
    }

    #[test]
    fn outside_the_lunar_years_only_solar_festivals_count() {
        assert_eq!(festival(date(2101, 10, 3)), Some("国庆节"));
        assert_eq!(festivals(2101).len(), 6);
        assert_eq!(festivals(-9999).len(), 7);
        assert_eq!(festival(Date::MAX), None);
        assert_eq!(festival(Date::MIN), Some("元旦"));
    }
}
