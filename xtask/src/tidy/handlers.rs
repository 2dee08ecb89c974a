//! Every endpoint asks who is calling.

use super::{
    Fault, Tree,
    rust::{code, functions, line_of},
};

const ENDPOINT: &str = "#[utoipa::path";

/// Every function under `#[utoipa::path]` takes an `Authorised<_>`.
pub(crate) fn proofs(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (_, path, text) in tree.rust() {
        let code = code(text);
        for (at, _) in code.match_indices(ENDPOINT) {
            let rest = code.get(at..).unwrap_or_default();
            let taken = functions(rest).first().map(|handler| {
                let arguments = handler.text.split('{').next().unwrap_or_default();
                (handler.name.to_owned(), arguments.contains("Authorised<"))
            });
            if let Some((name, false)) = taken {
                let what = format!(
                    "`{name}` takes no `Authorised<_>`; a public one takes `Authorised<Anyone>`"
                );
                faults.push(Fault::at(path, line_of(&code, at), what));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::proofs;
    use crate::tidy::Tree;

    #[test]
    fn an_endpoint_without_proof_is_found() {
        let good = "#[utoipa::path(get, path = \"/a\")]\npub async fn a(State(c): State<C>, Authorised(x): Authorised<Anyone>) {}";
        assert_eq!(proofs(&Tree::of(&[("voice/src/a.rs", good)])), []);
        let bad = "fn x() {}\n#[utoipa::path(get, path = \"/b\")]\npub async fn b() { let y: Authorised<Z>; }";
        let faults = proofs(&Tree::of(&[("voice/src/b.rs", bad)]));
        assert_eq!(faults.len(), 1);
        assert!(faults[0].to_string().starts_with("voice/src/b.rs:2: `b`"));
    }
}
