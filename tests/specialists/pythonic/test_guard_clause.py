"""With a guard clause the code does what it did."""

import pytest

from tests.specialists.behaviour import ITERABLES, VALUES, behaves_as_before

CONDITIONS = ["x", "not x", "x is None", "x is not y", "x in (y, 1)", "x not in (y, 1)", "not (x or y)",
              "not x < y", "not (0 < x < y)", "not (x if y else not x)", "(z := x)", "not (z := x)",
              "not x == y"]  # fmt: skip


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_function_that_leaves_early(condition: str) -> None:
    behaves_as_before(
        "PY035",
        f"""
        def f(x, y):
            effect(y)
            if {condition}:
                effect(x)
                for one in "ab":
                    if y:
                        fails(one)
                text = '''
                as it is'''
                effect(text)
                if x != 1:
                    effect(y)
                    fails(x)
                    effect(1)
                    return fails(y)
        """,
        VALUES,
        VALUES,
    )


def test_a_loop_that_goes_on() -> None:
    behaves_as_before(
        "PY035",
        """
        def f(xs, y):
            for x in xs:
                if x is not y:
                    effect(x)
                    while y:
                        if x:
                            effect(y)
                        break
                    fails(x)
                    if x is None:
                        break
            else:
                effect("else")
        """,
        ITERABLES,
        VALUES,
    )
