//! The words of the plain pages.

use kernel::{
    item::{Period, PeriodUnit, Words},
    lang::Lang,
};

/// One of two.
pub(super) const fn say(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// Items without a topic.
pub(super) fn others() -> Words {
    Words {
        zh: "其他".to_owned(),
        en: "Others".to_owned(),
    }
}

/// What a general item does not say yet.
pub(super) const fn unknown(lang: Lang) -> &'static str {
    say(
        lang,
        "以窗口公布为准，打 12333 可以问。",
        "See what the window publishes, or call 12333.",
    )
}

/// A length of time in words.
pub(super) fn period(lang: Lang, period: Period) -> String {
    let Period { n, unit } = period;
    let (zh, one, many) = match unit {
        PeriodUnit::WorkingDays => ("个工作日", "working day", "working days"),
        PeriodUnit::CalendarDays => ("天", "day", "days"),
        PeriodUnit::Months => ("个月", "month", "months"),
    };
    match lang {
        Lang::Zh => format!("{n} {zh}"),
        Lang::En if n == 1 => format!("1 {one}"),
        Lang::En => format!("{n} {many}"),
    }
}
