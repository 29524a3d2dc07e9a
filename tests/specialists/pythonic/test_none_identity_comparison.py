"""What is proven to be of a builtin type is None exactly if it is equal to it."""

import pytest

from tests.specialists.behaviour import SCALARS, behaves_as_before


@pytest.mark.parametrize("made", ["[x]", "{x: 1}", "(x,)", "f'{x}'", "str(x)", "None", "1.5", "len(str(x))"])
@pytest.mark.parametrize("test", ["y == None", "y != None", "None == y"])
def test_it_behaves_as_before(made: str, test: str) -> None:
    code = f"""
        def f(x):
            y = {made}
            return "so" if {test} else "not so"
    """
    behaves_as_before("PY019", code, SCALARS)
