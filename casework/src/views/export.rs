//! The list of cases as a spreadsheet (导出): row by row, masked as the page shows them.
//!
//! Who takes a list out of the house, by which filter and how many rows is written down: once before
//! the first row leaves, and once when the last one has, or the reader went away.

use std::io;

use axum::{
    body::{Body, Bytes},
    extract::State as Context,
    http::Response,
};
use futures_util::stream;
use httpkit::{Authorised, Filter, Patience, Refusals, Reply, send};
use kernel::{
    AppError, Caller, Date, DivisionCode, Lang, OrgPath, Refusal,
    caller::{CanExportCases, Permission as _},
    codes,
    error::Broken,
    ids::{ExportId, Id as _, StaffId},
    item::Words,
    limits,
};
use spreadsheets::{List, ListColumn, MEDIA_TYPE};
use store::{Command, Envelope, Loads, Work, key, page::PageQuery};
use tokio::{sync::mpsc, time::timeout};

use super::{
    case_list::CaseEntry,
    case_query::{CaseApplicant, CaseQuery, ClockColour},
};
use crate::{
    desk::Casework,
    store::{
        export,
        lists::cases::{self, Listed},
    },
};

/// Rows read at once: some hundred kilobytes.
const ROWS_READ: u32 = 1_000;
/// Pieces made before they are asked for.
const PIECES_AHEAD: usize = 2;

/// The list of cases under a filter, as a spreadsheet that begins before it is whole.
#[utoipa::path(get, path = "/workbench/cases/export", tag = "work", params(CaseQuery),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = Vec<u8>), Refusals))]
pub(crate) async fn export_cases(
    Context(desk): Context<Casework>,
    Authorised(caller): Authorised<CanExportCases>,
    Filter(query): Filter<CaseQuery>,
) -> Reply<Response<Body>> {
    let (export, pieces) = begin(desk, &caller, &query).await?;
    let body = stream::unfold(pieces, |mut pieces| async move {
        let piece = pieces.recv().await?;
        Some((piece, pieces))
    });
    let (body, name) = (Body::from_stream(body), format!("cases-{export}.xlsx"));
    Ok(send::download(body, MEDIA_TYPE, &name))
}

/// Pieces of a file on their way.
type Pieces = mpsc::Receiver<io::Result<Bytes>>;

/// Begins an export: it is written down, then its rows come as they are taken.
///
/// # Errors
/// `E1061` for a list that is too long, `E1901` while others export, `E1014` for a faulty filter.
pub(crate) async fn begin(
    desk: Casework,
    caller: &Caller<CanExportCases>,
    query: &CaseQuery,
) -> Result<(ExportId, Pieces), AppError> {
    let staff = caller.staff()?;
    let scope: Vec<OrgPath> = staff.scopes(CanExportCases::NAME).cloned().collect();
    let today = desk.now().day();
    let listed = query.listed(staff, Some(scope), today)?;
    let place = desk.exports.try_take(caller.principal().actor())?;
    let most = limits::EXPORT_ROWS_MAX;
    if cases::is_longer(&desk.kit.store, &listed, most).await? {
        return Err(Refusal::new(&codes::E1061)
            .with("max", most.to_string())
            .into());
    }
    let begun = Begin {
        bureau: staff.bureau,
        staff: staff.staff,
        filter: serde_json::to_string(query).map_err(|fault| Broken::caused("a filter", fault))?,
    };
    let export = desk.kit.run(desk.kit.envelope_of(caller), begun).await?;
    let end = desk.kit.envelope_of(caller);
    let (sender, pieces) = mpsc::channel(PIECES_AHEAD);
    let lang = caller.request().lang;
    tokio::spawn(async move {
        let mut rows = 0;
        let written = write(&desk, &listed, (today, lang), &sender, &mut rows);
        let outcome = match timeout(Patience::EXPORT.whole, written).await {
            Ok(Ok(true)) => Outcome::Done,
            Ok(Ok(false)) | Err(_) => Outcome::BrokenOff,
            Ok(Err(error)) => {
                tracing::error!(?error, "an export failed");
                Outcome::Failed
            }
        };
        if outcome != Outcome::Done {
            // A file that ends early must not look whole.
            drop(sender.try_send(Err(io::Error::other("the export ended early"))));
        }
        drop(place);
        end_of(&desk, listed.bureau, export, outcome, rows, end).await;
    });
    Ok((export, pieces))
}

