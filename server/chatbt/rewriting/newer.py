"""Whether libcst, which reads newer Python than the interpreter may, accepts a text."""

from functools import lru_cache


@lru_cache(maxsize=128)
def is_newer_python(text: str) -> bool:
    """Whether a text that this interpreter cannot parse is correct for a newer one."""
    import libcst

    try:
        libcst.parse_module(text)
    except (libcst.ParserSyntaxError, libcst.CSTValidationError, RecursionError):
        return False
    return True
