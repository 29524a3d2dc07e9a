"""A membership test answers as the comparisons did."""

import pytest

from tests.specialists.behaviour import SCALARS, VALUES, behaves_as_before

TESTS = [
    '{} == "a" or {} == "ab" or {} == "b "',
    "{} != 1 and {} != -2 and 0.0 != {}",
    "x or {} == 1 or {} == 0 or x",
    "{} != b'a' and {} != 'a'",
]


@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize("made", ["str(x)", "f'{x}'", "len(str(x))", "[x]", "(x, 1)", "None", "1.0", "{x: 1}"])
def test_proven_values_are_found_as_before(made: str, test: str) -> None:
    code = f"""
        def f(x):
            y = {made}
            return {test.replace("{}", "y")}
    """
    behaves_as_before("PY017", code, SCALARS)


def test_an_annotation_is_enough_in_a_condition() -> None:
    code = """
        def f(x: str):
            if x == "a" or x == " ":
                return 1
            return [y for y in x if not (x == "b" or x == 1)]
    """
    behaves_as_before("PY017", code, VALUES)
