"""Expressions that do more than give a value, whatever the objects in them are."""

import ast


def binds_or_waits(node: ast.AST) -> bool:
    """Whether an expression binds a variable, waits or yields, so that it may neither move nor be left out (G4)."""
    return any(isinstance(one, ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom) for one in ast.walk(node))
