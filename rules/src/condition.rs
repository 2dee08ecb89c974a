//! The small part of FEEL that browsers evaluate as well.

use dsntk_feel_parser::AstNode;

/// The first thing in the tree that is outside the small part, as a message.
pub(crate) fn foreign(node: &AstNode) -> Option<&'static str> {
    match node {
        AstNode::Eq(left, right)
        | AstNode::Nq(left, right)
        | AstNode::Lt(left, right)
        | AstNode::Le(left, right)
        | AstNode::Gt(left, right)
        | AstNode::Ge(left, right) => operand(left).or_else(|| operand(right)),
        AstNode::And(left, right) | AstNode::Or(left, right) => {
            foreign(left).or_else(|| foreign(right))
        }
        AstNode::In(value, list) => operand(value).or_else(|| literals(list)),
        AstNode::FunctionInvocation(function, arguments) => negation(function, arguments),
        AstNode::Name(_) | AstNode::Boolean(_) => None,
        _ => Some(
            "a condition for the browser is made of names, literals, comparisons, `in [..]`, \
             `and`, `or` and `not(..)`",
        ),
    }
}

fn operand(node: &AstNode) -> Option<&'static str> {
    if matches!(node, AstNode::Name(_)) {
        None
    } else {
        literal(node)
    }
}

fn literal(node: &AstNode) -> Option<&'static str> {
    let plain = match node {
        AstNode::Neg(inner) => matches!(**inner, AstNode::Numeric(..)),
        AstNode::String(_) | AstNode::Numeric(..) | AstNode::Boolean(_) | AstNode::Null => true,
        _ => false,
    };
    (!plain).then_some("a condition for the browser compares names and literals only")
}

fn literals(node: &AstNode) -> Option<&'static str> {
    match node {
        AstNode::List(items) if !items.is_empty() => items.iter().find_map(literal),
        _ => Some("after `in` a condition for the browser has a list of literals, `[1, 2]`"),
    }
}

fn negation(function: &AstNode, arguments: &AstNode) -> Option<&'static str> {
    match (function, arguments) {
        (AstNode::Name(name), AstNode::PositionalParameters(arguments))
            if name.as_str() == "not" && arguments.len() == 1 =>
        {
            arguments.iter().find_map(foreign)
        }
        _ => Some("a condition for the browser calls `not(..)` only"),
    }
}
