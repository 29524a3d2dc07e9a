"""A loop that asks in its condition goes on as long as it did."""

import pytest

from tests.specialists.behaviour import ITEMS, behaves_as_before


@pytest.mark.parametrize("test", ["not x", "x", "x is None", "x is not None"])
def test_the_loop_ends_where_it_did(test: str) -> None:
    code = f"""
        def f(xs):
            xs = iter(xs)
            while True:
                x = fails(next(xs, None))
                if {test}:
                    break
                if effect(x) == 1:
                    continue
                if x == 2:
                    break
            return x, xs
    """
    behaves_as_before("PY024", code, ITEMS)


def test_strings_are_compared_the_other_way_round() -> None:
    code = """
        def f(xs):
            xs = iter(xs)
            while True:
                x = repr(next(xs, 0))
                if x == "0":
                    break
                effect(x)
            return list(xs)
    """
    behaves_as_before("PY024", code, ITEMS)
