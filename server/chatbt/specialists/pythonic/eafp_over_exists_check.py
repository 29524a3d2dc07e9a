"""Try it instead of asking whether the file exists

## What it does
Finds a test whether a path exists right before the path is removed, opened or made as a directory.

## Why
Between the question and the act another process, or a user, may make or remove the file: then the act fails after all,
in the rare case that nobody tests, or a file is written that somebody else has put there. The act itself says
whether it could be done, at once and for certain.

## Example
    from pathlib import Path

    def forget(path: Path):
        if path.exists():
            path.unlink()

Better:
    from pathlib import Path

    def forget(path: Path):
        path.unlink(missing_ok=True)

## When the fix is safe
Never without a look: what comes of a broken link, a missing folder or a file that appears meanwhile changes, for the
better as a rule. There is no fix where more is done than the one act, or where the file is opened and there is nothing
to be done without it.

## References
- The Python Glossary: EAFP
- The Python Standard Library, os.makedirs, pathlib.Path.unlink, contextlib.suppress
"""

import ast
from typing import NamedTuple

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import is_pure
from chatbt.analysis.names import callee, is_builtin, same
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import proven
from chatbt.rewriting.arguments import added_argument
from chatbt.rewriting.dedent import dedented
from chatbt.rewriting.fix import Edit, Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, pythonic

_TESTS = frozenset({"os.path.exists", "os.path.lexists"})
_FOLDER_TESTS = _TESTS | {"os.path.isdir"}
_REMOVE = frozenset({"os.remove", "os.unlink", "os.rmdir"})
_MAKE = frozenset({"os.mkdir", "os.makedirs"})


class _Act(NamedTuple):
    """What is done after the test: its call, the path, the exception that says that it could not be done.

    `argument` is what makes the call say nothing of it.
    """

    call: ast.Call
    path: ast.expr
    error: str
    argument: str = ""


@pythonic("PY043", since="0.1")
def eafp_over_exists_check(statement: ast.If, scope: Scope) -> Findings:
    test, negative = statement.test, False
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test, negative = test.operand, True
    if not isinstance(test, ast.Call) or test.keywords:
        return
    path = _asked(test, negative, scope)
    if path is None or not is_pure(path, attributes=True):
        return
    act = _making(statement, scope) if negative else _using(statement, scope)
    if act is None or not same(act.path, path) or (callee(test, scope) == "os.path.isdir" and not act.argument):
        return
    name, done = ast.unparse(path), ast.unparse(act.call.func)
    yield Finding(test, f"`{name}` may appear or go between this question and `{done}`", about=(statement, act))


def _asked(test: ast.Call, negative: bool, scope: Scope) -> ast.expr | None:
    """The path that a call asks about."""
    if len(test.args) == 1:
        return test.args[0] if callee(test, scope) in (_FOLDER_TESTS if negative else _TESTS) else None
    match test.func:
        case ast.Attribute(value=value, attr="exists") if not test.args and proven(value, scope, "pathlib.Path"):
            return value
        case ast.Attribute(value=value, attr="is_dir") if negative and proven(value, scope, "pathlib.Path"):
            return value
    return None


def _using(statement: ast.If, scope: Scope) -> _Act | None:
    """What an `if path.exists():` does with the path first of all."""
    match statement.body[0]:
        case ast.Expr(value=ast.Call(args=[path], keywords=[]) as call) if callee(call, scope) in _REMOVE:
            return _Act(call, path, "FileNotFoundError")
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=path, attr="unlink" | "rmdir" as how), args=[], keywords=[]) as call
        ) if proven(path, scope, "pathlib.Path"):
            return _Act(call, path, "FileNotFoundError", "missing_ok=True" if how == "unlink" else "")
        case ast.With(items=[ast.withitem(context_expr=ast.Call() as call)]) if len(statement.body) == 1:
            return _opening(call, scope)
        case ast.Assign(value=ast.Call() as call) | ast.Return(value=ast.Call() as call) if len(statement.body) == 1:
            return _opening(call, scope)
    return None


