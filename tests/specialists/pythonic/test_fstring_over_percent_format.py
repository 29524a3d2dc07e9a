"""An f-string gives the text that `%` gave."""

import pytest
from hypothesis import strategies as st

from tests.specialists.behaviour import VALUES, behaves_as_before

NUMBERS = st.one_of(st.integers(), st.booleans())
FLOATS = st.one_of(st.integers(-9, 9), st.floats())


def test_any_value_by_its_repr() -> None:
    behaves_as_before(
        "PY011",
        """
        def f(x, y):
            return "%r|%9r|%-9r|%.2r|%a|%12.3a" % (x, y, x, y, x, y), "%s %5s" % (str(x), repr(y))
        """,
        VALUES,
        VALUES,
    )


@pytest.mark.parametrize("flags", ["", "-", "+", " ", "0", "-0", "+0", "- +0", "#", "#0", "#-+"])
@pytest.mark.parametrize("width", ["", "1", "7"])
def test_whole_numbers(flags: str, width: str) -> None:
    kinds = "xXo" if "#" in flags else "diuxXo"
    text = "|".join(f"%{flags}{width}{kind}" for kind in kinds)
    code = f"""
        def f(x):
            x = x if type(x) is int else int(x)
            n = int(x)
            return "{text}" % ({", ".join("n" for _ in kinds)})
    """
    behaves_as_before("PY011", code, NUMBERS)


@pytest.mark.parametrize("flags", ["", "-", "+", " ", "0", "-0", "+0", " 0"])
@pytest.mark.parametrize("width", ["", "1", "11", ".0", "9.2"])
def test_fractions(flags: str, width: str) -> None:
    text = "|".join(f"%{flags}{width}{kind}" for kind in "eEfFgG")
    code = f"""
        def f(x):
            n = float(x)
            return "{text}" % (n, n, n, n, n, n)
    """
    behaves_as_before("PY011", code, FLOATS)


def test_strings_and_none() -> None:
    behaves_as_before(
        "PY011",
        """
        def f(x):
            s, n = repr(x), len(repr(x))
            t = repr(x)
            u = None
            return "%s|%4s|%-4s|%.2s|%9.2s|%-9.2s|%s 100%%" % (t, t, t, t, t, t, u)
        """,
        VALUES,
    )
