"""Joined conditions ask what the nested ones asked, in the same order."""

import pytest

from tests.specialists.behaviour import VALUES, behaves_as_before


@pytest.mark.parametrize(
    "test", ["fails(a)", "effect(a) or effect(b)", "a if b else effect(a)", "not effect(a)", "(c := effect(a)) and b"]
)
def test_nested_conditions_ask_the_same(test: str) -> None:
    code = f"""
        def f(a, b):
            c = 0
            if {test}:
                if effect(b) or fails(a):
                    effect("both")
                    return c, 1
            return c, 2
    """
    behaves_as_before("PY027", code, VALUES, VALUES)


def test_three_nested_conditions_ask_the_same() -> None:
    code = """
        def f(a, b):
            if effect(a):
                if a == b or fails(b):
                    if effect(b):
                        return effect("all")
            return effect("none")
    """
    behaves_as_before("PY027", code, VALUES, VALUES)


def test_an_elif_asks_what_the_if_in_the_else_did() -> None:
    code = """
        def f(a, b):
            if effect(a):
                c = 1
            else:
                if fails(b):
                    c = effect(2)
                elif a == b:
                    c = 3
                else:
                    c = 4
            return c
    """
    behaves_as_before("PY027", code, VALUES, VALUES)
