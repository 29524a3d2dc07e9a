"""A list is extended by what was appended to it, whatever happens half-way."""

from tests.specialists.behaviour import ITERABLES, behaves_as_before


def test_a_list_is_extended_by_the_same_elements_up_to_a_failure() -> None:
    code = """
        def f(xs):
            out = [1]
            try:
                for x in xs:
                    out.append(x)
            except LookupError:
                return "failed", out
            return out
    """
    behaves_as_before("PY031", code, ITERABLES)


def test_a_generator_that_notes_and_fails_is_run_through_as_before() -> None:
    code = """
        def f(xs):
            out = [None]
            try:
                for x in map(fails, xs):
                    out.append(x)
            except LookupError:
                out.append("failed")
            out.reverse()
            return out
    """
    behaves_as_before("PY031", code, ITERABLES)
