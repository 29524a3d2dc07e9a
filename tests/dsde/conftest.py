"""What the engine's tests share: one thread, and tiny models that are made once a session."""

from __future__ import annotations

import pytest
import torch

from tests.dsde.tiny import Pair, Tiny

torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """A maker of tiny models."""
    return Tiny(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def pair(tiny: Tiny) -> Pair:
    """A Llama-like target and its draft."""
    return tiny.pair()
