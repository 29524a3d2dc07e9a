"""Without the `else` the same statements run."""

import pytest

from tests.specialists.behaviour import ITERABLES, VALUES, behaves_as_before


@pytest.mark.parametrize("jump", ["return effect(1)", "raise KeyError(a)", "continue", "break", "return"])
def test_the_same_statements_run_without_an_else(jump: str) -> None:
    code = f"""
        def f(xs, b):
            a = None
            for x in xs:
                if fails(x) == b:
                    effect("first")
                    {jump}
                elif x:
                    effect("second")
                    {jump}
                else:
                    a = effect(x)
                effect("last")
            else:
                effect("end")
            return a
    """
    behaves_as_before("PY028", code, ITERABLES, VALUES)


def test_an_elif_that_goes_on_goes_on() -> None:
    code = """
        def f(a, b):
            if effect(a):
                return 1
            elif effect(b):
                a = 2
            return a, b
    """
    behaves_as_before("PY028", code, VALUES, VALUES)
