"""Whether a variable's value may still be read, what rebinds the variable on the way considered."""

import ast
from collections.abc import Collection, Sequence
from typing import Literal

from chatbt.analysis.flow import ancestors, contains, siblings, walk_block
from chatbt.analysis.outer import dotted, parent
from chatbt.analysis.scopes import Scope
from chatbt.analysis.ways import ways_out

Use = Literal["read", "bound", "none"]

_TRY = (ast.Try, ast.TryStar)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
# By the last part of the name: they come as fixtures, methods of `self` and imports of many libraries.
_SWALLOWING = frozenset(
    "suppress raises assertRaises assertRaisesRegex assertRaisesRegexp assert_raises assert_raises_regex "
    "ExitStack AsyncExitStack".split()
)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def lives_after(name: str, statement: ast.stmt, scope: Scope) -> bool:
    """Whether the value that the variable `name` has once `statement` has run, or has failed, may be read.

    True also when another chunk or an inner function may read it.
    """
    owner = scope.find(name)
    if owner.kind not in ("function", "module") or owner.used_elsewhere(name) or owner.captures(name):
        return True
    if owner is not scope or name in owner.globals or name in owner.nonlocals:
        return True
    return _Reader(name, owner).lives(statement)


class _Reader:
    def __init__(self, name: str, owner: Scope) -> None:
        self.name = name
        self.reads: Collection[int] = {id(load) for load in owner.all_loads(name)}
        for binding in owner.bindings.get(name, ()):
            if isinstance(parent(binding), ast.AugAssign) or isinstance(getattr(binding, "ctx", None), ast.Del):
                self.reads.add(id(binding))

    def lives(self, statement: ast.stmt) -> bool:
        for around in ancestors(statement):
            if isinstance(around, _DEFINITIONS):
                break
            if isinstance(around, _TRY) and self.lives_when_failing(around, statement):
                return True
        while True:
            use, escapes = self.block(siblings(statement)[1])
            if use == "read":
                return True
            around = parent(statement)
            if use == "bound" and not escapes:
                return False
            if self.read_next(around, statement):
                return True
            if isinstance(around, ast.match_case | ast.ExceptHandler):
                around = parent(around)
            if not isinstance(around, ast.stmt) or isinstance(around, _DEFINITIONS):
                return False
            statement = around

    def read_next(self, around: ast.AST, statement: ast.stmt) -> bool:
        """Whether the other parts of the compound statement `around` may read the variable once its block has run."""
        if not any(one is statement for one in getattr(around, "body", ())):
            return False
        if isinstance(around, ast.While) and self.any_read([around.test]):
            return True
        rebound = isinstance(around, ast.For | ast.AsyncFor) and self.binds(around.target)
        if isinstance(around, _LOOPS) and not rebound and self.block(around.body)[0] == "read":
            return True
        return isinstance(around, (*_LOOPS, *_TRY)) and self.block(around.orelse)[0] == "read"

    def lives_when_failing(self, around: ast.Try | ast.TryStar, statement: ast.stmt) -> bool:
        """Whether a read may follow when the body of a `try` is left by an exception."""
        if self.read_late(around):
            return True
        in_body = any(contains(one, statement) for one in around.body)
        return in_body and self.goes_on(around) and self.lives(around)

    def goes_on(self, around: ast.Try | ast.TryStar) -> bool:
        """Whether control may go on in this function, the variable not bound anew, once a handler has run."""
        for handler in around.handlers:
            use, escapes = self.block(handler.body)
            is_anew = use == "bound" and not escapes
            if not is_anew and ways_out(handler.body) & {"next", "break", "continue"}:
                return True
        return False

    def read_late(self, around: ast.Try | ast.TryStar) -> bool:
        """Whether a handler or the `finally` of a `try` may read the variable."""
        types = [one.type for one in around.handlers if one.type is not None]
        blocks = [around.finalbody, *(one.body for one in around.handlers)]
        return self.any_read(types) or any(self.block(block)[0] == "read" for block in blocks)

    def any_read(self, nodes: Sequence[ast.AST]) -> bool:
        return any(id(node) in self.reads for node in walk_block(nodes, functions=True))

    def block(self, block: Sequence[ast.stmt]) -> tuple[Use, bool]:
        """What a block does first with the variable, and whether a jump may leave it before."""
        escapes = False
        for index, statement in enumerate(block):
            use = self.statement(statement)
            if use != "none":
                return use, escapes
            ways = ways_out(block[index : index + 1])
            escapes = escapes or bool(ways & {"break", "continue"})
            if "next" not in ways:
                return ("none" if escapes else "bound"), escapes
        return "none", escapes

    def statement(self, statement: ast.stmt) -> Use:
        match statement:
            case ast.Assign(targets=targets, value=value):
                if self.any_read([value, *targets]):
                    return "read"
                return "bound" if any(self.binds(one) for one in targets) else "none"
            case ast.AnnAssign(target=ast.Name() as target, value=ast.expr() as value):
                if self.any_read([value]):
                    return "read"
                return "bound" if self.binds(target) else "none"
            case ast.For(target=target, iter=iterable) | ast.AsyncFor(target=target, iter=iterable):
                inner = [] if self.binds(target) else statement.body
                return self.either([iterable, target], inner, statement.orelse)
            case ast.While(test=test):
                return self.either([test], statement.body, statement.orelse)
            case ast.If(test=test):
                if self.any_read([test]):
                    return "read"
                uses = [self.block(statement.body), self.block(statement.orelse)]
                if any(use == "read" for use, _ in uses):
                    return "read"
                return "bound" if all(use == "bound" and not escapes for use, escapes in uses) else "none"
            case ast.With(items=items) | ast.AsyncWith(items=items):
                if self.any_read(items):
                    return "read"
                if any(one.optional_vars is not None and self.binds(one.optional_vars) for one in items):
                    return "bound"
                return self.either([], statement.body)
        return "read" if self.any_read([statement]) else "none"

    def either(self, first: Sequence[ast.AST], *blocks: Sequence[ast.stmt]) -> Use:
        """Of blocks that may run or not."""
        is_read = self.any_read(first) or any(self.block(block)[0] == "read" for block in blocks)
        return "read" if is_read else "none"

    def binds(self, target: ast.expr) -> bool:
        """Whether an assignment to `target` binds the variable."""
        if isinstance(target, ast.Tuple | ast.List):
            return any(self.binds(one) for one in target.elts)
        if isinstance(target, ast.Starred):
            return self.binds(target.value)
        return isinstance(target, ast.Name) and target.id == self.name


