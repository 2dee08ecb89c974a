//! Calculators: a form, rules, and words for what the rules find. Pure: nothing is stored.
//!
//! The decision `result` of the rules gives a context of plain facts, or null where the answers give
//! no result. The words say which facts are shown, in which order, and how they read.

use std::sync::Arc;

use forms::Form;
use kernel::{
    Date,
    error::FieldFault,
    item::{ItemCode, Words},
};
use rules::{Decisions, EvalFault, Expression};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::sheets::{CALCULATORS, Sheets};

pub(crate) mod words;

/// The decision that every calculator has.
pub(crate) const RESULT: &str = "result";
/// The day on which it is asked, `YYYY-MM-DD`, for conditions of words.
pub(crate) const TODAY: &str = "today";

/// A calculator as a pack writes it and the database keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalculatorText {
    /// Words, and what they belong to.
    pub facts: CalculatorFacts,
    /// The form document (crate `forms`).
    pub form: Value,
    /// DMN XML (crate `rules`).
    pub rules: String,
}

/// What `calculator.toml` says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalculatorFacts {
    /// The name in addresses, equal to the folder: `retirement`.
    pub id: String,
    /// Name.
    pub name: Words,
    /// What it tells, in a sentence or two.
    pub intro: Words,
    /// The law that it follows.
    pub basis: Vec<String>,
    /// Items whose guides lead to it.
    #[serde(default)]
    pub items: Vec<ItemCode>,
    /// The result in one sentence, with places `{fact}` for facts of its lines.
    pub headline: Words,
    /// Other sentences: the first that holds stands in its place.
    #[serde(rename = "headline_if", default, skip_serializing_if = "Vec::is_empty")]
    pub headlines: Vec<ResultNote>,
    /// What is shown of the result.
    #[serde(rename = "line")]
    pub lines: Vec<ResultLine>,
    /// What is said below.
    #[serde(rename = "note", default)]
    pub notes: Vec<ResultNote>,
}

/// One fact of the result as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultLine {
    /// The fact.
    pub fact: String,
    /// How it reads.
    pub kind: FactKind,
    /// What it is called.
    pub label: Words,
    /// What one should know of it.
    #[serde(default)]
    pub note: Option<Words>,
    /// FEEL over the facts and [`TODAY`]; the line stands only where it holds.
    #[serde(default)]
    pub when: Option<String>,
}

/// Something said below the result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultNote {
    /// The words.
    pub text: Words,
    /// FEEL over the facts and [`TODAY`]; it is said only where it holds.
    #[serde(default)]
    pub when: Option<String>,
}

/// How a fact reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    /// A text as it is.
    Text,
    /// A number as it is.
    Number,
    /// A number of months: 9 个月.
    Months,
    /// A number of months as an age: 60 岁 9 个月.
    Age,
    /// A number of months as years and months: 15 年 6 个月.
    Span,
    /// `2029-09`: 2029 年 9 月.
    Month,
    /// `2029-09-30`: 2029 年 9 月 30 日.
    Day,
}

/// What a calculator found.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Calculated {
    /// The result in one sentence.
    pub headline: Words,
    /// The facts that are shown.
    pub lines: Vec<CalculatedLine>,
    /// What is said below.
    pub notes: Vec<Words>,
    /// All facts as the rules give them: texts, whole numbers, months `YYYY-MM`, days `YYYY-MM-DD`.
    #[schema(value_type = Object)]
    pub facts: Map<String, Value>,
}

/// One line of a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CalculatedLine {
    /// The fact.
    pub fact: String,
    /// What it is called.
    pub label: Words,
    /// Its value as people read it.
    pub value: Words,
    /// What one should know of it.
    pub note: Option<Words>,
}

/// A fault of `calculator.toml`: the path of the value, and what is wrong with it.
pub(crate) type FactsFault = (String, String);

/// A calculator that was read: ready to run, shared by all requests.
#[derive(Debug)]
pub(crate) struct Calculator {
    pub(crate) facts: CalculatorFacts,
    pub(crate) form: Form,
    rules: Decisions,
    headlines: Vec<Option<Expression>>,
    lines: Vec<Option<Expression>>,
    notes: Vec<Option<Expression>>,
}

