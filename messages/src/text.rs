//! The words of messages: templates with places, filled when somebody reads.

use std::collections::BTreeMap;

use kernel::{Date, DivisionCode, Lang, ids::RosterId, item::Words};
use serde::{Deserialize, Serialize};

/// The events citizens hear about; each has a template of this name. Those of the other party are told
/// to it, the others to the applicant.
pub const TOLD: [&str; 20] = [
    "case.submitted",
    "case.pre_returned",
    "case.received",
    "case.accepted",
    "case.not_accepted",
    "case.not_required",
    "case.correction_noticed",
    "case.clock_recomputed",
    "case.lapsed",
    "case.granted",
    "case.denied",
    "case.ready",
    "case.delivered",
    "case.withdrawn",
    "case.other_party_notified",
    "case.other_party_decided",
    "case.other_party_released",
    "rating.invited",
    "roster.checked",
    "roster.finished",
];

/// The events that are told to the other party of a case alone.
pub(crate) const TO_OTHER_PARTY: &str = "case.other_party_";

/// What may stand in braces in a template.
const PLACES: [&str; 8] = [
    "item", "case_no", "date", "limit", "bureau", "reason", "count", "failed",
];

/// Reasons are personal and stay in the notice: the message points there.
const REASON: (&str, &str) = ("见通知书", "see the notice");
/// Where an event carries no date.
const NO_DATE: (&str, &str) = ("规定时限", "the time limit");

/// Behind a day that was counted without the holiday notice of its year.
const PROVISIONAL: (&str, &str) = ("（暂定）", " (provisional)");

/// The words for one kind of event. An empty `sms` means that no short message is sent.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// The kind of event.
    pub id: String,
    /// Title in the message box.
    pub title: Words,
    /// Text in the message box.
    pub body: Words,
    /// Short message.
    pub sms: Words,
}

/// Everything wrong with a set of templates, one line each.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct TextFaults(pub Vec<String>);

/// The texts of a city.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    templates: BTreeMap<String, Template>,
    bureaus: BTreeMap<DivisionCode, Words>,
}

/// The values of one message: references and non-personal values only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Places {
    pub item: Words,
    pub case_no: Option<String>,
    pub date: Option<Date>,
    /// Whether the date may still move.
    #[serde(default)]
    pub provisional: bool,
    /// The kind of the clock whose date it is, where the words depend on it.
    #[serde(default)]
    pub limit: Option<String>,
    /// How many people it is about.
    #[serde(default)]
    pub count: Option<u32>,
    /// How many of them could not be submitted.
    #[serde(default)]
    pub failed: Option<u32>,
    /// The roster it is about.
    #[serde(default)]
    pub roster: Option<RosterId>,
}

/// Which text of a template.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Part {
    Title,
    Body,
    Sms,
}

impl Texts {
    /// Takes the templates and the names of the agencies.
    ///
    /// # Errors
    /// All faults: a missing template, one given twice, a place that nothing fills.
    pub fn new(
        templates: Vec<Template>,
        bureaus: BTreeMap<DivisionCode, Words>,
    ) -> Result<Self, TextFaults> {
        let mut faults = Vec::new();
        let mut by_id = BTreeMap::new();
        for template in templates {
            for words in [&template.title, &template.body, &template.sms] {
                for text in [&words.zh, &words.en] {
                    let unknown = places_of(text).filter(|place| !PLACES.contains(place));
                    faults.extend(
                        unknown.map(|place| format!("{}: nothing fills {{{place}}}", template.id)),
                    );
                }
            }
            if let Some(earlier) = by_id.insert(template.id.clone(), template) {
                faults.push(format!("{}: given twice", earlier.id));
            }
        }
        let missing = TOLD.into_iter().filter(|id| !by_id.contains_key(*id));
        faults.extend(missing.map(|id| format!("{id}: no template")));
        if faults.is_empty() {
            Ok(Self {
                templates: by_id,
                bureaus,
            })
        } else {
            Err(TextFaults(faults))
        }
    }

    /// Whether a short message belongs to this kind of event.
    pub(crate) fn has_sms(&self, template: &str) -> bool {
        self.templates
            .get(template)
            .is_some_and(|found| !found.sms.zh.is_empty())
    }

    /// Whether citizens hear about this kind of event.
    pub(crate) fn knows(&self, template: &str) -> bool {
        self.templates.contains_key(template)
    }

    /// The words of a message in a language; empty when the template is gone.
    pub(crate) fn render(
        &self,
        template: &str,
        part: Part,
        bureau: DivisionCode,
        places: &Places,
        lang: Lang,
    ) -> String {
        let Some(template) = self.templates.get(template) else {
            return String::new();
        };
        let words = match part {
            Part::Title => &template.title,
            Part::Body => &template.body,
            Part::Sms => &template.sms,
        };
        let agency = self.bureaus.get(&bureau);
        let date = places.date.map_or_else(
            || pick(NO_DATE, lang).to_owned(),
            |date| {
                let mark = if places.provisional {
                    pick(PROVISIONAL, lang)
                } else {
                    ""
                };
                written(date, lang) + mark
            },
        );
        let count = places.count.unwrap_or_default().to_string();
        let failed = places.failed.filter(|failed| *failed > 0);
        let failed = failed.map_or_else(String::new, |failed| left_over(failed, lang));
        [
            ("{item}", in_lang(&places.item, lang)),
            ("{case_no}", places.case_no.as_deref().unwrap_or_default()),
            ("{date}", &date),
            ("{limit}", pick(limit_words(places.limit.as_deref()), lang)),
            ("{bureau}", agency.map_or("", |words| in_lang(words, lang))),
            ("{reason}", pick(REASON, lang)),
            ("{count}", &count),
            ("{failed}", &failed),
        ]
        .into_iter()
        .fold(in_lang(words, lang).to_owned(), |text, (place, value)| {
            text.replace(place, value)
        })
    }
}

