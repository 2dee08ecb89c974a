//! What each figure means (指标口径): what counts, from which events, by which clock, what is left out.
//! The one place where it is said.

use axum::Json;
use httpkit::{Authorised, Refusals, Reply};
use kernel::{caller::CanViewInsight, item::Words};
use serde::Serialize;
use utoipa::ToSchema;

/// A figure that pages show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    Received,
    Accepted,
    Closed,
    Decided,
    Delivered,
    OnTimeRate,
    WithinLawRate,
    OneVisitRate,
    InstantRate,
    CorrectedRate,
    MeanWorkingDays,
    MedianWorkingDays,
    P90WorkingDays,
    Open,
    Overdue,
    RatingMean,
    RatingRate,
}

/// A text in both languages.
#[derive(Debug, Clone, Copy)]
struct Both(&'static str, &'static str);

/// What a figure means, as it is kept.
#[derive(Debug, Clone, Copy)]
pub struct Meaning {
    figure: Figure,
    name: Both,
    counts: Both,
    events: &'static [&'static str],
    clock: Both,
    left_out: Both,
}

/// What a figure means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Definition {
    /// Which figure.
    pub figure: Figure,
    /// Its name.
    pub name: Words,
    /// What is counted.
    pub counts: Words,
    /// From which kinds of events.
    pub events: Vec<String>,
    /// By which time or limit.
    pub clock: Words,
    /// What is not counted.
    pub left_out: Words,
}

const DECISIONS: &[&str] = &["case.granted", "case.denied"];
const ENDS: &[&str] = &[
    "case.granted",
    "case.denied",
    "case.not_accepted",
    "case.not_required",
    "case.lapsed",
    "case.withdrawn",
];
const DAY_OF_EVENT: Both = Both(
    "按事情发生那天（北京时间）计入当天。",
    "Counted on the Beijing day on which it happened.",
);
const DAY_OF_DECISION: Both = Both(
    "按作出决定那天（北京时间）计入当天。",
    "Counted on the Beijing day of the decision.",
);
const DAY_OF_DELIVERY: Both = Both(
    "按结果送达那天（北京时间）计入当天；邮寄的，是回执上签收的那天。",
    "Counted on the Beijing day of delivery; by mail, that of the return receipt.",
);
const WORKING_DAYS: Both = Both(
    "从收件那天到作出决定那天的工作日，按国务院公布的放假调休安排计算；当天办好的算 0 个工作日。",
    "Working days from receipt to decision, by the State Council's holiday notices; the same day is 0.",
);
const ONLY_DECIDED: Both = Both(
    "不予受理、申请人撤回、补正逾期没有补来的件没有作出决定，不算在内。",
    "Cases not accepted, withdrawn or lapsed have no decision and are left out.",
);
const NO_DRAFTS: Both = Both("没有提交的草稿不算。", "Drafts are left out.");

