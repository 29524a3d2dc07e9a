"""One handler catches what several did."""

from tests.specialists.behaviour import SCALARS, VALUES, behaves_as_before


def test_every_error_finds_its_handler() -> None:
    behaves_as_before(
        "PY042",
        """
        class Wrong(KeyError):
            pass

        def f(x, y):
            try:
                if x is None:
                    raise Wrong(y)
                if x == y:
                    raise FileNotFoundError(x)
                return x[0], int(y), fails(y) / x[y]
            except TypeError as err:
                effect(str(err))
                return 1
            except Wrong as err:
                effect(str(err))
                return 1
            except IndexError:
                return 2
            except ZeroDivisionError:
                return 2
            except LookupError:
                return 2
            except FileNotFoundError as err:
                return type(err).__name__
            except OSError as err:
                return type(err).__name__
            except Exception:
                return 3
        """,
        VALUES,
        SCALARS,
    )