/// A sentence of its own about people of a roster who could not be submitted.
fn left_over(failed: u32, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("另有 {failed} 人没能提交，原因列在名册里。"),
        Lang::En => format!(" {failed} could not be submitted; the roster says why."),
    }
}

/// The words in a language; Chinese where the other is not written yet.
fn in_lang(words: &Words, lang: Lang) -> &str {
    match lang {
        Lang::En if !words.en.is_empty() => &words.en,
        _ => &words.zh,
    }
}

/// What ends on the day of a clock, as the applicant sees it.
fn limit_words(clock: Option<&str>) -> (&'static str, &'static str) {
    match clock {
        Some("correction") => ("补齐材料的最后一天", "the last day to complete your papers"),
        Some("pre_review" | "acceptance") => {
            ("我们最晚答复您的日期", "the day by which you hear from us")
        }
        _ => ("最晚有结果的日期", "the day by which you have the result"),
    }
}

const fn pick((zh, en): (&'static str, &'static str), lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

fn written(date: Date, lang: Lang) -> String {
    let as_said = match lang {
        Lang::Zh => "%Y年%-m月%-d日",
        Lang::En => "%-d %B %Y",
    };
    date.strftime(as_said).to_string()
}

fn places_of(text: &str) -> impl Iterator<Item = &str> {
    text.split('{')
        .skip(1)
        .map(|rest| rest.split('}').next().unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(zh: &str, en: &str) -> Words {
        Words {
            zh: zh.to_owned(),
            en: en.to_owned(),
        }
    }

    fn templates() -> Vec<Template> {
        TOLD.into_iter()
            .map(|id| Template {
                id: id.to_owned(),
                title: words("已受理：{item}", "Accepted: {item}"),
                body: words("{item} {case_no} {date} {reason}", ""),
                sms: words("【{bureau}】{item}", "[{bureau}] {item}"),
            })
            .collect()
    }

    fn places() -> Places {
        Places {
            item: words("失业登记", "Registration"),
            case_no: Some("180100-1".to_owned()),
            date: "2026-03-02".parse().ok(),
            provisional: false,
            limit: None,
            count: None,
            failed: None,
            roster: None,
        }
    }

    #[test]
    fn a_text_is_filled_in_the_readers_language_and_in_chinese_where_english_is_missing() {
        let bureau: DivisionCode = "180100".parse().unwrap();
        let texts =
            Texts::new(templates(), [(bureau, words("市人社局", "Bureau"))].into()).unwrap();
        let say = |part, lang| texts.render("case.accepted", part, bureau, &places(), lang);
        assert_eq!(say(Part::Title, Lang::En), "Accepted: Registration");
        assert_eq!(say(Part::Sms, Lang::Zh), "【市人社局】失业登记");
        assert_eq!(
            say(Part::Body, Lang::Zh),
            "失业登记 180100-1 2026年3月2日 见通知书"
        );
        assert_eq!(
            say(Part::Body, Lang::En),
            "Registration 180100-1 2 March 2026 see the notice"
        );
    }

    #[test]
    fn a_day_that_may_still_move_says_so_and_a_limit_says_what_ends() {
        let bureau: DivisionCode = "180100".parse().unwrap();
        let mut all = templates();
        for template in &mut all {
            template.sms = words("{limit} {date}", "{limit}: {date}");
        }
        let texts = Texts::new(all, BTreeMap::new()).unwrap();
        let places = Places {
            provisional: true,
            limit: Some("correction".to_owned()),
            ..places()
        };
        let say = |lang| texts.render("case.clock_recomputed", Part::Sms, bureau, &places, lang);
        assert_eq!(say(Lang::Zh), "补齐材料的最后一天 2026年3月2日（暂定）");
        assert_eq!(
            say(Lang::En),
            "the last day to complete your papers: 2 March 2026 (provisional)"
        );
    }

    #[test]
    fn an_event_without_a_date_promises_none() {
        let bureau: DivisionCode = "180100".parse().unwrap();
        let texts = Texts::new(templates(), BTreeMap::new()).unwrap();
        let places = Places {
            date: None,
            ..places()
        };
        let text = texts.render("case.submitted", Part::Body, bureau, &places, Lang::Zh);
        assert_eq!(text, "失业登记 180100-1 规定时限 见通知书");
    }

    #[test]
    fn every_fault_of_a_set_of_templates_is_reported_at_once() {
        let mut wrong = templates();
        wrong.pop();
        wrong[0].body.zh = "{name}您好".to_owned();
        wrong.push(wrong[1].clone());
        let faults = Texts::new(wrong, BTreeMap::new()).unwrap_err().0;
        assert_eq!(
            faults,
            [
                "case.submitted: nothing fills {name}",
                "case.pre_returned: given twice",
                "roster.finished: no template"
            ]
        );
    }
}
