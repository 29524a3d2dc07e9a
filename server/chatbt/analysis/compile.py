"""Errors that only the compiler sees: `return` outside a function, duplicate arguments, misplaced `await`.

`ast.parse` accepts them. Compiling costs as much as parsing, so only a chunk in which the walk met a construct that can
be wrong in this way is compiled.
"""

import ast
import warnings

from chatbt.analysis.walk import Walked
from chatbt.source.chunks import Fault, alone, fault_of, without_mark

_TOP_LEVEL_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


def compile_fault(walked: Walked) -> Fault | None:
    """The error that compiling the chunk alone gives, or None."""
    parsed = walked.parsed
    if not walked.doubtful or parsed.fault is not None:
        return None
    source, first = alone(parsed.text, parsed.role, parsed.indent)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(without_mark(source), "", "exec", _TOP_LEVEL_AWAIT if walked.file.notebook else 0, True)
        except SyntaxError as error:
            return fault_of(error, parsed.text, first)
        except (ValueError, RecursionError, MemoryError):
            return None
    return None
