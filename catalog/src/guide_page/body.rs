//! The pages as HTML.

use kernel::{
    Date,
    item::{
        ApplicantKind, CaseKind, ItemCode, ItemFacts, Material, MaterialSource, Suspension, Words,
    },
    lang::Lang,
};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use qrcode::{QrCode, render::svg};

use crate::shelf::Published;

use super::{
    Site,
    say::{period, say, unknown},
};

/// Side of the code on the page, in CSS pixels; larger than the 2 cm that a telephone needs.
const QR_SIDE: u32 = 132;

fn frame(site: &Site, lang: Lang, title: &str, here: &str, content: &Markup) -> Markup {
    let (other, other_name) = match lang {
        Lang::Zh => (Lang::En, "English"),
        Lang::En => (Lang::Zh, "中文"),
    };
    html! {
        (DOCTYPE)
        html lang=(lang.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " - " (site.bureau.get(lang)) }
                link rel="icon" type="image/svg+xml" href="/favicon.svg";
                link rel="stylesheet" href=(site.style);
                link rel="alternate" hreflang=(other.tag()) href={ (here) "?lang=" (other.tag()) };
            }
            body {
                a.skip href="#main" { (say(lang, "跳到主要内容", "Skip to the content")) }
                header.top {
                    a href="/" { (site.bureau.get(lang)) }
                    nav aria-label=(say(lang, "语言", "Language")) {
                        a href={ (here) "?lang=" (other.tag()) } hreflang=(other.tag()) lang=(other.tag()) { (other_name) }
                    }
                }
                main #main { (content) }
            }
        }
    }
}

pub(super) fn missing(site: &Site, lang: Lang) -> Markup {
    let title = say(lang, "没有这件事的指南", "There is no such guide");
    let content = html! {
        h1 { (title) }
        p { (say(lang, "可能已经停办，或者编码写错了。", "It may be closed, or the code is wrong.")) }
        p { a href="/guide" { (say(lang, "看全部事项", "All services")) } }
    };
    frame(site, lang, title, "/guide", &content)
}

pub(super) fn index(site: &Site, lang: Lang, topics: &[(Words, Vec<(ItemCode, Words)>)]) -> Markup {
    let title = say(lang, "办事指南", "Guides");
    let content = html! {
        h1 { (title) }
        p.lead { (say(lang, "每件事怎么办、要什么、多久有结果。", "How each thing is done, what is needed, and when it is done.")) }
        @for (topic, items) in topics {
            section {
                h2 { (topic.get(lang)) }
                ul.names {
                    @for (code, name) in items {
                        li { a href={ "/guide/" (code) "?lang=" (lang.tag()) } { (name.get(lang)) } }
                    }
                }
            }
        }
    };
    frame(site, lang, title, "/guide", &content)
}

pub(super) fn guide(
    site: &Site,
    lang: Lang,
    origin: &str,
    (published, today): (&Published, Date),
) -> Markup {
    let edition = published.edition.as_ref();
    let facts = &edition.facts;
    let name = facts.name.get(lang);
    let here = format!("/guide/{}", facts.code);
    let address = format!("{origin}{here}?lang={}", lang.tag());
    let content = html! {
        nav.crumb aria-label=(say(lang, "当前位置", "You are here")) {
            a href={ "/guide?lang=" (lang.tag()) } { (say(lang, "办事指南", "Guides")) }
        }
        h1 { (name) }
        @if !facts.summary.get(lang).is_empty() { p.lead { (facts.summary.get(lang)) } }
        @match published.standing.suspension(today) {
            Some(why) => (suspended(lang, &why)),
            None => p.acts { a.button href={ "/items/" (facts.code) "/apply" } { (say(lang, "在线办理", "Apply online")) } },
        }
        (at_a_glance(lang, facts))
        (who(lang, facts))
        (materials(lang, facts))
        (steps(lang, facts))
        (questions(lang, facts))
        (places(lang, facts))
        footer {
            @if !origin.is_empty() { (code_of(lang, &address)) }
            div {
                p { (say(lang, "办这件事的依据：", "Legal basis: ")) (facts.basis.join("；")) }
                p { (edition_line(lang, published)) }
                p { (address) }
            }
        }
    };
    frame(site, lang, name, &here, &content)
}