async fn end_of(
    desk: &Casework,
    bureau: DivisionCode,
    export: ExportId,
    outcome: Outcome,
    rows: i64,
    envelope: Envelope,
) {
    let now = desk.now();
    let end = End {
        bureau,
        export,
        outcome,
        rows,
    };
    let envelope = Envelope { now, ..envelope };
    if let Err(error) = desk.kit.run(envelope, end).await {
        tracing::error!(?error, "the end of an export was not written down");
    }
}

/// Writes all rows, as long as they are taken; whether all were.
async fn write(
    desk: &Casework,
    listed: &Listed,
    (today, lang): (Date, Lang),
    sender: &mpsc::Sender<io::Result<Bytes>>,
    rows: &mut i64,
) -> Result<bool, AppError> {
    let broken = |fault: io::Error| AppError::from(Broken::caused("write a spreadsheet", fault));
    let send = async |piece: Vec<u8>| {
        let sent = timeout(Patience::EXPORT.piece, sender.send(Ok(piece.into()))).await;
        matches!(sent, Ok(Ok(())))
    };
    let (name, columns) = headings(lang);
    let mut list = List::begin(name, &columns).map_err(broken)?;
    let mut page = PageQuery::default();
    loop {
        let found = cases::rows_of(&desk.kit.store, listed, &page, ROWS_READ).await?;
        for row in found.page.rows {
            if u64::try_from(*rows).unwrap_or(u64::MAX) >= limits::EXPORT_ROWS_MAX {
                break;
            }
            *rows += 1;
            let row = desk.entry(row, today);
            list.row(&cells(&row, lang)).map_err(broken)?;
        }
        if let Some(piece) = list.piece()
            && !send(piece).await
        {
            return Ok(false);
        }
        // Who went away is noticed also while nothing is found.
        if sender.is_closed() {
            return Ok(false);
        }
        page.cursor = found.page.next;
        if page.cursor.is_none() {
            break;
        }
    }
    if !send(list.finish().map_err(broken)?).await {
        return Ok(false);
    }
    // It has left when nothing of it waits here any more.
    let taken = timeout(Patience::EXPORT.piece, sender.reserve_many(PIECES_AHEAD)).await;
    Ok(matches!(taken, Ok(Ok(_))))
}

/// The name of the sheet, and its columns.
fn headings(lang: Lang) -> (&'static str, [ListColumn; 13]) {
    let column = |zh: &'static str, en: &'static str, letters| ListColumn {
        heading: match lang {
            Lang::Zh => zh,
            Lang::En => en,
        },
        letters,
    };
    let name = match lang {
        Lang::Zh => "办件清单",
        Lang::En => "Cases",
    };
    let columns = [
        column("办件编号", "Case number", 26),
        column("事项编码", "Item code", 10),
        column("事项", "Item", 28),
        column("申请人", "Applicant", 16),
        column("证件号后四位", "Last four of the number", 14),
        column("申请人类型", "Kind of applicant", 12),
        column("来源", "Channel", 8),
        column("承办机构", "Organisation", 24),
        column("状态", "State", 12),
        column("收件时间", "Received", 18),
        column("受理日期", "Accepted on", 12),
        column("决定日期", "Decided on", 12),
        column("最晚办结", "Result by", 12),
    ];
    (name, columns)
}

fn cells(row: &CaseEntry, lang: Lang) -> [String; 13] {
    let pick = |words: &Words| match lang {
        Lang::En if !words.en.is_empty() => words.en.clone(),
        _ => words.zh.clone(),
    };
    let of = |zh: &str, en: &str| match lang {
        Lang::Zh => zh.to_owned(),
        Lang::En => en.to_owned(),
    };
    let received = row.received_at.beijing();
    let text = |day: &Option<String>| day.clone().unwrap_or_default();
    // A limit that does not press is no day to go by.
    let expected = match row.clock {
        Some(ClockColour::None) => String::new(),
        _ => text(&row.expected_on),
    };
    [
        row.case_no.clone().unwrap_or_default(),
        row.item.clone(),
        pick(&row.name),
        row.applicant_masked.clone(),
        row.number_tail.clone(),
        match row.applicant {
            CaseApplicant::Person => of("个人", "person"),
            CaseApplicant::Enterprise => of("单位", "enterprise"),
        },
        match row.channel.as_str() {
            "window" => of("窗口", "window"),
            "online" => of("网上", "online"),
            other => other.to_owned(),
        },
        pick(&row.org_name),
        pick(&row.state_name),
        received.strftime("%Y-%m-%d %H:%M").to_string(),
        text(&row.accepted_on),
        text(&row.decided_on),
        expected,
    ]
}

