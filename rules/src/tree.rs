//! Walking the parsed tree of a FEEL text.

use dsntk_feel_parser::AstNode;

use crate::limits::TREE_DEPTH_MAX;

/// The parts of a node that are nodes themselves.
pub(crate) fn children(node: &AstNode) -> Vec<&AstNode> {
    use AstNode as N;
    match node {
        N::Add(a, b)
        | N::And(a, b)
        | N::ContextEntry(a, b)
        | N::ContextTypeEntry(a, b)
        | N::Div(a, b)
        | N::Eq(a, b)
        | N::Every(a, b)
        | N::Exp(a, b)
        | N::Filter(a, b)
        | N::For(a, b)
        | N::FormalParameter(a, b)
        | N::FunctionDefinition(a, b)
        | N::FunctionInvocation(a, b)
        | N::FunctionType(a, b)
        | N::Ge(a, b)
        | N::Gt(a, b)
        | N::In(a, b)
        | N::InstanceOf(a, b)
        | N::IterationContextSingle(a, b)
        | N::Le(a, b)
        | N::Lt(a, b)
        | N::Mul(a, b)
        | N::NamedParameter(a, b)
        | N::Nq(a, b)
        | N::Or(a, b)
        | N::Out(a, b)
        | N::Path(a, b)
        | N::QuantifiedContext(a, b)
        | N::Range(a, b)
        | N::Some(a, b)
        | N::Sub(a, b) => vec![a, b],
        N::Between(a, b, c) | N::If(a, b, c) | N::IterationContextInterval(a, b, c) => {
            vec![a, b, c]
        }
        N::CommaList(items)
        | N::Context(items)
        | N::ContextType(items)
        | N::ExpressionList(items)
        | N::FormalParameters(items)
        | N::IterationContexts(items)
        | N::List(items)
        | N::NamedParameters(items)
        | N::NegatedList(items)
        | N::ParameterTypes(items)
        | N::PositionalParameters(items)
        | N::QualifiedName(items)
        | N::QuantifiedContexts(items) => items.iter().collect(),
        N::EvaluatedExpression(a)
        | N::FunctionBody(a, _)
        | N::IntervalEnd(a, _)
        | N::IntervalStart(a, _)
        | N::ListType(a)
        | N::Neg(a)
        | N::RangeType(a)
        | N::Satisfies(a)
        | N::UnaryGe(a)
        | N::UnaryGt(a)
        | N::UnaryLe(a)
        | N::UnaryLt(a)
        | N::UnaryEq(a)
        | N::UnaryNe(a) => vec![a],
        N::At(_)
        | N::Boolean(_)
        | N::ContextEntryKey(_)
        | N::ContextTypeEntryKey(_)
        | N::FeelType(_)
        | N::Irrelevant
        | N::Name(_)
        | N::Null
        | N::Numeric(..)
        | N::ParameterName(_)
        | N::QualifiedNameSegment(_)
        | N::String(_) => Vec::new(),
    }
}

/// Whether the tree is higher than [`TREE_DEPTH_MAX`]. Looks no deeper than that.
pub(crate) fn too_high(node: &AstNode) -> bool {
    fn reaches(node: &AstNode, left: usize) -> bool {
        left == 0
            || children(node)
                .into_iter()
                .any(|part| reaches(part, left - 1))
    }
    reaches(node, TREE_DEPTH_MAX)
}

/// The text of a name node.
pub(crate) fn name_of(node: &AstNode) -> Option<&str> {
    match node {
        AstNode::Name(name)
        | AstNode::ParameterName(name)
        | AstNode::ContextEntryKey(name)
        | AstNode::QualifiedNameSegment(name) => Some(name.as_str()),
        _ => None,
    }
}

/// The value of a whole number literal, also a negative one.
pub(crate) fn whole_of(node: &AstNode) -> Option<i64> {
    match node {
        AstNode::Numeric(before, after, _, exponent) if after.is_empty() && exponent.is_empty() => {
            before.parse().ok()
        }
        AstNode::Neg(inner) => whole_of(inner).and_then(i64::checked_neg),
        _ => None,
    }
}
