"""An f-string gives the text that the sum gave."""

from hypothesis import strategies as st

from tests.specialists.behaviour import SCALARS, VALUES, behaves_as_before


def test_proven_strings_and_numbers() -> None:
    code = r"""
        def f(x, y, z):
            a = str(x)
            n = len(a)
            r = float(n)
            b = f"{y}"
            k = effect(z) is None
            return a + "\t'" + str(n) + " \N{EM DASH} " + 'ä' + b + "\\" + str(r) + b.strip() + str(k)
    """
    behaves_as_before("PY013", code, VALUES, SCALARS, SCALARS)


def test_numbers_of_all_sizes() -> None:
    code = """
        def f(x, y):
            n = int(x)
            r = float(y)
            return "<" + str(n * 3) + "|" + str(r) + "|" + str(n - 1) + ">"
    """
    behaves_as_before("PY013", code, st.integers(), st.floats())
