"""Loop that only asks a question

## What it does
Finds a `for` loop that returns True (or False) once a condition holds for some element, with the opposite returned
behind it, and the same with a flag that is set before a `break`.

## Why
`any` and `all` are the names of these two questions. Written with them the answer is one expression, and which of the
two it is does not have to be read off the order of True and False.

## Example
    def has_admin(users):
        for user in users:
            if user.admin:
                return True
        return False

Better:
    def has_admin(users):
        return any(user.admin for user in users)

## When the fix is safe
When the condition is made of variables, attributes, operators and builtin functions, so that it cannot raise
StopIteration, which a generator turns into a RuntimeError; and when nobody reads the loop's variable afterwards, or a
flag before the loop has ended.

## Asked as
- check if any element satisfies a condition, if all elements do
- for loop with return True and return False at the end
- found = False flag, set to True and break
- SIM110, R1729, does any item match, are all of them valid
- test whether at least one, none or every item in a list is such and such
- loop that only decides yes or no
- shorten a function that goes through a list and returns a boolean
- does at least one thing in the list meet the condition, do all of them
- loop with a flag variable and break just to know whether something exists
- return False as soon as one is invalid, True at the end
- boolean flag set inside a loop, exists, contains any, every
- is there an element that is negative, empty or expired
- whether every password is long enough, whether some file is missing
- is one of them bad, stop at the first, without a flag

## References
- The Python Standard Library, Built-in Functions, any and all
"""

import ast
from typing import NamedTuple

from chatbt.analysis.collecting import Round, Started, is_movable, is_unseen, mentions, round_of, started
from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import siblings
from chatbt.analysis.liveness import seen_when_failing
from chatbt.analysis.names import is_builtin
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.analysis.sharing import calls_out
from chatbt.analysis.types import exactly
from chatbt.rewriting.comprehensions import in_place_of, statements_replaced, tested
from chatbt.rewriting.fix import Fix, review, safe
from chatbt.rewriting.layout import line_end
from chatbt.rewriting.negation import turned
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Range
from chatbt.specialists.pattern import Findings, pythonic

# Types whose `!=` is true exactly where their `==` is false, whatever objects there are.
_PLAIN = ("int", "bool", "float", "complex", "str", "bytes", "NoneType")


class _Question(NamedTuple):
    """The loop, what it answers once its condition holds, and the flag or the `return` that gives the other answer."""

    round: Round
    answer: bool
    flag: Started | None
    last: ast.stmt


@pythonic("PY006", since="0.1", ruff=("SIM110",))
def any_all_over_loop(loop: ast.For, scope: Scope) -> Findings:
    round_ = round_of(loop)
    if round_ is None or round_.test is None:
        return
    question = _returned(round_) or _flagged(round_)
    if question is None or not (is_builtin("any", scope) and is_builtin("all", scope)):
        return
    parts = [round_.test.test]
    if question.flag is not None and mentions(question.flag.name, [loop.target, loop.iter, *parts]):
        return
    if question.flag is not None and seen_when_failing(question.flag.name, loop, scope, foreseen=True):
        return
    if not is_movable(loop, parts, scope):
        return
    first = question.flag.statement if question.flag is not None else loop
    last = question.last.__dict__
    stretch = Range.of(first.lineno, first.col_offset, last["end_lineno"], last["end_col_offset"])
    target = f"`{loop.target.id}`" if isinstance(loop.target, ast.Name) else "element"
    yield Finding(
        loop, f"the loop only asks whether a condition holds for some {target}", stretch=stretch, about=question
    )


def _returned(round_: Round) -> _Question | None:
    match round_.body, siblings(round_.loop)[1][:1]:
        case (
            [ast.Return(value=ast.Constant(value=bool(answer)))],
            [ast.Return(value=ast.Constant(value=bool(other))) as last],
        ) if answer is not other:
            return _Question(round_, answer, None, last)
    return None


def _flagged(round_: Round) -> _Question | None:
    match round_.body:
        case [ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=bool(answer))), ast.Break()]:
            flag = started(round_.loop)
        case _:
            return None
    if flag is None or flag.name != name or not isinstance(flag.value, ast.Constant):
        return None
    return _Question(round_, answer, flag, round_.loop) if flag.value.value is not answer and _is_bool(flag) else None


def _is_bool(flag: Started) -> bool:
    return isinstance(flag.value, ast.Constant) and isinstance(flag.value.value, bool)


@any_all_over_loop.fix
def ask_it(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    question = finding.about
    assert isinstance(question, _Question)
    round_, flag = question.round, question.flag
    assert round_.test is not None
    leaving = rewrite.place(round_.body[-1])
    if comments_within(Range(leaving.start, line_end(leaving.end.line, rewrite)), rewrite.walked):
        return None  # it would come to stand behind the condition
    function, text = _asked(round_.test.test, question.answer, scope, rewrite)
    if flag is not None:
        made = tested(flag.value, (f"{function}(", ")"), text, round_, rewrite)
        edits = in_place_of(flag.statement, flag.value, round_.loop, made, rewrite) if made else None
    else:
        made = tested(round_.loop, (f"return {function}(", ")"), text, round_, rewrite)
        edits = statements_replaced(round_.loop, question.last, made, rewrite) if made else None
    if edits is None:
        return None
    is_proven = not calls_out([round_.test.test], round_.loop, scope) and (
        flag is None or is_unseen(flag.name, round_.loop, scope)
    )
    return (safe if is_proven else review)(f"Use `{function.removeprefix('not ')}`", *edits)


def _asked(test: ast.expr, answer: bool, scope: Scope, rewrite: Rewrite) -> tuple[str, str]:
    """The function and the condition that give the answer True where the loop's does."""
    if answer:
        return "any", rewrite.text(test)
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return "all", rewrite.text(operand)
        case ast.Compare() if _has_opposite(test, scope) and (text := turned(test, rewrite)):
            return "all", text
    return "not any", rewrite.text(test)


def _has_opposite(test: ast.Compare, scope: Scope) -> bool:
    """Whether a comparison has an operator that is certain to give the opposite; `==` of an object may be its own."""
    match test.ops:
        case [ast.In() | ast.NotIn() | ast.Is() | ast.IsNot()]:
            return True
        case [ast.Eq() | ast.NotEq()]:
            return all(exactly(one, scope, *_PLAIN) for one in (test.left, *test.comparators))
    return False
