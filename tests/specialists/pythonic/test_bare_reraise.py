"""A bare `raise` does what `raise err` did."""

from tests.specialists.behaviour import SCALARS, VALUES, behaves_as_before


def test_the_same_exception_goes_on() -> None:
    behaves_as_before(
        "PY041",
        """
        def work(x, y):
            try:
                return effect(x) + effect(y)
            except TypeError as err:
                effect(str(err))
                if x:
                    raise err
                try:
                    fails(y)
                    fails(y)
                    fails(y)
                except LookupError as err2:
                    effect(str(err2))
                raise err
            except ValueError as error:
                raise error

        def f(x, y):
            try:
                return work(x, y)
            except Exception as err:
                return err, err.__cause__, err.__context__, err.__suppress_context__
        """,
        VALUES,
        SCALARS,
    )


def test_an_exception_with_a_context_keeps_it() -> None:
    behaves_as_before(
        "PY041",
        """
        def work(x):
            try:
                try:
                    fails(x)
                    return x[0]
                except (TypeError, IndexError) as first:
                    raise KeyError(x) from first
            except LookupError as err:
                raise err

        def f(x):
            try:
                return work(x)
            except Exception as err:
                return err, err.__cause__, err.__context__, err.__suppress_context__
        """,
        VALUES,
    )
