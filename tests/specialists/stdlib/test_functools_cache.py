"""A function behaves as before when its cache goes by its plain name."""

from tests.specialists.behaviour import VALUES, behaves_as_before


def test_a_cache_without_a_limit_is_the_same_cache() -> None:
    code = """
        from functools import lru_cache

        @lru_cache(maxsize=None)
        def note(x, y=0):
            return [fails(x), y]

        def f(x, y):
            found = [note(x), note(x), note(x, y), note(x=x), note(y)]
            return found, note.cache_info(), note.cache_parameters(), note.__name__
    """
    behaves_as_before("SL007", code, VALUES, VALUES)


def test_brackets_make_no_difference() -> None:
    code = """
        import functools

        @functools.lru_cache()
        def note(x):
            return [fails(x)]

        def f(x, y):
            return note(x), note(x), note(y), note.cache_info(), note.cache_parameters()
    """
    behaves_as_before("SL007", code, VALUES, VALUES)
