//! How forms behave, seen from outside.

mod check;
mod load;

use std::sync::LazyLock;

use kernel::error::FieldFault;
use serde_json::{Value, json};

use crate::Form;

fn words(text: &str) -> Value {
    json!({"zh": text, "en": text})
}

/// A form with every widget, prefill, conditions and a list.
fn document() -> Value {
    let text = json!({"type": "string"});
    json!({
        "format": 1,
        "schema": {
            "type": "object",
            "$defs": {"number": {"type": "string"}},
            "properties": {
                "name": {"type": "string", "minLength": 2, "maxLength": 20},
                "citizen": {"$ref": "#/$defs/number"},
                "reason": text.clone(),
                "leave_date": text.clone(),
                "until": text.clone(),
                "wage": {"type": "integer", "minimum": 0, "maximum": 10_000_000},
                "months": {"type": "integer", "minimum": 0, "maximum": 720},
                "phone": text.clone(),
                "company": text.clone(),
                "account": text.clone(),
                "note": {"type": "string", "maxLength": 50, "pattern": "^[^#]*$"},
                "agreed": {"type": "boolean"},
                "jobs": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "object", "properties": {
                    "employer": {"type": "string", "maxLength": 10},
                    "since": {"type": "string"},
                }}},
            }
        },
        "fields": {
            "name": {"label": words("姓名"), "widget": "text", "required": true, "locked": true,
                "prefill": "population.name", "source": "population"},
            "citizen": {"label": words("身份证号"), "widget": "citizen_no", "sensitive": true},
            "reason": {"label": words("失业原因"), "widget": "choice", "required": true, "options": [
                {"value": "ended", "label": words("合同终止")},
                {"value": "quit", "label": words("本人辞职"), "hint": words("不能领取")},
            ]},
            "leave_date": {"label": words("离职日期"), "widget": "date", "visible": "reason != null",
                "required": "reason = \"ended\"", "error": words("请填写离职日期")},
            "until": {"label": words("参保至"), "widget": "month"},
            "wage": {"label": words("月工资"), "widget": "money", "unit": words("元")},
            "months": {"label": words("缴费月数"), "widget": "number", "locked": true, "source": "insurance",
                "prefill": "count(insurance.months[paid])"},
            "phone": {"label": words("手机号"), "widget": "phone"},
            "company": {"label": words("单位代码"), "widget": "credit_code"},
            "account": {"label": words("银行账号"), "widget": "bank_account", "sensitive": true,
                "visible": "agreed and leave_date != null"},
            "note": {"label": words("说明"), "widget": "textarea", "hint": words("可不填")},
            "agreed": {"label": words("本人承诺"), "widget": "checkbox", "required": true},
            "jobs": {"label": words("工作经历"), "widget": "list", "visible": "months > 0", "fields": {
                "employer": {"label": words("单位"), "widget": "text", "required": true},
                "since": {"label": words("入职日期"), "widget": "date"},
            }},
        },
        "layout": [
            {"section": words("个人"), "fields": ["name", "citizen", "phone", "months"]},
            {"section": words("失业"), "fields": ["reason", "leave_date", "until", "wage", "company",
                "account", "note", "jobs", "agreed"]},
        ]
    })
}

fn form() -> &'static Form {
    static FORM: LazyLock<Form> = LazyLock::new(|| Form::load(&document()).unwrap());
    &FORM
}

/// `code pointer` of each fault.
fn told(faults: &[FieldFault]) -> Vec<String> {
    let line = |fault: &FieldFault| format!("{} {}", fault.code.id, fault.pointer);
    faults.iter().map(line).collect()
}