impl Calculator {
    /// Puts a calculator together.
    pub(crate) fn new(
        facts: CalculatorFacts,
        form: Form,
        rules: Decisions,
    ) -> Result<Self, Vec<FactsFault>> {
        let mut faults = Vec::new();
        let lines = facts.lines.iter().map(|line| line.when.as_deref());
        let lines = conditions("line", lines, &mut faults);
        let notes = facts.notes.iter().map(|note| note.when.as_deref());
        let notes = conditions("note", notes, &mut faults);
        let headlines = facts.headlines.iter().map(|other| other.when.as_deref());
        let headlines = conditions("headline_if", headlines, &mut faults);
        let others = facts.headlines.iter().map(|other| &other.text);
        for place in others.chain([&facts.headline]).flat_map(words::places) {
            if facts.lines.iter().all(|line| line.fact != place) {
                let message = format!("no line shows the fact `{place}`");
                faults.push(("headline".to_owned(), message));
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Self {
            facts,
            form,
            rules,
            headlines,
            lines,
            notes,
        })
    }

    /// Reads what was published.
    ///
    /// # Errors
    /// What is wrong with it, for the operator: it was checked before it was published.
    pub(crate) fn read(text: CalculatorText) -> Result<Self, String> {
        let form = Form::load(&text.form).map_err(|faults| format!("form: {faults:?}"))?;
        let rules = Decisions::load(&text.rules).map_err(|faults| format!("rules: {faults:?}"))?;
        Self::new(text.facts, form, rules).map_err(|faults| format!("words: {faults:?}"))
    }

    /// The answers as they count: trimmed, without those of fields that are not asked for. Faults
    /// where they are not in order on this day.
    pub(crate) fn answers(&self, given: &Value, today: Date) -> Result<Value, Vec<FieldFault>> {
        let nothing = json!({});
        let answers = self.form.normalise(given, &nothing);
        let faults = self.form.check(&answers, &nothing, today);
        if faults.is_empty() {
            Ok(answers)
        } else {
            Err(faults)
        }
    }

    /// The facts that follow from answers; none where they give no result.
    pub(crate) fn find(&self, answers: &Value) -> Result<Option<Map<String, Value>>, EvalFault> {
        let outcome = self.rules.decide(RESULT, &json!({ "form": answers }))?;
        match outcome.value {
            Value::Object(facts) => Ok(Some(facts)),
            _ => Ok(None),
        }
    }

    /// The result in words, as they are on a day.
    pub(crate) fn tell(&self, facts: Map<String, Value>, today: Date) -> Calculated {
        let mut scope = facts.clone();
        scope.insert(TODAY.to_owned(), json!(today));
        let scope = Value::Object(scope);
        let holds = |when: &Option<Expression>| {
            when.as_ref()
                .is_none_or(|when| when.test(&scope) == Ok(true))
        };
        let value = |line: &ResultLine| facts.get(&line.fact).filter(|value| !value.is_null());
        let shown = self.facts.lines.iter().zip(&self.lines);
        let lines = shown
            .filter(|(_, when)| holds(when))
            .filter_map(|(line, _)| {
                Some(CalculatedLine {
                    fact: line.fact.clone(),
                    label: line.label.clone(),
                    value: words::read(line.kind, value(line)?),
                    note: line.note.clone(),
                })
            });
        let said = self.facts.notes.iter().zip(&self.notes);
        let notes = said.filter(|(_, when)| holds(when));
        let filled =
            self.facts.lines.iter().filter_map(|line| {
                Some((line.fact.as_str(), words::read(line.kind, value(line)?)))
            });
        let mut others = self.facts.headlines.iter().zip(&self.headlines);
        let other = others.find(|(_, when)| holds(when));
        let headline = other.map_or(&self.facts.headline, |(other, _)| &other.text);
        let headline = words::fill(headline, filled);
        let lines = lines.collect();
        let notes = notes.map(|(note, _)| note.text.clone()).collect();
        Calculated {
            headline,
            lines,
            notes,
            facts,
        }
    }

    /// The names of facts that its words use, each with the path where it stands.
    pub(crate) fn used(&self) -> impl Iterator<Item = (String, String)> {
        let lines = self.facts.lines.iter().enumerate();
        let shown = lines.map(|(at, line)| (format!("line/{at}/fact"), line.fact.clone()));
        let of = |kind: &'static str, all: &[Option<Expression>]| {
            let named = all.iter().enumerate().flat_map(move |(at, when)| {
                let names = when.iter().flat_map(Expression::variables);
                let path = format!("{kind}/{at}/when");
                names
                    .map(|name| (path.clone(), name.to_owned()))
                    .collect::<Vec<_>>()
            });
            named.collect::<Vec<_>>()
        };
        shown
            .chain(of("headline_if", &self.headlines))
            .chain(of("line", &self.lines))
            .chain(of("note", &self.notes))
            .filter(|(_, name)| name != TODAY)
    }
}

/// All calculators that are published, in the order of their names.
#[derive(Debug, Default)]
pub(crate) struct Calculators {
    /// The digest of the sheet they were read from.
    pub(crate) digest: String,
    all: Vec<Arc<Calculator>>,
}

impl Calculators {
    /// Reads what was published.
    ///
    /// # Errors
    /// What is wrong with one, for the operator.
    pub(crate) fn read(sheets: &Sheets) -> Result<Self, String> {
        let texts = sheets.list(CALCULATORS).into_iter();
        let all = texts.map(|text| Calculator::read(text).map(Arc::new));
        Ok(Self {
            digest: sheets.digest(CALCULATORS).to_owned(),
            all: all.collect::<Result<_, _>>()?,
        })
    }

    /// One of them.
    pub(crate) fn find(&self, id: &str) -> Option<&Arc<Calculator>> {
        self.all.iter().find(|one| one.facts.id == id)
    }

    /// All of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Calculator> {
        self.all.iter().map(AsRef::as_ref)
    }

    /// Those that belong to an item.
    pub(crate) fn of<'a>(&'a self, code: &'a ItemCode) -> impl Iterator<Item = &'a Calculator> {
        self.all().filter(|one| one.facts.items.contains(code))
    }
}

fn conditions<'a>(
    kind: &str,
    texts: impl Iterator<Item = Option<&'a str>>,
    faults: &mut Vec<FactsFault>,
) -> Vec<Option<Expression>> {
    let mut read = Vec::new();
    for (at, text) in texts.enumerate() {
        match text.map(Expression::parse).transpose() {
            Ok(condition) => read.push(condition),
            Err(found) => {
                let path = format!("{kind}/{at}/when");
                let told = found.into_iter().map(|fault| (path.clone(), fault.message));
                faults.extend(told);
            }
        }
    }
    read
}
