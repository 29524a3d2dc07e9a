"""A builtin collection is true exactly if its length is not zero."""

import pytest

from tests.specialists.behaviour import ITEMS, behaves_as_before

MADE = ["list(x)", "tuple(x)", "dict.fromkeys(map(repr, x))", "set(map(repr, x))", "repr(x)[1:-1]", "range(y)"]


@pytest.mark.parametrize("made", [*MADE, "bytes(y)", "bytearray(y)"])
def test_a_builtin_collection_is_tested_as_before(made: str) -> None:
    code = f"""
        def f(x):
            y = len(x)
            z = {made}
            while len(z) > 0 and effect(1):
                break
            if effect(2) and len(z):
                return [1 for _ in "a" if len(z) != 0 if 1 <= len(z)]
            return not len(z), 1 if len(z) == 0 else 2, 1 if len(z) < 1 or 0 >= len(z) else 2
    """
    behaves_as_before("PY018", code, ITEMS)
