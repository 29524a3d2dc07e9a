"""Values change places as they did through a variable."""

import pytest
from hypothesis import strategies as st

from tests.specialists.behaviour import ITERABLES, VALUES, behaves_as_before


def test_variables_change_places() -> None:
    code = """
        def f(a, b, c):
            tmp = a
            a = b
            b = tmp
            if c:
                kept = b; b = c; c = kept
            return a, b, c
    """
    behaves_as_before("PY014", code, VALUES, VALUES, VALUES)


def test_a_missing_variable_is_missed_as_before() -> None:
    code = """
        def f(a, c):
            if c:
                b = c
            try:
                tmp = a
                a = b
                b = tmp
            except NameError:
                return a
            return a, b
    """
    behaves_as_before("PY014", code, VALUES, VALUES)


@pytest.mark.parametrize(("i", "j"), [("0", "-1"), ("n", "n - 1"), ("2", "n"), ("n", "n")])
def test_items_of_a_list_change_places(i: str, j: str) -> None:
    code = f"""
        def f(xs, m):
            n = int(m)
            ys = list(xs)
            zs = [*ys, 0]
            try:
                tmp = ys[{i}]
                ys[{i}] = zs[{j}]
                zs[{j}] = tmp
            except IndexError:
                return ys, zs, "failed"
            return ys, zs
    """
    behaves_as_before("PY014", code, ITERABLES, st.integers(-4, 4))
