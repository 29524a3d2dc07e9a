"""A key of `operator` gets what the lambda got, and fails as it failed."""

from hypothesis import strategies as st

from tests.specialists.behaviour import ITEMS, NUMBERS, SCALARS, VALUES, behaves_as_before

ROWS = st.lists(st.one_of(st.lists(st.integers(0, 3), min_size=2, max_size=3), VALUES), max_size=4)


def test_items() -> None:
    code = """
        def f(rows):
            found = [row for row in rows]
            found.sort(key=lambda row: (row[1], row[-1]))
            return sorted(rows, key=lambda row: row[1]), found, max(found, key=lambda row: row[0])
    """
    behaves_as_before("SL010", code, ROWS)


def test_keys() -> None:
    code = """
        from itertools import groupby

        def f(rows):
            return [(key, list(group)) for key, group in groupby(rows, lambda row: row["a"])]
    """
    behaves_as_before("SL010", code, st.lists(st.dictionaries(st.sampled_from("ab"), SCALARS), max_size=4))


def test_attributes() -> None:
    code = """
        def f(rows):
            return sorted(rows, key=lambda row: (row.real, row.imag)), min(rows, key=lambda row: row.real.real)
    """
    behaves_as_before("SL010", code, st.one_of(NUMBERS, ITEMS))


def test_operators() -> None:
    code = """
        from functools import reduce

        def f(xs):
            return reduce(lambda a, b: a - b, xs, 1), reduce(lambda a, b: a * b, xs)
    """
    behaves_as_before("SL010", code, ITEMS)
