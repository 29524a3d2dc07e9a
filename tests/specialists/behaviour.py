"""The behaviour of code before and after a safe fix, compared on inputs that Hypothesis makes.

A test gives code that defines `f` and a strategy for each of its arguments:

    def test_it_behaves_as_before() -> None:
        behaves_as_before("PY017", '''
            def f(mode):
                return mode == "r" or mode == "w"
        ''', VALUES)

The code may call `effect(x)`, which notes x and returns it, and `fails(x)`, which notes x and raises for every third.
What counts is what `f` returns or raises, how it leaves its arguments, and what was noted, in order.
"""

import copy
import math
import textwrap
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chatbt.analysis.scopes import FileFacts
from chatbt.rewriting.apply import apply
from chatbt.source.document import Document
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import problems
from chatbt.workspace.fixing import fix_of
from chatbt.workspace.profile import Profile
from chatbt.workspace.trial import attempt


class Unhashable(list[int]):
    """A list of a class of its own."""


class Odd:
    """Equal to nothing, not even to itself."""

    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "Odd()"


class Failing:
    """An iterable that raises half-way."""

    def __init__(self, items: list[Any]) -> None:
        self.items = items

    def __iter__(self) -> Iterator[Any]:
        yield from self.items
        raise LookupError("half-way")

    def __repr__(self) -> str:
        return f"Failing({self.items!r})"


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.floats(allow_nan=True, width=16), st.text("ab ", max_size=3),
    st.just(math.nan), st.builds(Odd),
)  # fmt: skip
"""Small values that are often equal, with NaN and what is equal to nothing."""

ITEMS = st.lists(SCALARS, max_size=5)
"""Lists of them: empty, of one element, with duplicates."""

VALUES = st.one_of(SCALARS, ITEMS, st.dictionaries(st.text("ab", max_size=2), SCALARS, max_size=3),
                   st.builds(Unhashable, st.lists(st.integers(0, 2), max_size=3)))  # fmt: skip
"""Anything."""

ITERABLES = st.one_of(ITEMS, st.builds(tuple, ITEMS), st.text("ab", max_size=4), st.builds(Failing, ITEMS))
"""Whatever can be iterated over again and again; some fail half-way."""

NUMBERS = st.lists(st.one_of(st.integers(-5, 5), st.booleans(), st.floats(allow_nan=True, width=16)), max_size=5)
WORDS = st.lists(st.text("ab -", max_size=3), max_size=5)


def behaves_as_before(pattern: str, code: str, *arguments: st.SearchStrategy[Any], target: str = "3.11") -> None:
    """Mend every finding of the pattern in `code` by its safe fix; `f` then does what it did, on these arguments."""
    before = textwrap.dedent(code)
    after = safely_fixed(pattern, before, target)

    @given(st.tuples(*arguments))
    def compare(values: tuple[Any, ...]) -> None:
        assert outcome(after, values) == outcome(before, values), f"{before}\nbecame\n{after}"

    compare()


def safely_fixed(pattern: str, code: str, target: str = "3.11") -> str:
    """The code after the safe fix of each finding. AssertionError if there is none, or one that is not safe."""
    major, minor = target.split(".")
    checker = Checker(
        Document.from_text("a.py", code), Profile(frozenset([pattern]), FileFacts((int(major), int(minor))))
    )
    for _ in range(10):
        problem = next((one for one in problems(checker, suggestions=True) if one.id == pattern), None)
        if problem is None:
            break
        assert problem.report is not None
        fix = fix_of(checker, problem.chunk, problem.state, problem.report)
        assert fix is not None, "there is no fix"
        assert fix.safe, f"the fix is not proven safe: {fix.title}"
        trial = attempt(checker, fix.edits, problem.report)
        assert trial.checker is not None, str(trial.fall)
        assert apply(checker.document, fix.edits).text == trial.checker.document.text
        checker = trial.checker
        checker.take_over()
    assert checker.document.text != code, "nothing is found"
    return checker.document.text


def outcome(code: str, values: tuple[Any, ...]) -> object:
    """What `f` does with a copy of the values: (result or exception, arguments afterwards, what was noted)."""
    noted: list[object] = []

    def effect(value: Any) -> Any:
        noted.append(shape(value))
        return value

    def fails(value: Any) -> Any:
        noted.append(shape(value))
        if len(noted) % 3 == 0:
            raise LookupError("every third")
        return value

    space: dict[str, Any] = {"effect": effect, "fails": fails, "__name__": "code"}
    exec(compile(code, "code", "exec"), space)
    arguments = copy.deepcopy(values)
    try:
        result = shape(space["f"](*arguments))
    except Exception as error:
        result = ("raised", type(error).__name__, tuple(map(shape, error.args)))
    return result, tuple(map(shape, arguments)), noted


def shape(value: Any, depth: int = 6) -> object:
    """A value as something that can be compared: exact types, NaN equal to NaN, iterators run through."""
    if depth == 0:
        return "…"
    if isinstance(value, list | tuple):
        return (type(value).__name__, tuple(shape(one, depth - 1) for one in value))
    if isinstance(value, set | frozenset):
        return (type(value).__name__, frozenset(shape(one, depth - 1) for one in value))
    if isinstance(value, dict):
        return (type(value).__name__, tuple((shape(k, depth - 1), shape(v, depth - 1)) for k, v in value.items()))
    if hasattr(value, "__next__"):
        found: list[object] = []
        try:
            found.extend(shape(one, depth - 1) for one in value)
        except Exception as error:
            found.append(("raised", type(error).__name__))
        return ("iterator", tuple(found))
    if callable(value):
        return ("callable", getattr(value, "__name__", ""))
    if type(value).__module__ in ("builtins", "decimal", "datetime", "fractions", "pathlib"):
        return (type(value).__name__, repr(value))
    return (type(value).__name__, repr(value) if "__repr__" in vars(type(value)) else shape(vars(value), depth - 1))
