//! The questions of the demo city find their items.

use std::{collections::BTreeMap, path::Path};

use kernel::{caller::Actor, item::ItemEdition};
use serde_json::Value;

use super::*;
use crate::{
    pack::{Files, Pack},
    sheets::Sheet,
    shelf::{Published, Shelved},
    standing::Standing,
};

const TODAY: Date = Date::constant(2026, 3, 2);

fn files() -> Files {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs/yunchuan");
    Files::read(&folder).unwrap()
}

/// The whole demo city, as if it had been loaded.
fn finder(pack: Pack) -> Finder {
    let mut shelf = Shelf::default();
    for item in pack.items {
        let code = item.facts.code.clone();
        let edition = ItemEdition {
            facts: item.facts,
            edition: 1,
            digest: String::new(),
            form: Value::Null,
            calculators: BTreeMap::new(),
            flow: item.flow,
            rules: item.rules,
        };
        let published = Published {
            edition: Arc::new(edition),
            form_view: Arc::new(Value::Null),
            standing: Standing::draft(Actor::System("pack".to_owned())).published(TODAY),
        };
        let shelved = Shelved {
            version: 1,
            editions: BTreeMap::from([(1, Arc::new(published))]),
        };
        shelf.0.insert(code, Arc::new(shelved));
    }
    let sheet = |content| Sheet {
        version: 1,
        digest: String::new(),
        content,
    };
    let sheets = pack.sheets.into_iter();
    let sheets = sheets.map(|(name, content)| (name, sheet(content)));
    Finder::build(Arc::new(shelf), Arc::new(Sheets(sheets.collect())), TODAY).unwrap()
}

/// The codes of the items that fit, the best first.
fn items(finder: &Finder, question: &str) -> Vec<String> {
    let found = finder.find(question, 60).unwrap();
    let codes = found.into_iter().filter_map(|(found, _)| match found {
        Found::Item(code) => Some(code.to_string()),
        _ => None,
    });
    codes.collect()
}

/// The share of questions of one half whose item is among the first three.
fn share(finder: &Finder, questions: &str, half: &str) -> f64 {
    let (mut all, mut found) = (0.0, 0.0);
    for line in questions.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [own, question, right] = cells.as_slice() else {
            panic!("{line}");
        };
        if *own != half {
            continue;
        }
        all += 1.0;
        let first = items(finder, question);
        let mut first = first.iter().take(3);
        if first.any(|code| right.split(';').any(|one| one == code)) {
            found += 1.0;
        }
    }
    assert!(all > 150.0, "too few questions in {half}");
    found / all
}

#[test]
fn nine_of_ten_questions_that_nobody_looked_at_find_their_item_among_the_first_three() {
    let files = files();
    let finder = finder(Pack::check(&files).ok().unwrap());
    let questions = files.get("search/questions.tsv").unwrap();
    let (hold, tune) = (
        share(&finder, questions, "hold"),
        share(&finder, questions, "tune"),
    );
    assert!(hold >= 0.9 && tune >= 0.9, "hold {hold:.3}, tune {tune:.3}");
}

#[test]
fn one_matter_is_found_in_every_way_of_asking() {
    let finder = finder(Pack::check(&files()).ok().unwrap());
    for question in [
        "失业保险金申领",
        "失业金",
        "丢了工作每个月能领钱吗",
        "shiyejin",
        "shi ye jin",
        "失业jin",
        "sybxj",
        "湿业金",
        "shiyejing",
        "siyejin",
        "shieyjin",
        "unemployment benefit",
        "unemploymnet benefit",
        "SB-084",
    ] {
        let found = items(&finder, question);
        let first: Vec<&String> = found.iter().take(3).collect();
        assert!(
            first.iter().any(|code| *code == "SB-084"),
            "{question}: {first:?}"
        );
    }
    assert!(items(&finder, "。？！").is_empty());
}

#[test]
fn answers_life_events_and_halls_are_found_too() {
    let finder = finder(Pack::check(&files()).ok().unwrap());
    let kinds = |question: &str| -> Vec<&'static str> {
        let found = finder.find(question, 60).unwrap();
        let kinds = found.into_iter().map(|(found, _)| match found {
            Found::Item(_) => "item",
            Found::Answer(..) => "answer",
            Found::LifeEvent(_) => "life event",
            Found::Hall(_) => "hall",
            Found::Elsewhere(_) => "elsewhere",
            Found::Page(_) => "page",
        });
        kinds.collect()
    };
    assert!(
        kinds("公积金怎么提取")
            .iter()
            .take(3)
            .any(|kind| *kind == "elsewhere")
    );
    for question in ["服务大厅几点下班", "星期天开门吗", "周六上不上班"] {
        assert_eq!(kinds(question).first(), Some(&"hall"), "{question}");
    }
    for question in [
        "我的申请到哪一步了",
        "退休年龄算一下",
        "怎么预约办事",
        "人工客服",
        "12333",
    ] {
        let first = kinds(question);
        assert!(
            first.iter().take(3).any(|kind| *kind == "page"),
            "{question}: {first:?}"
        );
    }
    assert!(
        kinds("没了工作")
            .iter()
            .take(5)
            .any(|kind| *kind == "life event")
    );
    assert!(
        kinds("自己辞职的能领吗")
            .iter()
            .take(3)
            .any(|kind| *kind == "answer")
    );
}

#[test]
fn how_strangers_put_it_leads_to_their_item() {
    let finder = finder(Pack::check(&files()).ok().unwrap());
    for (question, wanted) in [
        ("我想看看我交了几年社保", "SB-030"),
        ("怀孕了公司要辞退我", "LD-018"),
        ("老外来我们公司上班要办什么", "RS-027"),
        ("送外卖摔了能赔吗", "SB-062"),
        ("老汉儿走了退休金咋个办", "SB-047"),
        ("年假不让休", "JC-001"),
        ("社宝卡补办", "SK-012"),
    ] {
        let found = items(&finder, question);
        let first: Vec<&String> = found.iter().take(3).collect();
        assert!(
            first.iter().any(|code| *code == wanted),
            "{question}: {first:?}"
        );
    }
}
