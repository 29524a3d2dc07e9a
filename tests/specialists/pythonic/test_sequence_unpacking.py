"""Unpacking gives the items that were taken one by one."""

import pytest
from hypothesis import strategies as st

from tests.specialists.behaviour import ITEMS, ITERABLES, VALUES, behaves_as_before


@pytest.mark.parametrize(
    "made", ["(x, y, effect(x))", "(x, [y], x)", "str(x).partition('a')", "repr(y).rpartition(' ')"]
)
def test_three_items(made: str) -> None:
    code = f"""
        def f(x, y):
            effect(y)
            p = {made}
            a = p[0]
            b = p[1]
            c = p[2]
            return a, b, c, p
    """
    behaves_as_before("PY015", code, VALUES, VALUES)


@pytest.mark.parametrize(
    "made", ["zip(xs, ys)", "enumerate(xs)", "pairwise(xs)", "dict(zip(map(repr, xs), ys)).items()"]
)
def test_pairs_of_a_loop(made: str) -> None:
    code = f"""
        from itertools import pairwise
        def f(xs, ys):
            for pair in {made}:
                x = pair[0]
                y = pair[1]
                effect(x)
                fails(y)
            return x, y
    """
    behaves_as_before("PY015", code, ITERABLES, ITEMS)


def test_parts_of_a_path() -> None:
    code = """
        import os
        def f(path):
            p = os.path.split(path)
            head = p[0]; tail = p[1]
            return head, tail
    """
    behaves_as_before("PY015", code, st.one_of(st.text("ab/.", max_size=6), st.binary(max_size=3), st.none()))
