"""Conditions: where only the truth of an expression counts."""

import ast

from chatbt.analysis.outer import parent


def is_tested(node: ast.expr) -> bool:
    """Whether only the truth of `node` is used.

    It is the condition of an `if`, `while`, `assert`, conditional expression, comprehension or `case`, the operand of
    `not`, or an operand of `and` and `or` that is one of these.
    """
    around = parent(node)
    while isinstance(around, ast.BoolOp):
        node, around = around, parent(around)
    match around:
        case ast.If(test=test) | ast.While(test=test) | ast.Assert(test=test) | ast.IfExp(test=test):
            return test is node
        case ast.UnaryOp(op=ast.Not()):
            return True
        case ast.comprehension(ifs=conditions):
            return any(one is node for one in conditions)
        case ast.match_case(guard=guard):
            return guard is node
    return False
