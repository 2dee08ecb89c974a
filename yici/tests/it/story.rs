//! What people of a story do, through the API.

use catalog::pack::{Example, ExampleAct};
use kernel::item::ApplicantKind;
use serde_json::{Map, Value, json};

use crate::{
    client::{Answer, Call, PDF, PNG, Who},
    harness::TestApp,
};

/// An application in the making.
pub(crate) struct Story<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) item: &'a str,
    pub(crate) form: Map<String, Value>,
    pub(crate) materials: Vec<String>,
    pub(crate) applicant: String,
    pub(crate) employer: Option<String>,
    pub(crate) other_party: Option<String>,
    /// The case, once there is one.
    pub(crate) case: String,
}

impl<'a> Story<'a> {
    pub(crate) fn of(app: &'a TestApp, item: &'a str, example: &Example) -> Self {
        Self {
            app,
            item,
            form: example.form.clone(),
            materials: example.materials.clone(),
            applicant: example.applicant.clone(),
            employer: example.employer.clone(),
            other_party: example.other_party.clone(),
            case: String::new(),
        }
    }

    /// The story of a pack's example, as far as its applicant is concerned.
    pub(crate) fn named(app: &'a TestApp, item: &'a str, example: &str) -> Self {
        Self::of(app, item, &crate::examples::example(item, example))
    }

    /// The session of the applicant.
    pub(crate) async fn applicant(&self) -> Who {
        match &self.employer {
            Some(code) => self.app.agent(&self.applicant, code).await,
            None => self.app.citizen(&self.applicant).await,
        }
    }

    pub(crate) async fn who(&self, by: &str) -> Who {
        match by {
            "applicant" => self.applicant().await,
            "other_party" => self.other_party().await,
            account => self.app.staff(account).await,
        }
    }

    /// The session of the other party: a person, or the agent of the enterprise that the form names.
    pub(crate) async fn other_party(&self) -> Who {
        let number = self.other_party.as_ref().unwrap();
        let items = &crate::harness::pack().items;
        let item = items
            .iter()
            .find(|one| one.facts.code.as_str() == self.item);
        let parties = &item.unwrap().facts.other_parties;
        let kind = match self.employer {
            Some(_) => ApplicantKind::Enterprise,
            None => ApplicantKind::Person,
        };
        let facts = parties.iter().find(|one| one.applicant == kind).unwrap();
        match facts.kind {
            ApplicantKind::Person => self.app.citizen(number).await,
            ApplicantKind::Enterprise => {
                let code = self.form[&facts.number_fields[0]].as_str().unwrap();
                self.app.agent(number, code).await
            }
        }
    }

    /// A paper of the other party is served by the delivery desk.
    async fn serve(&self, by: &str, body: &Value) -> Answer {
        let who = self.app.staff(by).await;
        let path = format!("/workbench/cases/{}", self.case);
        let side = self.app.get(&who, &path).await["other_side"].clone();
        let notice = side["to_serve"].as_str().unwrap().to_owned();
        let act = format!("notices/{notice}/serve");
        self.app.act(&who, &self.case, &act, body).await
    }

    /// A draft of the applicant with form and files.
    pub(crate) async fn draft(&mut self) -> Who {
        let who = self.applicant().await;
        let opened = self
            .app
            .call(Call::post("/cases", &json!({ "item": self.item })).by(&who))
            .await
            .good();
        opened["case_id"]
            .as_str()
            .unwrap()
            .clone_into(&mut self.case);
        self.fill(&who).await;
        who
    }

    /// Form and files.
    pub(crate) async fn fill(&self, who: &Who) {
        self.save(who, &Map::new()).await.good();
        for material in &self.materials {
            self.upload(who, material).await.good();
        }
    }

    /// Saves the form with some values changed.
    pub(crate) async fn save(&self, who: &Who, changed: &Map<String, Value>) -> Answer {
        let mut data = self.form.clone();
        data.extend(changed.clone());
        let version = self.app.version(&self.case).await;
        let path = format!("/cases/{}/form", self.case);
        self.app
            .call(
                Call::put(path, &json!({ "data": data }))
                    .version(version)
                    .by(who),
            )
            .await
    }

    pub(crate) async fn upload(&self, who: &Who, material: &str) -> Answer {
        let version = self.app.version(&self.case).await;
        let (name, content) = if material == "m3" {
            ("报告.pdf", PDF)
        } else {
            ("材料.png", PNG)
        };
        let path = format!("/cases/{}/files?material={material}", self.case);
        self.app
            .call(
                Call::new(axum::http::Method::POST, path)
                    .file(name, content)
                    .version(version)
                    .by(who),
            )
            .await
    }

    /// The other party uploads a piece of evidence.
    pub(crate) async fn bring(&self, who: &Who) -> Answer {
        let path = format!("/cases/{}/other-party/files?material=evidence", self.case);
        let call = Call::new(axum::http::Method::POST, path);
        self.app.call(call.file("证据.png", PNG).by(who)).await
    }

    /// Begins to send a file in parts.
    pub(crate) async fn begin(&self, who: &Who, material: &str, content: &[u8]) -> Answer {
        let digest = seal::sha256_hex(content);
        let body = json!({ "material": material, "name": "材料.png", "bytes": content.len(), "digest": digest });
        let path = format!("/cases/{}/uploads", self.case);
        self.app.call(Call::post(path, &body).by(who)).await
    }

    /// Sends a part of a file.
    pub(crate) async fn part(
        &self,
        who: &Who,
        upload: &Value,
        offset: usize,
        content: &[u8],
    ) -> Answer {
        let call = Call::new(axum::http::Method::PATCH, self.upload_path(upload));
        self.app.send(call.part(offset, content).by(who)).await
    }

