"""Mutable default argument

## What it does
Reports a parameter whose default is a new list, dict, set or another mutable collection.

## Why
The default is made once, when `def` runs. Every call that leaves the argument out shares it, so what one call adds,
the next one finds there.

## Example
    def add(item, bucket=[]):
        bucket.append(item)
        return bucket

Better:
    def add(item, bucket=None):
        if bucket is None:
            bucket = []
        bucket.append(item)
        return bucket

## When the fix is safe
Never without a look: a caller that passes None on purpose gets a new collection afterwards, and some functions keep a
cache in a default on purpose.

## References
- The Python Tutorial, 4.9.1 Default Argument Values
"""

import ast

from chatbt.analysis.finding import Finding, Severity
from chatbt.analysis.flow import ancestors, walk_block
from chatbt.analysis.functions import defaults_of, is_stub_body, promises_immutable
from chatbt.analysis.module import is_mutated
from chatbt.analysis.outer import parent
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import makes_mutable
from chatbt.rewriting.fix import Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, critic


@critic("CC001", group="bug", since="0.1", ruff=("B006",))
def mutable_default_argument(function: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> Findings:
    for parameter, default in defaults_of(function):
        kind = makes_mutable(default, scope)
        if kind is None or promises_immutable(parameter.annotation, scope) or is_stub_body(function, scope):
            continue
        severity = None if _is_shared(parameter.arg, function) else Severity.HINT
        name = kind.rpartition(".")[2]
        message = f"every call that leaves out `{parameter.arg}` shares this {name}"
        yield Finding(default, message, severity, about=parameter)


def _is_shared(name: str, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the object may be changed or may leave the function: mutated, returned, yielded, stored or passed on."""
    for node in walk_block(function.body, functions=True):
        if not isinstance(node, ast.Name) or node.id != name:
            continue
        around = parent(node)
        if is_mutated(node) or isinstance(around, ast.Return | ast.Yield | ast.Assign | ast.keyword | ast.NamedExpr):
            return True
        if isinstance(around, ast.Call) and any(node is argument for argument in around.args):
            return True
        if isinstance(around, ast.List | ast.Tuple | ast.Dict | ast.Set | ast.Starred):
            return True
    return False


@mutable_default_argument.fix
def default_to_none(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    default, name = finding.node, finding.about.arg
    function = next(
        (one for one in ancestors(default) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)), None
    )
    if function is None or not rewrite.stands_alone(function.body[0]):
        return None
    edits = [rewrite.replace(default, "None")]
    annotation = finding.about.annotation
    if annotation is not None:
        if scope.file.target < (3, 10):
            return None
        edits.append(rewrite.insert_behind(annotation, " | None"))
    guard = (f"if {name} is None:", f"    {name} = {rewrite.text(default)}")
    body = function.body
    docstring = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    if docstring and len(body) > 1 and not rewrite.stands_alone(body[1]):
        return None
    if docstring and len(body) == 1:
        edits.append(rewrite.lines_behind(body[0], *guard))
    else:
        edits.append(rewrite.lines_before(body[1 if docstring else 0], *guard))
    return review(f"Default `{name}` to None and make the {type(default).__name__.lower()} inside", *edits)