/// Why no new applications are taken, and until when.
fn suspended(lang: Lang, why: &Suspension) -> Markup {
    let until = why.until.map(|day| match lang {
        Lang::Zh => format!("预计到 {day}。"),
        Lang::En => format!("Expected to last until {day}."),
    });
    html! {
        p.note role="status" {
            strong { (say(lang, "暂停办理", "Suspended")) }
            " " span lang="zh-CN" { (why.reason) } (say(lang, "。", ". "))
            @if let Some(until) = until { (until) " " }
            (say(lang, "已经在办的不受影响。", "Cases that run go on."))
        }
    }
}

fn edition_line(lang: Lang, published: &Published) -> String {
    let edition = published.edition.as_ref();
    let effective = published.standing.effective.map(|day| day.to_string());
    let effective = effective.unwrap_or_default();
    let facts = &edition.facts;
    let codes = [
        facts.code.as_str(),
        facts.catalog_code.as_str(),
        facts.local_code.as_str(),
    ];
    let codes: Vec<&str> = codes.into_iter().filter(|code| !code.is_empty()).collect();
    let codes = codes.join(say(lang, "、", ", "));
    match lang {
        Lang::Zh => format!(
            "第 {} 版，{effective} 起施行。事项编码 {codes}",
            edition.edition
        ),
        Lang::En => format!(
            "Edition {}, in force from {effective}. Codes {codes}",
            edition.edition
        ),
    }
}

fn code_of(lang: Lang, address: &str) -> Markup {
    let drawn = QrCode::new(address.as_bytes()).map(|code| {
        let mut image = code.render::<svg::Color<'_>>();
        image.min_dimensions(QR_SIDE, QR_SIDE).build()
    });
    let label = say(
        lang,
        "扫码在手机上看这份指南",
        "Scan to read this guide on a telephone",
    );
    html! {
        @if let Ok(drawn) = drawn {
            figure.code role="img" aria-label=(label) {
                (PreEscaped(drawn.split_once("?>").map_or(drawn.as_str(), |(_, svg)| svg)))
                figcaption { (label) }
            }
        }
    }
}

fn at_a_glance(lang: Lang, facts: &ItemFacts) -> Markup {
    let promise = match (facts.kind, facts.limits.promised) {
        (CaseKind::Instant, _) => say(lang, "当场有结果", "At once").to_owned(),
        (_, Some(promised)) => period(lang, promised),
        _ => unknown(lang).to_owned(),
    };
    let law = facts.limits.statutory.map_or_else(
        || say(lang, "法律没有规定期限", "No limit in the law").to_owned(),
        |limit| period(lang, limit),
    );
    let fee = facts
        .fee
        .as_ref()
        .map_or_else(|| say(lang, "不收费", "None"), |fee| fee.get(lang));
    let visits = match (lang, facts.visits) {
        (Lang::Zh, 0) => "不用跑腿".to_owned(),
        (Lang::Zh, visits) => format!("最多跑 {visits} 次"),
        (Lang::En, 0) => "None".to_owned(),
        (Lang::En, visits) => format!("At most {visits}"),
    };
    let asked = |one: &&Material| one.source != MaterialSource::Shared && one.required;
    let asked = facts.materials.iter().filter(asked).count();
    let rows = [
        (say(lang, "我们承诺", "We promise"), promise),
        (say(lang, "法律规定", "The law says"), law),
        (say(lang, "费用", "Fee"), fee.to_owned()),
        (say(lang, "跑腿", "Visits"), visits),
        (
            say(lang, "要交的材料", "Papers to bring"),
            match (lang, asked) {
                (_, 0) => say(lang, "不用交", "None").to_owned(),
                (Lang::Zh, asked) => format!("{asked} 份"),
                (Lang::En, asked) => asked.to_string(),
            },
        ),
    ];
    html! { dl.glance { @for (name, value) in rows { div { dt { (name) } dd { (value) } } } } }
}

