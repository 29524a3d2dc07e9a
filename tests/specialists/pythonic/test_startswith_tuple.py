"""One call with a tuple answers as the calls one after the other did."""

from hypothesis import strategies as st

from tests.specialists.behaviour import VALUES, behaves_as_before

TEXTS = st.text("ab#", max_size=4)


def test_strings_are_tested_as_before() -> None:
    code = """
        def f(s: str, x):
            return effect(x) or s.startswith("a") or s.startswith("b#") or s.startswith("") or s.endswith("a")
    """
    behaves_as_before("PY022", code, TEXTS, VALUES)


def test_bytes_are_tested_as_before() -> None:
    code = r"""
        def f(s):
            data = s.encode()
            line = bytes(data)
            return [line.endswith(b"a") or line.endswith((b"#b", b"ba")) or line.endswith(b"\\n")]
    """
    behaves_as_before("PY022", code, TEXTS)
