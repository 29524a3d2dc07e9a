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
                    {jump}
                elif x:
                    {jump}
                else:
                    a = effect(x)
                    if effect(a) == b:
                        a = effect("second")
                    effect("third")
                effect("last")
            else:
                effect("end")
            return a
    """
    behaves_as_before("PY028", code, ITERABLES, VALUES)


def test_an_else_behind_errors_runs() -> None:
    code = """
        def f(a, b):
            if effect(a):
                message = effect(b)
                raise ValueError(message)
            elif effect(b):
                raise KeyError(b)
            else: a = effect(2)
            return a, b
    """
    behaves_as_before("PY028", code, VALUES, VALUES)
