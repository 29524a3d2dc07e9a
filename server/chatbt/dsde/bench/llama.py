"""llama.cpp beside it, where `llama-cpp-python` and `gguf` are installed: the same weights, written as GGUF here."""

from __future__ import annotations

from collections.abc import Iterator

from chatbt.dsde.bench.options import Options
from chatbt.dsde.bench.runners import Runner


def runners(options: Options) -> Iterator[Runner]:
    """None yet."""
    yield from ()