/// How an export ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Done,
    /// Its reader went away, or took too long.
    BrokenOff,
    Failed,
}

impl Outcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::BrokenOff => "broken_off",
            Self::Failed => "failed",
        }
    }
}

/// Writes down who begins to take which list.
struct Begin {
    bureau: DivisionCode,
    staff: StaffId,
    filter: String,
}

impl Command for Begin {
    type Out = ExportId;
    const NAME: &'static str = "case_list.export";

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.staff.to_string()
    }

    fn lane(&self) -> u64 {
        self.staff.uuid().as_u64_pair().1
    }

    fn declare(&self, _loads: &mut Loads<'_>) {}

    fn decide(&self, work: &mut Work<'_>) -> Result<ExportId, AppError> {
        let export: ExportId = work.id();
        let at_us = work.now().as_micros();
        work.append(export::Model {
            bureau: self.bureau.to_string(),
            export_id: export.uuid(),
            staff_id: self.staff.uuid(),
            filter: self.filter.clone(),
            outcome: "running".to_owned(),
            row_count: 0,
            at_us,
            ended_us: None,
        });
        Ok(export)
    }
}

/// Writes down how it ended, and how many rows left.
struct End {
    bureau: DivisionCode,
    export: ExportId,
    outcome: Outcome,
    rows: i64,
}

impl Command for End {
    type Out = ();
    const NAME: &'static str = "case_list.export_end";

    fn outcome(&self) -> &'static str {
        self.outcome.as_str()
    }

    fn bureau(&self) -> DivisionCode {
        self.bureau
    }

    fn subject(&self) -> String {
        self.export.to_string()
    }

    fn lane(&self) -> u64 {
        self.export.uuid().as_u64_pair().1
    }

    fn declare(&self, loads: &mut Loads<'_>) {
        loads.row::<export::Model>(key!(self.bureau, self.export.uuid()));
    }

    fn decide(&self, work: &mut Work<'_>) -> Result<(), AppError> {
        let row = work.require::<export::Model>(&key!(self.bureau, self.export.uuid()))?;
        let ended = export::Model {
            outcome: self.outcome.as_str().to_owned(),
            row_count: self.rows,
            ended_us: Some(work.now().as_micros()),
            ..row.clone()
        };
        work.put(ended)
    }
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;

    use super::*;
    use crate::state::State;

    #[test]
    fn a_row_stands_under_its_headings_as_the_page_shows_it() {
        let words = |zh: &str, en: &str| Words {
            zh: zh.to_owned(),
            en: en.to_owned(),
        };
        let row = CaseEntry {
            case_id: kernel::ids::CaseId::from_uuid(uuid::Uuid::from_u128(1)),
            case_no: Some("180100SB084202603020001".to_owned()),
            item: "SB-084".to_owned(),
            name: words("失业保险金申领", "Unemployment benefit"),
            state: State::Correcting,
            state_name: State::Correcting.words(),
            applicant_masked: "王*兰".to_owned(),
            number_tail: "0020".to_owned(),
            applicant: CaseApplicant::Person,
            channel: "window".to_owned(),
            org: "180100/hall".to_owned(),
            org_name: words("综合服务大厅", ""),
            // Nine in the morning in Beijing.
            received_at: Timestamp::from_micros(1_772_413_200_000_000),
            accepted_on: None,
            decided_on: None,
            expected_on: Some("2026-03-05".to_owned()),
            provisional: false,
            due_on: None,
            clock: Some(ClockColour::None),
        };
        let of = |lang| {
            let (_, columns) = headings(lang);
            let cells = cells(&row, lang).into_iter();
            let named = columns.iter().map(|column| column.heading).zip(cells);
            named.collect::<Vec<(&str, String)>>()
        };
        let zh = of(Lang::Zh);
        for (heading, cell) in [
            ("办件编号", "180100SB084202603020001"),
            ("申请人", "王*兰"),
            ("证件号后四位", "0020"),
            ("来源", "窗口"),
            ("承办机构", "综合服务大厅"),
            ("状态", "待补正"),
            ("收件时间", "2026-03-02 09:00"),
            ("最晚办结", ""),
        ] {
            assert!(
                zh.contains(&(heading, cell.to_owned())),
                "{heading}: {zh:?}"
            );
        }
        let en = of(Lang::En);
        assert!(
            en.contains(&("Organisation", "综合服务大厅".to_owned())),
            "{en:?}"
        );
        assert!(
            en.contains(&("Kind of applicant", "person".to_owned())),
            "{en:?}"
        );
    }
}