def seen_when_failing(name: str, statement: ast.stmt, scope: Scope, *, foreseen: bool = False) -> bool:
    """Whether code of this scope may read `name` after `statement` has failed half-way.

    A handler or a `finally` around it reads the variable, or something around it swallows the exception and the code
    that follows reads it. `foreseen`: only where a `try` or a context manager that is there for exceptions does so,
    not where some context manager may.
    """
    for around in ancestors(statement):
        if isinstance(around, (*_DEFINITIONS, ast.Lambda)):
            return False
        if isinstance(around, ast.With | ast.AsyncWith):
            managers = [one.context_expr for one in around.items]
            swallows = any(_swallows(one) if foreseen else not _lets_through(one) for one in managers)
        elif isinstance(around, _TRY):
            reader = _Reader(name, scope.find(name))
            in_body = any(contains(one, statement) for one in around.body)
            if reader.read_late(around) if in_body else reader.block(around.finalbody)[0] == "read":
                return True
            swallows = in_body and reader.goes_on(around)
        else:
            continue
        if swallows and lives_after(name, around, scope):
            return True
    return False


def _swallows(manager: ast.expr) -> bool:
    """Whether a context manager is there to swallow exceptions, or may be given another one that does."""
    return dotted(manager).rpartition(".")[2] in _SWALLOWING


def _lets_through(manager: ast.expr) -> bool:
    """Whether a context manager is one that lets exceptions pass: an opened file, a lock."""
    match manager:
        case ast.Call(func=ast.Name(id="open") | ast.Attribute(attr="open")):
            return True
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.lower().endswith("lock")
    return False