/// Every figure with its meaning.
pub const DEFINITIONS: &[Meaning] = &[
    Meaning {
        figure: Figure::Received,
        name: Both("收件", "Received"),
        counts: Both(
            "收到的申请件数：网上从提交那天算，窗口从收件那天算；一件只算一次。",
            "Applications received: online when submitted, at a window when taken in; each case once.",
        ),
        events: &["case.submitted", "case.received"],
        clock: DAY_OF_EVENT,
        left_out: NO_DRAFTS,
    },
    Meaning {
        figure: Figure::Accepted,
        name: Both("受理", "Accepted"),
        counts: Both(
            "受理的件数，包括即办件自动受理和逾期不答复视为受理（行政许可法第三十二条）。",
            "Cases accepted, those accepted by rule or by silence (Licensing Law art. 32) included.",
        ),
        events: &["case.accepted"],
        clock: Both(
            "按受理日期计入当天：一般就是作出受理的那天；逾期不答复视为受理的，是收齐申请材料的那天。",
            "Counted on the day of acceptance: for cases accepted by silence that of complete receipt.",
        ),
        left_out: Both(
            "不予受理、不需要受理的件不算。",
            "Cases not accepted, and matters that need no acceptance.",
        ),
    },
    Meaning {
        figure: Figure::Closed,
        name: Both("办结", "Closed"),
        counts: Both(
            "办完的件数：作出准予或不予决定的，加上不予受理、不需要受理、撤回、补正逾期的。",
            "Cases that ended: granted, denied, not accepted, not required, withdrawn or lapsed.",
        ),
        events: ENDS,
        clock: DAY_OF_EVENT,
        left_out: Both(
            "结果还没有送到的，作出决定那天就算办结；送达另外统计。",
            "Delivery is counted apart: a case closes with its decision.",
        ),
    },
    Meaning {
        figure: Figure::Decided,
        name: Both("作出决定", "Decided"),
        counts: Both("作出准予或不予决定的件数。", "Cases granted or denied."),
        events: DECISIONS,
        clock: DAY_OF_DECISION,
        left_out: ONLY_DECIDED,
    },
    Meaning {
        figure: Figure::Delivered,
        name: Both("送达", "Delivered"),
        counts: Both(
            "结果已经送到申请人手里的件数：电子送达、窗口领取和邮寄都算。",
            "Results that reached the applicant, electronically, at a window or by mail.",
        ),
        events: &["case.delivered"],
        clock: DAY_OF_DELIVERY,
        left_out: Both(
            "受理通知、补正通知等其他文书的送达不算。",
            "The service of other papers, such as notices of acceptance.",
        ),
    },
    Meaning {
        figure: Figure::OnTimeRate,
        name: Both("按时办结率", "Decided on time"),
        counts: Both(
            "按时作出决定的件数 ÷ 作出决定的件数。",
            "Cases decided on time ÷ cases decided.",
        ),
        events: DECISIONS,
        clock: Both(
            "有承诺时限的看承诺时限，没有的看法定时限；最后一天结束以前作出决定的算按时。两个时限都没有的即办件算按时。",
            "The promised limit, or the legal one where none is promised; in time until the end of the last day. Instant items without either are in time.",
        ),
        left_out: ONLY_DECIDED,
    },
    Meaning {
        figure: Figure::WithinLawRate,
        name: Both("法定时限内办结率", "Decided within the law"),
        counts: Both(
            "在法定时限内作出决定的件数 ÷ 有法定时限并作出决定的件数。",
            "Cases decided within the legal limit ÷ cases decided that have one.",
        ),
        events: &[
            "case.accepted",
            "case.clock_recomputed",
            "case.granted",
            "case.denied",
        ],
        clock: Both(
            "法定时限：按受理时告知的最后一天；放假安排变了的，按重新计算后的那天。",
            "The last day of the legal limit as told at acceptance, or as counted again when the calendar changed.",
        ),
        left_out: Both(
            "法律没有规定时限的件不算在内；听证、专家评审等依法不计入的时间，系统还没有扣除。",
            "Cases without a legal limit. Time that the law does not count, such as hearings, is not deducted.",
        ),
    },
    Meaning {
        figure: Figure::OneVisitRate,
        name: Both("最多跑一次率", "At most one visit"),
        counts: Both(
            "从申请到拿到结果，到窗口不超过一次的件数 ÷ 结果已经送达的件数。窗口申请、窗口交补正材料、窗口领结果各算一次，同一天的算一次。",
            "Cases with at most one day at a window from application to result ÷ results delivered. Applying, handing in corrections and collecting at a window count; what is done on one day is one visit.",
        ),
        events: &[
            "case.received",
            "case.correction_supplied",
            "case.delivered",
        ],
        clock: DAY_OF_DELIVERY,
        left_out: Both(
            "结果还没有送达的件不算；没有在系统里留下记录的咨询不算。",
            "Cases whose result has not arrived, and enquiries that left no record.",
        ),
    },
    Meaning {
        figure: Figure::InstantRate,
        name: Both("即办率", "Instant items"),
        counts: Both(
            "即办件作出决定的件数 ÷ 作出决定的件数。",
            "Cases of instant items decided ÷ cases decided.",
        ),
        events: DECISIONS,
        clock: DAY_OF_DECISION,
        left_out: ONLY_DECIDED,
    },
    Meaning {
        figure: Figure::CorrectedRate,
        name: Both("补正率", "Corrections asked for"),
        counts: Both(
            "要求过补正材料的件数 ÷ 作出决定的件数。一件补正几次都算一件。",
            "Cases in which corrections were asked for ÷ cases decided; each case once.",
        ),
        events: DECISIONS,
        clock: DAY_OF_DECISION,
        left_out: ONLY_DECIDED,
    },
    Meaning {
        figure: Figure::MeanWorkingDays,
        name: Both("平均用时", "Mean time"),
        counts: Both(
            "各件用时相加 ÷ 作出决定的件数。",
            "The working days of all cases ÷ cases decided.",
        ),
        events: DECISIONS,
        clock: WORKING_DAYS,
        left_out: ONLY_DECIDED,
    },
    Meaning {
        figure: Figure::MedianWorkingDays,
        name: Both("一半的件用时", "Half of the cases"),
        counts: Both(
            "一半的件在这么多个工作日以内作出决定（中位数，按 0、1、2、3、5、7、10、15、20、30、60 个工作日分档，取档的上限）。",
            "Half of the decisions came within so many working days (median, by steps of 0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 60; the upper end of the step).",
        ),
        events: DECISIONS,
        clock: WORKING_DAYS,
        left_out: ONLY_DECIDED,
    },
    Meaning {
        figure: Figure::P90WorkingDays,
        name: Both("九成的件用时", "Nine of ten cases"),
        counts: Both(
            "九成的件在这么多个工作日以内作出决定（按 0、1、2、3、5、7、10、15、20、30、60 个工作日分档，取档的上限）。",
            "Nine of ten decisions came within so many working days (by steps of 0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 60; the upper end of the step).",
        ),
        events: DECISIONS,
        clock: WORKING_DAYS,
        left_out: ONLY_DECIDED,
    },
    Meaning {
        figure: Figure::Open,
        name: Both("在办", "Open"),
        counts: Both(
            "收到了、还没有办结的件数。",
            "Cases received and not closed.",
        ),
        events: &[
            "case.submitted",
            "case.received",
            "case.granted",
            "case.denied",
        ],
        clock: Both(
            "现在，和选的日期没有关系。",
            "Now, whatever days are chosen.",
        ),
        left_out: NO_DRAFTS,
    },
    Meaning {
        figure: Figure::Overdue,
        name: Both("超期在办", "Overdue"),
        counts: Both(
            "最后一天已经过了、还没有办结的件数。没有受理的看受理时限，受理以后看承诺时限，没有承诺的看法定时限。",
            "Cases past their last day and not closed: the limit for acceptance before acceptance, then the promised limit, or the legal one where none is promised.",
        ),
        events: &[
            "case.submitted",
            "case.received",
            "case.pre_returned",
            "case.insisted",
            "case.accepted",
            "case.correction_noticed",
            "case.correction_supplied",
            "case.clock_recomputed",
        ],
        clock: Both(
            "选定的最后一天结束时；包括今天的，就是现在。按事项、区县、科室、渠道和大厅列出的，是现在。",
            "At the end of the last day chosen, or now where that is today; in lists by item, agency, organisation, channel and hall, now.",
        ),
        left_out: Both(
            "正在等申请人修改或者补正的件不算超期。",
            "Cases that wait for the applicant's amendments or corrections.",
        ),
    },
    Meaning {
        figure: Figure::RatingMean,
        name: Both("群众评价", "Rating"),
        counts: Both(
            "评价的星数平均，5 星最好，1 星最差；差评也算在内。",
            "The mean of the stars given, 5 best and 1 worst; poor ones count.",
        ),
        events: &["rating.given"],
        clock: Both(
            "按评价那个月。只看已经过完的月份，所选日期里没有的，看最近过完的那个月。",
            "The month of the rating. Only months that are over are told; where the days chosen hold none, the last that is.",
        ),
        left_out: Both(
            "没有评的不算好评；评价不到 10 件的不显示，以免猜到是谁评的；追评不算。",
            "Silence is no praise. Of fewer than 10 ratings nothing is told, so that nobody can guess the rater. Additions do not count.",
        ),
    },
    Meaning {
        figure: Figure::RatingRate,
        name: Both("主动评价率", "Rated"),
        counts: Both(
            "评价的件数 ÷ 同样这些月份办结的件数。",
            "Ratings given ÷ cases closed in the same months.",
        ),
        events: &["rating.given", "case.granted", "case.denied"],
        clock: Both("同“群众评价”。", "As for ratings."),
        left_out: Both(
            "评价不到 10 件的不显示。",
            "Of fewer than 10 ratings nothing is told.",
        ),
    },
];

