"""An aggregate of a generator is what it was of a list, and fails as it did."""

import pytest
from hypothesis import strategies as st

from tests.specialists.behaviour import ITEMS, ITERABLES, VALUES, behaves_as_before

ROWS = st.one_of(ITERABLES, st.lists(ITEMS, max_size=4))


@pytest.mark.parametrize(
    "code",
    [
        "sum([len(x) for x in xs])",
        "sum([1 for x in xs if x > y], start=0.5)",
        "max([len(x) for x in xs], default=None)",
        "min([str(x) for x in xs])",
        "set([type(x[0]) is str for x in xs if x == y])",
        "frozenset([f'{x + z}' for x in xs for z in y],)",
        "set([repr(x) for x in xs])",
        "frozenset([(len(x), 1) for x in xs])",
    ],
)
def test_elements_that_the_aggregate_cannot_fail_with(code: str) -> None:
    behaves_as_before("PY029", f"def f(xs, y): return {code}\n", ROWS, VALUES)


@pytest.mark.parametrize(
    "code",
    [
        "sum([x for x in ys])",
        "any([x for x in ys])",
        "all([x is None or x is y for x in ys])",
        "any([isinstance(x, str) for x in ys if x is not y])",
        "min([x for x in ys])",
        "max([x for x in ys], default=1)",
        "set([x for x in ys])",
        "frozenset([x for x in ys if not x is None])",
    ],
)
def test_elements_that_cannot_fail(code: str) -> None:
    behaves_as_before("PY029", f"def f(xs, y):\n    ys = list(xs)\n    return {code}\n", ROWS, VALUES)
