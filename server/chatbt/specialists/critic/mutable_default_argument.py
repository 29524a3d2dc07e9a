"""Mutable default argument

## What it does
Reports a parameter whose default is a new list, dict, set or another mutable collection. Where the function only reads
the parameter it is a hint, not a warning.

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
cache in a default on purpose. A parameter named like a cache, or with a leading underscore, is left alone.

## Asked as
- default argument keeps its value between calls
- list parameter grows with every call of the function
- def f(items=[]) or def f(options={}) shares one object between calls
- second call still has the data of the first call, empty list as default is not empty any more
- are default values evaluated once, when the function is defined
- default dictionary in the signature remembers old keys
- W0102 dangerous-default-value, B006, do not use mutable data structures for argument defaults
- why use None as the default and create the list inside the function
- why does my function remember the values of earlier calls, stale data from before turns up in the result
- is it okay to have a list, set or dict as the default of a parameter in the signature, in the header of a function
- cart=[], cache={}, seen=set() in a def line
- argument left out, yet the list already has things in it; test passes alone and fails after another test
- optional parameter that is a collection, state leaks from one call into the next
- empty list or dictionary as a default parameter, customers, orders or users get mixed up
- def register(name, members=[]): every team has everybody in it

## References
- The Python Tutorial, 4.9.1 Default Argument Values
"""

import ast
import re

from chatbt.analysis.classes import is_protocol
from chatbt.analysis.finding import Finding, Severity
from chatbt.analysis.flow import before
from chatbt.analysis.functions import Function, accepts_none, defaults_of, is_stub_body, promises_immutable
from chatbt.analysis.mutation import MUTATORS, is_mutated
from chatbt.analysis.names import scope_of
from chatbt.analysis.outer import parent
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import makes_mutable
from chatbt.rewriting.fix import Edit, Fix, review
from chatbt.rewriting.layout import step
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, critic

_MEMO = re.compile(r"^_|cache|memo", re.IGNORECASE)


@critic("CC001", group="bug", since="0.1", ruff=("B006",))
def mutable_default_argument(function: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> Findings:
    if not function.args.defaults and not function.args.kw_defaults:
        return
    for parameter, default in defaults_of(function):
        kind = makes_mutable(default, scope)
        if kind is None or _MEMO.search(parameter.arg) or promises_immutable(parameter.annotation, scope):
            continue
        if is_stub_body(function, scope) or is_protocol(scope):
            return
        uses = _uses(parameter.arg, function)
        if _is_static(default, uses, scope):
            continue
        severity = None if any(map(_shares, uses)) else Severity.HINT
        name = kind.rpartition(".")[2]
        message = f"every call that leaves out `{parameter.arg}` shares this {name}"
        yield Finding(default, message, severity, about=(function, parameter, name))


def _uses(name: str, function: Function) -> list[ast.Name]:
    """Where the function reads or changes the parameter, before its body gives the name to something else."""
    inner: Scope = function.__dict__["scope"]
    stored = [node for node in inner.bindings.get(name, []) if isinstance(node, ast.Name)]
    rebinding = next((parent(node) for node in stored if isinstance(parent(node), ast.Assign)), None)
    return [use for use in (*inner.all_loads(name), *stored) if rebinding is None or before(use, rebinding)]


def _is_static(default: ast.expr, uses: list[ast.Name], scope: Scope) -> bool:
    """Whether the default is meant to last: a cell (`n=[0]` and `n[0] += 1`), or an inner function's table."""
    if scope.kind != "function" and not (isinstance(default, ast.List) and default.elts):
        return False
    return any(
        isinstance(around := parent(use), ast.Subscript) and not isinstance(around.ctx, ast.Load) for use in uses
    )


def _shares(use: ast.Name) -> bool:
    """Whether a use changes the default or lets it out of the function: mutated, returned, yielded or stored."""
    if is_mutated(use):
        return True
    below: ast.AST = use
    around = parent(use)
    while isinstance(around, ast.IfExp | ast.BoolOp | ast.List | ast.Tuple | ast.Dict):
        if isinstance(around, ast.IfExp) and below is around.test:
            return False
        if isinstance(around, ast.BoolOp) and isinstance(around.op, ast.Or) and below is not around.values[-1]:
            return False
        if isinstance(around, ast.Dict) and any(below is one for one in _spread(around)):
            return False
        below, around = around, parent(around)
    match around:
        case ast.Return() | ast.Yield():
            return True
        case ast.Assign(targets=[ast.Name(id=name)]) if name == use.id:
            return False
        case ast.Assign(targets=targets) if all(isinstance(one, ast.Tuple | ast.List) for one in targets):
            return below is not use
        case ast.Assign() | ast.AnnAssign() | ast.NamedExpr():
            return below is around.value
        case ast.Call(func=ast.Attribute(attr=method)):
            return method in MUTATORS and any(below is argument for argument in around.args)
    return False


def _spread(display: ast.Dict) -> list[ast.expr]:
    return [value for key, value in zip(display.keys, display.values, strict=True) if key is None]


@mutable_default_argument.fix
def default_to_none(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    function, parameter, kind = finding.about
    default = finding.node
    first = _first_statement(function)
    if not rewrite.stands_alone(first) or not _means_the_same_inside(default, function):
        return None
    edits = [rewrite.replace(default, "None")]
    if parameter.annotation is not None and not accepts_none(parameter.annotation, scope):
        if scope.file.target < (3, 10):
            return None
        edits.append(_widened(parameter.annotation, rewrite))
    name, indent = parameter.arg, step(function, first, rewrite)
    edits.append(rewrite.lines_before(first, f"if {name} is None:", f"{indent}{name} = {rewrite.text(default)}"))
    return review(f"Default `{name}` to None and make the {kind} inside", *edits)


def _first_statement(function: Function) -> ast.stmt:
    """The first statement behind the docstring; a function with a fix has one."""
    first, *rest = function.body
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return rest[0] if rest and is_docstring else first


def _means_the_same_inside(default: ast.AST, function: Function) -> bool:
    """Whether the names of a default mean in the function's body what they mean in its header."""
    inner: Scope = function.__dict__["scope"]
    for node in ast.walk(default):
        if isinstance(node, ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr):
            return False
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            owner = scope_of(node).find(node.id)
            if owner.kind not in ("comprehension", "lambda") and inner.find(node.id) is not owner:
                return False
    return True


def _widened(annotation: ast.expr, rewrite: Rewrite) -> Edit:
    text = rewrite.text(annotation)
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return rewrite.replace(annotation, f"{text[:-1]} | None{text[-1]}")
    return rewrite.insert_behind(annotation, " | None")
