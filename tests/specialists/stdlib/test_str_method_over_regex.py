"""The methods of a string find, replace and split what the regular expression did."""

from hypothesis import strategies as st

from tests.specialists.behaviour import SCALARS, behaves_as_before

TEXTS = st.one_of(st.text("ab-\n", max_size=8), SCALARS)


def test_a_text_is_replaced_and_split_as_before() -> None:
    code = """
        import re

        def f(x):
            text = str(fails(x))
            return re.sub("a-", "b", text), re.split("ab", text), re.sub("b", "", f"{x}"), re.split("\\n", text)
    """
    behaves_as_before("SL019", code, TEXTS)


def test_a_text_is_found_as_before() -> None:
    code = """
        import re

        def f(x):
            text = str(x)
            found = []
            if re.match("ab", text) and not re.search("b-", text):
                found.append(1)
            if not re.fullmatch("ab", text):
                found.append(2)
            return found, 1 if re.fullmatch("a", str(fails(x))) else 2, 1 if re.search("a", text) else 2
    """
    behaves_as_before("SL019", code, TEXTS)


def test_bytes_are_treated_alike() -> None:
    code = """
        import re

        def f(x):
            text = bytes(x)
            return re.sub(b"a", b"", text), re.split(b"a", text), not re.search(b"ab", text)
    """
    behaves_as_before("SL019", code, st.one_of(st.binary(max_size=4), st.text("ab").map(str.encode), SCALARS))
