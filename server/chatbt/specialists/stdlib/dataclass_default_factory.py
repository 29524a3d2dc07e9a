"""Default factory of a dataclass

## What it does
Offers `field(default_factory=...)` where a field of a dataclass has a list, dict or set as its default, or what a
clock, `uuid` or a source of random numbers says at that moment.

## Why
A default is made once, when the class is. So `datetime.now()` is the time at which the module was imported, in every
instance; and a list would be shared by all of them, which is why the class statement raises ValueError. A factory is
called for each instance.

## Example
    from dataclasses import dataclass
    from datetime import datetime

    @dataclass
    class Event:
        created: datetime = datetime.now()

Better:
    from dataclasses import dataclass, field
    from datetime import datetime

    @dataclass
    class Event:
        created: datetime = field(default_factory=datetime.now)

## When the fix is safe
Never without a look: each instance gets a value of its own, and the class has no such attribute any more.

## Asked as
- mutable default <class 'list'> for field is not allowed: use default_factory
- dataclass field with a list, dict or set as default
- field(default_factory=list), all instances have the same timestamp or id
- dataclass default value datetime.now() or uuid4() is always the same
- ValueError in a dataclass, empty list as default of a field
- RUF008, RUF009, function call in dataclass defaults, evaluated once at import
- dataclass says mutable default is not allowed
- tags: list = [] in a dataclass, field with an empty list or dict
- created: datetime = datetime.now() is the same for all objects
- unique id for each instance of a dataclass
- @dataclass class Job: steps: list = [] raises ValueError
- default of a dataclass field is a list, dict, date or id

## References
- The Python Standard Library, dataclasses: Default factory functions
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import walk_block
from chatbt.analysis.names import callee, is_builtin, qualified, qualified_path
from chatbt.analysis.outer import dotted
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import makes_mutable
from chatbt.rewriting.fix import Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, stdlib

_MOMENTARY = frozenset(
    "datetime.datetime.now datetime.datetime.utcnow datetime.datetime.today datetime.date.today time.time time.time_ns "
    "time.monotonic time.perf_counter uuid.uuid1 uuid.uuid4 random.random random.randint random.randrange "
    "random.choice random.uniform secrets.token_bytes secrets.token_hex secrets.token_urlsafe "
    "tempfile.mkdtemp tempfile.mktemp".split()
)
_CONVERTERS = frozenset(f"builtins.{name}" for name in "str int float round repr".split())
_NO_FIELDS = ("ClassVar", "InitVar")
_UNMOVABLE = (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)


@stdlib(
    "SL014",
    module="dataclasses",
    since="0.1",
    ruff=("RUF008", "RUF009"),
    names={
        "dataclasses.field": (
            "Says more about a field of a dataclass than its annotation can: `default_factory=list` makes a list for"
            " each instance. The factory is to be named and not called: with `default_factory=list()` making an"
            " instance fails."
        ),
    },
)
def dataclass_default_factory(statement: ast.AnnAssign, scope: Scope) -> Findings:
    value = statement.value
    if scope.kind != "class" or value is None or not isinstance(statement.target, ast.Name):
        return
    if isinstance(value, ast.Constant | ast.Name | ast.Lambda) or not _is_dataclass(scope):
        return
    if _is_no_field(statement.annotation, scope):
        return
    name = statement.target.id
    kind = makes_mutable(value, scope)
    if kind is not None:
        kind = kind.rpartition(".")[2]
        is_refused = kind in ("list", "dict", "set") or scope.file.target >= (3, 11)
        what = "the class statement raises ValueError" if is_refused else "every change shows in all of them"
        yield Finding(value, f"all instances would share this {kind} as their `{name}`: {what}")
    elif moment := _momentary(value, scope):
        yield Finding(value, f"every instance has the same `{name}`: `{moment}()` is called once, with the class")


def _is_dataclass(scope: Scope) -> bool:
    around = scope.parent or scope
    return any(qualified_path(one, around) == "dataclasses.dataclass" for one in scope.class_facts().decorators)


def _is_no_field(annotation: ast.expr, scope: Scope) -> bool:
    if isinstance(annotation, ast.Constant):
        return any(one in str(annotation.value) for one in _NO_FIELDS)
    node = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    return (qualified(node, scope) or dotted(node)).rpartition(".")[2] in _NO_FIELDS


def _momentary(value: ast.expr, scope: Scope) -> str:
    """What is called in a default that says something else each time; "" if nothing is, or for a purpose of its own."""
    match value:
        case ast.Call():
            name = callee(value, scope)
            if name in _MOMENTARY:
                return dotted(value.func)
            if name in _CONVERTERS and len(value.args) == 1:
                return _momentary(value.args[0], scope)
            if isinstance(value.func, ast.Attribute):
                return _momentary(value.func.value, scope)
        case ast.Attribute(value=part) | ast.Subscript(value=part):
            return _momentary(part, scope)
        case ast.BinOp(left=left, right=right):
            return _momentary(left, scope) or _momentary(right, scope)
        case ast.JoinedStr(values=values):
            fields = (one.value for one in values if isinstance(one, ast.FormattedValue))
            return next((found for one in fields if (found := _momentary(one, scope))), "")
    return ""


@dataclass_default_factory.fix
def make_a_factory(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    value = finding.node
    assert isinstance(value, ast.expr)
    field = rewrite.imported(scope, "dataclasses", "field")
    if field is None:
        return None
    title = "Use `field(default_factory=...)`"
    factory = _factory(value, scope, rewrite)
    if factory:
        return review(title, rewrite.replace(value, f"{field}(default_factory={factory})"))
    if not _can_wait(value, scope):
        return None
    head = rewrite.insert_before(value, f"{field}(default_factory=lambda: ")
    return review(title, head, rewrite.insert_behind(value, ")"))


def _factory(value: ast.expr, scope: Scope, rewrite: Rewrite) -> str:
    """The callable that makes such a value; "" if only a lambda would."""
    match value:
        case ast.List(elts=[]) if is_builtin("list", scope):
            return "list"
        case ast.Dict(keys=[]) if is_builtin("dict", scope):
            return "dict"
        case ast.Call(
            func=ast.Name() | ast.Attribute(value=ast.Name() | ast.Attribute()) as func, args=[], keywords=[]
        ):
            return rewrite.text(func)
    return ""


def _can_wait(value: ast.expr, scope: Scope) -> bool:
    """Whether a lambda can evaluate it: it does not see the names of the class body."""
    return not any(
        isinstance(node, _UNMOVABLE) or (isinstance(node, ast.Name) and scope.find(node.id) is scope)
        for node in walk_block([value], functions=True)
    )
