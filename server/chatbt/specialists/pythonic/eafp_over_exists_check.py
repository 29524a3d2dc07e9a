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

## Asked as
- os.path.exists before open or remove, race condition
- check if a file exists before opening or deleting it
- easier to ask forgiveness than permission, EAFP, LBYL, look before you leap
- if not os.path.exists(d): os.makedirs(d), FileExistsError
- time of check to time of use, TOCTOU, another process deletes it in between
- FileNotFoundError although the existence was checked, makedirs exist_ok, unlink missing_ok
- create a directory only if it is not there
- exists() before unlink(), open() or mkdir(), two processes at the same time
- check first or just try it, existence check and then use
- isfile returned True but open failed right afterwards
- if not os.path.isdir(folder): os.mkdir(folder)
- error because the directory already exists or the file has gone in the meantime
- if os.path.exists(tmp): os.remove(tmp) failed with FileNotFoundError
- somebody else removed or created it between the check and the use

## References
- The Python Glossary: EAFP
- The Python Standard Library, os.makedirs, pathlib.Path.unlink, contextlib.suppress
"""

import ast

from chatbt.analysis.existence import Act, asked_path, making, using
from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import is_pure
from chatbt.analysis.names import callee, is_builtin, same
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.arguments import added_argument
from chatbt.rewriting.blocks import dedented
from chatbt.rewriting.fix import Edit, Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, pythonic


@pythonic("PY043", since="0.1")
def eafp_over_exists_check(statement: ast.If, scope: Scope) -> Findings:
    test, negative = statement.test, False
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test, negative = test.operand, True
    if not isinstance(test, ast.Call) or test.keywords:
        return
    path = asked_path(test, negative, scope)
    if path is None or not is_pure(path, attributes=True):
        return
    act = making(statement, scope) if negative else using(statement, scope)
    if act is None or not same(act.path, path) or (callee(test, scope) == "os.path.isdir" and not act.argument):
        return
    name, done = ast.unparse(path), ast.unparse(act.call.func)
    yield Finding(test, f"`{name}` may appear or go between this question and `{done}`", about=(statement, act))


@eafp_over_exists_check.fix
def just_try(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    statement, act = finding.about
    assert isinstance(statement, ast.If) and isinstance(act, Act)
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


def _without_if(statement: ast.If, act: Act, header: Range, rewrite: Rewrite) -> Fix | None:
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


def _with_handler(statement: ast.If, act: Act, header: Range, rewrite: Rewrite) -> Fix | None:
    """`try` in the place of `if`, and a handler in that of `else`."""
    start, end = rewrite.place(statement.body[0]).end, rewrite.place(statement.orelse[0]).start
    keyword = rewrite.token(start, end, r"\belse\b(?=\s*:)")
    if keyword is None or _may_fail_too(statement.body[0], act):
        return None
    return review(f"Handle `{act.error}`", Edit(header, "try"), Edit(keyword, f"except {act.error}"))


def _may_fail_too(statement: ast.stmt, act: Act) -> bool:
    """Whether a `try` around the statement would catch much more than the failure of the act."""
    return isinstance(statement, ast.With) and sum(isinstance(one, ast.stmt) for one in ast.walk(statement)) > 3
