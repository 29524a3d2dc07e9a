"""Pairs are the same ones without the copy."""

from tests.specialists.behaviour import ITEMS, ITERABLES, behaves_as_before


def test_a_list_of_its_own() -> None:
    code = """
        def f(values):
            xs = list(values)
            xs.reverse()
            found = []
            for a, b in zip(xs, xs[1:]):
                found.append((effect(a), fails(b), len(xs)))
            return found, [pair for pair in zip(xs, xs[1:])], xs
    """
    behaves_as_before("SL005", code, ITERABLES)


def test_a_tuple_whose_pairs_are_kept() -> None:
    code = """
        def f(values):
            xs = tuple(values)
            pairs = zip(xs, xs[1:])
            del xs
            return pairs
    """
    behaves_as_before("SL005", code, ITEMS)
