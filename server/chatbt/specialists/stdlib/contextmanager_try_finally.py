"""contextlib.contextmanager: try and finally

## What it does
Suggests `try` and `finally` around the `yield` of a context manager that puts something back behind it.

## Why
When the body of the `with` raises, the exception comes out of the `yield`. Without a `finally` the generator ends right
there: the directory is not changed back, the lock not released, just when it matters.

## Example
    from contextlib import contextmanager

    @contextmanager
    def pushd(path):
        old = enter(path)
        yield old
        leave(old)

Better:
    from contextlib import contextmanager

    @contextmanager
    def pushd(path):
        old = enter(path)
        try:
            yield old
        finally:
            leave(old)

## When the fix is safe
Never without a look: what was left out after an exception then happens, which is the point. What belongs to success
alone, as a commit does, stays in front of the `finally`.

## Asked as
- contextmanager does not clean up when an exception is raised in the with block
- @contextmanager generator, yield without try and finally
- code after yield is not executed on error, teardown is skipped
- own context manager restores the old state only if nothing goes wrong
- cleanup after yield, setup and teardown, resource is not released when the body fails
- how to write a context manager function properly
- my with helper does not restore the setting if the block raises
- generator function with one yield used in a with, code behind yield is skipped
- change directory, environment or state for a while and put it back even after an error
- cleanup in a hand-written context manager
- contextmanager that changes the folder and goes back, stays there if the block fails
- yield in a with helper, error in the block, rest is not run

## References
- The Python Standard Library, contextlib.contextmanager
"""

import ast
import re

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import walk_block
from chatbt.analysis.functions import has_decorator
from chatbt.analysis.outer import dotted
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Edit, Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.rewriting.withs import indent_unit, indented
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, stdlib

_DECORATORS = ("contextlib.contextmanager", "contextlib.asynccontextmanager")
_UNDOING = frozenset(
    "close release unlock stop shutdown cleanup remove rmtree rmdir unlink restore reset pop popleft clear disconnect "
    "terminate kill leave exit teardown delete undo disable enable chdir rollback quit join unset uninstall detach "
    "discard unregister unsubscribe unpatch destroy free end revert unbind logout deactivate setlevel".split()
)
_OF_SUCCESS = frozenset(
    "commit assert check verify success succeed succeeded success done finish complete save write print flush "
    "info debug log validate expect".split()
)
_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+")
_LEAVING = (ast.Return, ast.Yield, ast.YieldFrom, ast.Assert, ast.Raise, ast.Try)


@stdlib(
    "SL013",
    module="contextlib",
    since="0.1",
    ruff=("RUF075",),
    names={
        "contextlib.contextmanager": (
            "Makes a context manager of a generator function that yields once. If the block raises, the exception"
            " comes out of the `yield`: what has to be tidied up belongs into a `finally`, and is forgotten without"
            " one."
        ),
    },
)
def contextmanager_try_finally(function: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> Findings:
    if not function.decorator_list or not has_decorator(function, scope, *_DECORATORS):
        return
    yields = [node for node in walk_block(function.body) if isinstance(node, ast.Yield | ast.YieldFrom)]
    index = next((number for number, one in enumerate(function.body) if _is_bare_yield(one)), None)
    if len(yields) != 1 or index is None or index + 1 == len(function.body):
        return
    before, behind = function.body[:index], function.body[index + 1 :]
    if any(isinstance(node, _LEAVING) for node in walk_block(behind)):
        return
    saved = {node.id for node in walk_block(before) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    saved |= {one.arg for one in (*function.args.args, *function.args.kwonlyargs)}
    if _names(behind) & _OF_SUCCESS or not any(_undoes(one, saved) for one in behind):
        return
    message = f"if the body of a `with {function.name}(...)` raises, what follows this `yield` is left out"
    yield Finding(function.body[index], message, about=(function.body[index], behind))


def _is_bare_yield(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Yield)


def _names(block: list[ast.stmt]) -> set[str]:
    """The words in the names of what is called."""
    called = (dotted(node).rpartition(".")[2] for node in walk_block(block) if isinstance(node, ast.Call))
    return {word.lower() for name in called for word in _WORDS.findall(name)}


def _undoes(statement: ast.stmt, saved: set[str]) -> bool:
    """Whether a statement puts back what was kept, or calls what by its name ends something."""
    match statement:
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript() | ast.Name()], value=ast.Name(id=name)):
            return name in saved
        case ast.Delete():
            return True
        case ast.Expr(value=ast.Call() | ast.Await(value=ast.Call())):
            return bool(_names([statement]) & _UNDOING)
        case ast.If(body=body):
            return any(_undoes(one, saved) for one in body)
    return False


@contextmanager_try_finally.fix
def clean_up_in_finally(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    statement, behind = finding.about
    edits = indented([statement, *behind], rewrite)
    if edits is None or not rewrite.stands_alone(behind[0]) or not rewrite.stands_alone(statement):
        return None
    indent = rewrite.indent(statement)
    first, *others = edits
    last = rewrite.place(statement).end.line
    end = Position(last, len(rewrite.line(last).encode("utf-8", "surrogatepass")))
    return review(
        "Put what follows into a `finally`",
        Edit(first.stretch, f"{indent}try:{rewrite.newline}{indent_unit(statement, rewrite)}"),
        Edit(Range(end, end), f"{rewrite.newline}{indent}finally:"),
        *others,
    )
