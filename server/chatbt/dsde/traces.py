"""Forward passes as TorchScript, for a CPU: the same operators without Python between them.

A trace keeps what was decided in Python and takes sizes from its inputs, so one serves every batch, width and span.
What changes between calls has to be an input: a tensor that is only captured counts as a constant. The numbers are the
same, to the last bit. torch calls tracing deprecated and offers nothing in its place that needs no compiler; where
there is none (from Python 3.14 on) the function is run as it is.
"""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

LOG = logging.getLogger("chatbt.dsde")

Function = Callable[..., Tensor]


def traced(function: Function, examples: Sequence[Tensor]) -> Function:
    """`function` without its Python, found out by a run with `examples`; the function itself where that cannot be."""
    if sys.version_info >= (3, 14):
        return function
    jit: Any = torch.jit
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of its deprecation, and of decisions that are meant to stay
            made = jit.trace(function, tuple(examples), check_trace=False)
    except Exception as error:
        LOG.info("steps are not traced: %s", error)
        return function
    optimised = jit.optimized_execution

    def run(*inputs: Tensor) -> Tensor:
        # The optimiser specialises for shapes and fuses nothing on a CPU.
        with optimised(False):
            result: Tensor = made(*inputs)
        return result

    return run
