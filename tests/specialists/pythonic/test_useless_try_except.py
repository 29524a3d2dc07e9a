"""Without the `try` the code does what it did."""

from tests.specialists.behaviour import ITERABLES, VALUES, behaves_as_before


def test_the_body_alone_does_the_same() -> None:
    behaves_as_before(
        "PY044",
        """
        class Wrong(Exception):
            pass

        def work(xs, y):
            for x in xs:
                try:
                    if x == y:
                        break
                    effect(x)
                    if not x:
                        continue
                    if x == 1:
                        raise Wrong(x)
                    fails(x + y)
                except (TypeError, Wrong):
                    raise
                except LookupError as err:
                    raise err
            return x

        def f(xs, y):
            try:
                return work(xs, y)
            except Exception as err:
                return err, err.__cause__, err.__context__
        """,
        ITERABLES,
        VALUES,
    )


def test_the_finally_still_runs() -> None:
    behaves_as_before(
        "PY044",
        '''
        def f(x, y):
            try:
                effect(x)
                return fails(f"""
                    {x + y}""")
            except Exception:
                raise
            finally:
                effect(y)
        ''',
        VALUES,
        VALUES,
    )