def _opening(call: ast.Call, scope: Scope) -> _Act | None:
    """A call that opens or reads a file that must be there."""
    if isinstance(call.func, ast.Name) and call.args and is_builtin("open", scope) and call.func.id == "open":
        return _Act(call, call.args[0], "FileNotFoundError") if _reads(call, 1) else None
    match call.func:
        case ast.Attribute(value=path, attr="open" | "read_text" | "read_bytes" as how) if proven(
            path, scope, "pathlib.Path"
        ):
            return _Act(call, path, "FileNotFoundError") if how != "open" or _reads(call, 0) else None
    return None


def _reads(call: ast.Call, place: int) -> bool:
    """Whether the mode of an `open` asks for a file that is there."""
    modes = [one.value for one in call.keywords if one.arg == "mode"] + call.args[place : place + 1]
    return all(isinstance(one, ast.Constant) and str(one.value).startswith("r") for one in modes)


def _making(statement: ast.If, scope: Scope) -> _Act | None:
    """What an `if not path.exists():` makes, if it does nothing else."""
    if len(statement.body) != 1 or statement.orelse:
        return None
    match statement.body[0]:
        case ast.Expr(value=ast.Call(args=[path, *_]) as call) if callee(call, scope) in _MAKE:
            argument = "exist_ok=True" if callee(call, scope) == "os.makedirs" else ""
            free = not any(one.arg in ("exist_ok", None) for one in call.keywords) and len(call.args) < 3
            return _Act(call, path, "FileExistsError", argument) if free else None
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=path, attr="mkdir")) as call):
            free = not any(one.arg in ("exist_ok", None) for one in call.keywords) and not call.args
            if free and proven(path, scope, "pathlib.Path"):
                return _Act(call, path, "FileExistsError", "exist_ok=True")
    return None


@eafp_over_exists_check.fix
def just_try(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    statement, act = finding.about
    assert isinstance(statement, ast.If) and isinstance(act, _Act)
    if len(statement.body) != 1 or not rewrite.stands_alone(statement) or not is_builtin(act.error, scope):
        return None
    header = _header(statement, rewrite)
    if header is None:
        return None
    if statement.orelse:
        return _with_handler(statement, act, header, rewrite)
    if not isinstance(statement.body[0], ast.Expr):
        return None
    if act.argument:
        return _without_if(statement, act, header, rewrite)
    suppress = rewrite.imported(scope, "contextlib", "suppress")
    if suppress is None:
        return None
    return review(f"Suppress `{act.error}`", Edit(header, f"with {suppress}({act.error})"))


def _header(statement: ast.If, rewrite: Rewrite) -> Range | None:
    """From the `if` to its colon, where no comment stands between."""
    start = rewrite.place(statement).start
    colon = rewrite.token(rewrite.place(statement.test).end, rewrite.place(statement.body[0]).start, ":")
    header = Range(start, colon.start) if colon else None
    return header if header and not comments_within(header, rewrite.walked) else None


def _without_if(statement: ast.If, act: _Act, header: Range, rewrite: Rewrite) -> Fix | None:
    """The call alone, told not to mind."""
    argument = added_argument(act.call, act.argument, rewrite)
    start, body = header.start, rewrite.place(statement.body[0])
    if argument is None:
        return None
    title = f"Pass `{act.argument}`"
    if body.start.line == header.end.line:
        return review(title, Edit(Range(start, body.start), ""), argument)
    first = Range(Position(start.line, 0), Position(header.end.line + 1, 0))
    if comments_within(first, rewrite.walked):
        return None
    edits = dedented(statement.body, header.end.line + 1, body.end.line, rewrite.indent(statement), rewrite)
    return review(title, Edit(first, ""), *edits, argument) if edits else None


def _with_handler(statement: ast.If, act: _Act, header: Range, rewrite: Rewrite) -> Fix | None:
    """`try` in the place of `if`, and a handler in that of `else`."""
    start, end = rewrite.place(statement.body[0]).end, rewrite.place(statement.orelse[0]).start
    keyword = rewrite.token(start, end, r"\belse\b(?=\s*:)")
    if keyword is None or _may_fail_too(statement.body[0], act):
        return None
    return review(f"Handle `{act.error}`", Edit(header, "try"), Edit(keyword, f"except {act.error}"))


def _may_fail_too(statement: ast.stmt, act: _Act) -> bool:
    """Whether a `try` around the statement would catch much more than the failure of the act."""
    return isinstance(statement, ast.With) and sum(isinstance(one, ast.stmt) for one in ast.walk(statement)) > 3
