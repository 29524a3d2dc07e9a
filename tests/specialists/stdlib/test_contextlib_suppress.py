"""`suppress` lets pass what the handler let pass, and nothing else."""

from tests.specialists.behaviour import VALUES, behaves_as_before


def test_exceptions() -> None:
    code = """
        def f(x, y, z):
            found = None
            try:
                found = effect(x)[fails(y)]
            except (LookupError, TypeError):
                pass
            try:
                effect(found.append(y))
            except AttributeError:
                pass
            try:
                del x[z]
            except (KeyError, IndexError):
                pass
            return found
    """
    behaves_as_before("SL012", code, VALUES, VALUES, VALUES)
