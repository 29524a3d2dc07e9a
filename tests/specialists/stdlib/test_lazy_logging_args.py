"""A record whose message is put together late says what it said."""

from hypothesis import strategies as st

from tests.specialists.behaviour import ITEMS, SCALARS, behaves_as_before

HEAD = """
        import logging

        class Notes(logging.Handler):
            def emit(self, record):
                effect((record.levelname, record.getMessage(), record.exc_info))

        logger = logging.getLogger("chatbt.test")
        logger.propagate = False
        logger.handlers[:] = [Notes()]
        logger.setLevel(1)

"""


def test_fields_say_the_same() -> None:
    code = (
        HEAD
        + """
        def f(x, y, text):
            size = len(text)
            name = str(x)
            real = float(len(repr(y)))
            logger.info(f"{size} {{%}} {name!r:>9}% {str(fails(y)):>7}|{name:4}|{size:05d}|{size:+d}|{size:x}")
            logger.log(20, f"%d {real:.2f} {real:9.1f} {real:e} {real:G} {repr(x)!s:<5} {bool(x)!a} {None}")
            logger.error(f'{"%s"}' "{}%" rf"\\d{bool(x)}", extra={"a": 1})
    """
    )
    behaves_as_before("SL022", code, SCALARS, SCALARS, ITEMS)


def test_operators_and_format_say_the_same() -> None:
    code = (
        HEAD
        + """
        def f(x, y, text):
            size = len(text)
            name = str(x)
            real = float(len(repr(y)))
            logger.info("%s %5.1f %r %% %x %-6s|" % (size, real, name, size, str(fails(y))))
            logger.info("%03d" % size)
            logger.info("{} {{}} % {!r:>5} {:d} {a}".format(name, real, size, a=str(fails(y))))
            logger.info("{0} {1} {0}".format(name, size))
            logger.info("5% " + str(name) + "{}" + repr(name) + "\\n")
    """
    )
    behaves_as_before("SL022", code, SCALARS, st.one_of(SCALARS, ITEMS), ITEMS)