fn who(lang: Lang, facts: &ItemFacts) -> Markup {
    let names: Vec<&str> = facts
        .applicants
        .iter()
        .map(|kind| match kind {
            ApplicantKind::Person => say(lang, "个人", "Persons"),
            ApplicantKind::Enterprise => say(lang, "单位", "Enterprises"),
        })
        .collect();
    html! {
        section {
            h2 { (say(lang, "谁可以办", "Who may apply")) }
            p { (names.join(say(lang, "、", ", "))) }
            @if facts.conditions.is_empty() { p { (unknown(lang)) } }
            @else { ul { @for one in &facts.conditions { li { (one.get(lang)) } } } }
        }
    }
}

fn materials(lang: Lang, facts: &ItemFacts) -> Markup {
    let ask = |material: &Material| match material.source {
        MaterialSource::Shared => say(lang, "不用交，我们自己查", "Not asked: we look it up"),
        _ if !material.required => say(lang, "可以交", "If you like"),
        _ if material.needed_when.is_some() => say(lang, "有的情况要交", "In some cases"),
        _ => say(lang, "要交", "Bring it"),
    };
    html! {
        section {
            h2 { (say(lang, "材料", "Papers")) }
            @if facts.materials.is_empty() { p { (say(lang, "不用交材料。", "None.")) } }
            @else {
                table {
                    thead { tr { th scope="col" { (say(lang, "材料", "Paper")) } th scope="col" { (say(lang, "要不要交", "Asked?")) } th scope="col" { (say(lang, "怎样算合格", "What makes it right")) } } }
                    tbody { @for one in &facts.materials { tr {
                        th scope="row" { (one.name.get(lang)) }
                        td { (ask(one)) @if one.promise_allowed && one.source != MaterialSource::Shared { (say(lang, "，也可以先写承诺书", ", or a written promise")) } }
                        td { (one.standard.get(lang)) }
                    } } }
                }
            }
        }
    }
}

fn steps(lang: Lang, facts: &ItemFacts) -> Markup {
    html! {
        section {
            h2 { (say(lang, "怎么办", "How it goes")) }
            ol { @for step in &facts.steps { li { b { (step.name.get(lang)) } " " (step.text.get(lang)) } } }
            p { (say(lang, "办好后得到：", "You get: ")) b { (facts.result.name.get(lang)) } }
        }
    }
}

fn questions(lang: Lang, facts: &ItemFacts) -> Markup {
    html! {
        @if !facts.faq.is_empty() {
            section {
                h2 { (say(lang, "常见的疑问", "Questions")) }
                dl { @for one in &facts.faq { dt { (one.q.get(lang)) } dd { (one.a.get(lang)) } } }
            }
        }
    }
}

fn places(lang: Lang, facts: &ItemFacts) -> Markup {
    html! {
        section {
            h2 { (say(lang, "不想在网上办", "Not online")) }
            dl.glance {
                div { dt { (say(lang, "地点", "Where")) } dd { (facts.place.get(lang)) } }
                div { dt { (say(lang, "时间", "Hours")) } dd { (facts.hours.get(lang)) } }
                div { dt { (say(lang, "咨询", "Questions")) } dd { (facts.phone) } }
                div { dt { (say(lang, "投诉", "Complaints")) } dd { (facts.complaint_phone) } }
                div { dt { (say(lang, "行政复议", "Review")) } dd { (facts.review_organ.get(lang)) } }
                div { dt { (say(lang, "行政诉讼", "Court")) } dd { (facts.court.get(lang)) } }
            }
        }
    }
}