    /// Makes a file of what was sent.
    pub(crate) async fn finish(&self, who: &Who, upload: &Value) -> Answer {
        let path = format!("{}/finish", self.upload_path(upload));
        self.app.call(Call::post(path, &json!({})).by(who)).await
    }

    /// The address of a file on its way.
    pub(crate) fn upload_path(&self, upload: &Value) -> String {
        let id = upload["upload_id"].as_str().unwrap();
        format!("/cases/{}/uploads/{id}", self.case)
    }

    /// Submits on line what the applicant has filled in.
    pub(crate) async fn submit(&mut self, electronic: bool) -> Answer {
        let who = self.draft().await;
        let body = json!({ "declaration": true, "electronic_service": electronic });
        self.app.act(&who, &self.case, "submit", &body).await
    }

    /// A clerk takes the application in at the window.
    pub(crate) async fn receive(&mut self, clerk: &str, electronic: bool) -> Answer {
        let who = self.open_at_window(clerk).await;
        let version = self.app.version(&self.case).await;
        let body = json!({ "read_back": true, "electronic_service": electronic });
        let path = format!("/counter/cases/{}/receive", self.case);
        self.app
            .call(Call::post(path, &body).version(version).by(&who))
            .await
    }

    /// A draft at the window with form and files.
    pub(crate) async fn open_at_window(&mut self, clerk: &str) -> Who {
        let who = self.app.staff(clerk).await;
        let identity = json!({ "name": name_of(&self.applicant), "citizen_no": self.applicant });
        let body = if let Some(code) = &self.employer {
            json!({
                "item": self.item,
                "applicant": { "kind": "enterprise", "credit_code": code },
                "agent": identity,
            })
        } else {
            let mut applicant = identity;
            applicant["kind"] = json!("person");
            json!({ "item": self.item, "applicant": applicant })
        };
        let opened = self
            .app
            .call(Call::post("/counter/cases", &body).by(&who))
            .await
            .good();
        opened["case_id"]
            .as_str()
            .unwrap()
            .clone_into(&mut self.case);
        self.fill(&who).await;
        who
    }

    /// An act of a story on the case.
    pub(crate) async fn act(&self, by: &str, act: &str, body: &Value) -> Answer {
        let who = self.who(by).await;
        self.app.act(&who, &self.case, act, body).await
    }

    pub(crate) async fn accept(&self, by: &str) -> Answer {
        self.act(by, "accept", &json!({})).await
    }

    pub(crate) async fn review(&self, by: &str, proposal: &str) -> Answer {
        self.act(
            by,
            "review",
            &json!({ "proposal": proposal, "opinion": "已核对", "basis": "第四十五条" }),
        )
        .await
    }

    pub(crate) async fn decide(&self, by: &str, outcome: &str) -> Answer {
        let body = json!({
            "outcome": outcome, "opinion": "同意", "reason": "不符合条件", "basis": "第四十五条",
            "instead": "请到窗口咨询",
        });
        self.act(by, "decide", &body).await
    }

    /// One act of an example.
    pub(crate) async fn perform(&mut self, act: &ExampleAct) {
        let mut body = act.body.clone();
        let form = body.remove("form");
        let materials = body.remove("materials");
        let answer = match act.verb.as_str() {
            "submit" => {
                let electronic = body["electronic_service"] == true;
                if act.by == "applicant" {
                    self.submit(electronic).await
                } else {
                    self.receive(&act.by, electronic).await
                }
            }
            "serve_paper" => {
                let body = body_of("hand_out", body);
                self.serve(&act.by, &body).await
            }
            "answer" => {
                let who = self.other_party().await;
                for _ in materials.iter().flat_map(|list| list.as_array().unwrap()) {
                    self.bring(&who).await.good();
                }
                self.act("other_party", path_of("answer"), &Value::Object(body))
                    .await
            }
            verb => {
                let who = self.who(&act.by).await;
                if let Some(Value::Object(form)) = form {
                    self.save(&who, &form).await.good();
                }
                for material in materials.iter().flat_map(|list| list.as_array().unwrap()) {
                    self.upload(&who, material.as_str().unwrap()).await.good();
                }
                if let Some(at) = body.get("at").and_then(Value::as_str) {
                    let at: kernel::Timestamp = at.parse().unwrap();
                    self.app
                        .clock
                        .set(self.app.now().max(at.plus_seconds(3_600)));
                }
                let who = self.who(&act.by).await;
                self.app
                    .act(&who, &self.case, path_of(verb), &body_of(verb, body))
                    .await
            }
        };
        let what = format!("{} by {} in {}", act.verb, act.by, self.item);
        assert!(
            answer.status == 200,
            "{what}: {} {}",
            answer.status,
            answer.text
        );
    }
}

/// What the endpoint of an act takes of what the example says.
fn body_of(verb: &str, mut body: Map<String, Value>) -> Value {
    match verb {
        "accept" => drop(body.remove("note")),
        "make" => drop(body.remove("certificate_no")),
        "hand_out" => drop(body.insert("signed".to_owned(), json!(true))),
        _ => {}
    }
    Value::Object(body)
}

fn path_of(verb: &str) -> &str {
    match verb {
        "pre_return" => "pre-return",
        "pre_pass" => "pre-pass",
        "site_check" => "site-check",
        "confirm_site_check" => "site-check/confirm",
        "hand_out" => "hand-out",
        "confirm_notice" => "other-party/confirm",
        "answer" => "other-party/answer",
        other => other,
    }
}

/// The name of one of the pack's people.
pub(crate) fn name_of(number: &str) -> String {
    let person = crate::harness::pack()
        .people
        .iter()
        .find(|one| one.number.reveal() == number);
    person.unwrap().name.reveal().clone()
}