impl Both {
    fn words(self) -> Words {
        Words {
            zh: self.0.to_owned(),
            en: self.1.to_owned(),
        }
    }
}

impl Meaning {
    fn definition(&self) -> Definition {
        Definition {
            figure: self.figure,
            name: self.name.words(),
            counts: self.counts.words(),
            events: self.events.iter().map(|kind| (*kind).to_owned()).collect(),
            clock: self.clock.words(),
            left_out: self.left_out.words(),
        }
    }
}

/// What each figure means
#[utoipa::path(
    get, path = "/insight/definitions", operation_id = "show_definitions", tag = "insight",
    responses(
        (status = 200, body = [Definition]),
        Refusals,
    )
)]
pub(crate) async fn show_insight_definitions(
    Authorised(_caller): Authorised<CanViewInsight>,
) -> Reply<Json<Vec<Definition>>> {
    Ok(Json(DEFINITIONS.iter().map(Meaning::definition).collect()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};

    use super::*;
    use crate::{figures::Figures, tally::COUNTED};

    #[test]
    fn every_figure_of_the_page_has_its_definition() {
        let Value::Object(figures) = json!(Figures::default()) else {
            unreachable!()
        };
        let shown: BTreeSet<String> = figures
            .into_iter()
            .map(|(name, _)| name)
            .filter(|name| name != "basis")
            .chain(["rating_mean", "rating_rate"].map(ToOwned::to_owned))
            .collect();
        let told = DEFINITIONS.iter().map(|one| json!(one.figure));
        let told: BTreeSet<String> = told.map(|name| name.as_str().unwrap().to_owned()).collect();
        assert_eq!(told, shown);
        assert_eq!(told.len(), DEFINITIONS.len(), "each once");
    }

    #[test]
    fn every_definition_is_whole_in_both_languages_and_names_events_that_count() {
        for one in DEFINITIONS {
            let texts = [one.name, one.counts, one.clock, one.left_out];
            for Both(zh, en) in texts {
                assert!(!zh.is_empty() && !zh.is_ascii(), "{:?}", one.figure);
                assert!(!en.is_empty() && en.is_ascii() || en.contains('÷'), "{en}");
            }
            assert!(!one.events.is_empty());
            for kind in one.events {
                assert!(COUNTED.contains(kind), "{kind}");
            }
        }
    }
}
