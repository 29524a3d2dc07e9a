"""Jump in finally

## What it does
Reports `return`, `break` and `continue` that leave a `finally` block.

## Why
A `finally` block also runs while an exception is on its way out, or a value is being returned. A jump out of the block
takes their place: the exception is gone without a trace, and the caller gets another value. Python 3.14 warns of it.

## Example
    def load(path):
        try:
            return parse(path)
        finally:
            return None

Better:
    def load(path):
        try:
            return parse(path)
        except ParseError:
            return None

## When the fix is safe
There is no fix: which exceptions may be dropped, and which value shall win, only the author knows.

## Asked as
- return inside finally swallows the exception
- break or continue in a finally block, SyntaxWarning: 'return' in a 'finally' block
- exception is lost because finally returns
- finally overrides the return value of try
- lost-exception, return-in-finally, W0150, B012
- function returns normally although an error was raised in the try block
- finally block with a return, error never arrives at the caller, ValueError is swallowed and None comes back
- continue within finally, loop goes on as if nothing had happened
- which return wins, the one in try or the one in finally
- exception does not come through because of a return, break or continue in finally
- timeout or error nobody ever sees, finally returns a status

## References
- The Python Language Reference, 8.4.4 finally clause
- PEP 765, Disallow return/break/continue that exit a finally block
"""

import ast
from collections.abc import Iterable, Iterator

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import walk_block
from chatbt.analysis.scopes import Scope
from chatbt.specialists.pattern import Findings, critic

_LOOPS = (ast.For, ast.AsyncFor, ast.While)


@critic("CC003", group="bug", since="0.1", ruff=("B012",))
def jump_in_finally(statement: ast.Try | ast.TryStar, scope: Scope) -> Findings:
    if not statement.finalbody:
        return
    for jump in _jumps(statement.finalbody, in_loop=False):
        returned = any(isinstance(node, ast.Return) for node in walk_block(statement.body))
        word = type(jump).__name__.lower()
        lost = " and the value that `try` returns" if returned else ""
        yield Finding(jump, f"`{word}` in `finally` discards any exception that is on its way out{lost}")


def _jumps(block: Iterable[ast.AST], *, in_loop: bool) -> Iterator[ast.stmt]:
    """The jumps that leave `block`; those that leave an inner `finally` are the inner `try` statement's."""
    for node in block:
        if isinstance(node, ast.Return) or (isinstance(node, ast.Break | ast.Continue) and not in_loop):
            yield node
        elif isinstance(node, _LOOPS):
            yield from _jumps(node.body, in_loop=True)
            yield from _jumps(node.orelse, in_loop=in_loop)
        elif isinstance(node, ast.Try | ast.TryStar):
            yield from _jumps([*node.body, *node.handlers, *node.orelse], in_loop=in_loop)
        elif isinstance(node, ast.If | ast.With | ast.AsyncWith | ast.ExceptHandler | ast.Match | ast.match_case):
            yield from _jumps(ast.iter_child_nodes(node), in_loop=in_loop)
