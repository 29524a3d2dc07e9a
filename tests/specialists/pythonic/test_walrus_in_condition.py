"""A value that is bound in the condition is the one that was bound before."""

import pytest

from tests.specialists.behaviour import VALUES, behaves_as_before


@pytest.mark.parametrize("test", ["m", "m is not None", "(m)", "(m) is not None"])
def test_the_condition_binds_what_was_bound_before(test: str) -> None:
    code = f"""
        def f(a, b):
            for x in (a, b, a):
                m = fails(x)
                if {test}:
                    effect(m)
                elif m == b:
                    return m
            m = effect(b)
            if {test}:
                return [m]
            return "none"
    """
    behaves_as_before("PY023", code, VALUES, VALUES)
