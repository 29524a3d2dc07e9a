"""`enumerate` and the loop over the elements do what the loop over indices did."""

from hypothesis import strategies as st

from tests.specialists.behaviour import ITEMS, SCALARS, behaves_as_before


def test_index_and_element() -> None:
    behaves_as_before(
        "PY001",
        """
        def f(rows: list[object], stop):
            out = []
            for i in range(len(rows)):
                out.append((i, rows[i]))
                if rows[i] is stop:
                    break
            else:
                i = -1
            return out, i
        """,
        st.lists(SCALARS, min_size=1, max_size=4),
        SCALARS,
    )


def test_the_index_is_read_after_the_loop() -> None:
    behaves_as_before(
        "PY001",
        """
        def f(rows: list[object]):
            for i in range(len(rows)):
                print(end=str(rows[i])[:0])
            return i
        """,
        ITEMS,
    )


def test_a_list_that_nobody_else_has() -> None:
    behaves_as_before(
        "PY001",
        """
        def f(rows):
            words = list(rows)
            for i in range(len(words)):
                fails(words[i])
            return words
        """,
        ITEMS,
    )
