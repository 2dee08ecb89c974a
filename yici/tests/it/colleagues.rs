//! Changes among colleagues, through the staff page.

use serde_json::{Value, json};

use crate::{client::Call, harness::TestApp};

impl TestApp {
    /// The row of a colleague on the staff page.
    pub(crate) async fn colleague(&self, account: &str) -> Value {
        let admin = self.staff("jiangbo").await;
        let rows = self.get(&admin, "/staff?limit=100").await;
        let found = rows["rows"]
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["account"] == account);
        found.unwrap().clone()
    }

    pub(crate) async fn staff_id(&self, account: &str) -> String {
        self.colleague(account).await["staff_id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Gives a colleague these posts instead of those he has.
    pub(crate) async fn move_to(&self, account: &str, posts: &[(&str, &str)]) {
        let admin = self.staff("jiangbo").await;
        let row = self.colleague(account).await;
        let posts: Vec<Value> = posts
            .iter()
            .map(|(post, org)| json!({ "post": post, "org": org }))
            .collect();
        let path = format!("/staff/{}/posts", row["staff_id"].as_str().unwrap());
        let call = Call::put(path, &json!({ "posts": posts }));
        self.call(call.version(row["version"].as_i64().unwrap()).by(&admin))
            .await
            .good();
    }

    /// A colleague works here no longer.
    pub(crate) async fn leaves(&self, account: &str) {
        let admin = self.staff("jiangbo").await;
        let row = self.colleague(account).await;
        let path = format!("/staff/{}", row["staff_id"].as_str().unwrap());
        let body = json!({ "name": row["name"], "org": row["org"], "active": false });
        let call = Call::put(path, &body).version(row["version"].as_i64().unwrap());
        self.call(call.by(&admin)).await.good();
    }

    /// Registers an absence of a colleague.
    pub(crate) async fn absent(&self, account: &str, deputy: &str, from: &str, to: &str) {
        let admin = self.staff("jiangbo").await;
        let body = json!({
            "staff_id": self.staff_id(account).await, "deputy_id": self.staff_id(deputy).await,
            "from": from, "to": to, "reason": "leave",
        });
        self.call(Call::post("/absences", &body).by(&admin))
            .await
            .good();
    }

    /// A case as a colleague sees it.
    pub(crate) async fn case_at_work(&self, account: &str, case: &str) -> Value {
        let who = self.staff(account).await;
        self.get(&who, &format!("/workbench/cases/{case}")).await
    }

    /// The open task of a case.
    pub(crate) async fn task_of(&self, account: &str, case: &str) -> String {
        let view = self.case_at_work(account, case).await;
        view["task"]["task_id"].as_str().unwrap().to_owned()
    }

    /// The row of a case in somebody's inbox, waiting ones included.
    pub(crate) async fn inbox_row(&self, account: &str, case: &str) -> Option<Value> {
        let who = self.staff(account).await;
        for view in ["all", "waiting"] {
            let rows = self
                .get(&who, &format!("/tasks?view={view}&limit=100"))
                .await;
            let found = rows["rows"]
                .as_array()
                .unwrap()
                .iter()
                .find(|row| row["case_id"] == case);
            if found.is_some() {
                return found.cloned();
            }
        }
        None
    }
}
