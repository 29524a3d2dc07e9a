"""What `exception` logs is what `error` with `exc_info` logged."""

from hypothesis import strategies as st

from tests.specialists.behaviour import SCALARS, behaves_as_before


def test_the_records_are_the_same() -> None:
    # The imports share a line, so that the others keep their numbers when one of them goes.
    code = """
        import logging, sys

        class Notes(logging.Handler):
            def emit(self, record):
                kind, error, trace = record.exc_info or (None, None, None)
                effect((record.levelname, record.msg, record.args, record.funcName, record.lineno))
                effect((record.extra, kind.__name__, error.args, trace.tb_lineno))

        logger = logging.getLogger("chatbt.test")
        logger.propagate = False
        logger.handlers[:] = [Notes()]

        def f(x, level: int):
            logger.setLevel(level)
            try:
                fails(x)
                raise ValueError(x)
            except (ValueError, LookupError) as error:
                logger.error("failed: %s", x, exc_info=True, extra={"extra": 1})
                try:
                    logger.error(effect(x), extra={"extra": 2}, exc_info=sys.exc_info())
                finally:
                    logger.error("x", exc_info=1, extra={"extra": x})
    """
    behaves_as_before("SL023", code, SCALARS, st.sampled_from([10, 40, 50]))
