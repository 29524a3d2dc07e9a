"""The pair that comes with ChatBT, where it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbt.dsde import bundled, bundled_pair
from chatbt.engine.models import pairs


def test_a_pair_is_there_when_both_models_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundled, "PAIR", tmp_path)
    for part in ("target", "draft"):
        assert bundled_pair() is None
        (tmp_path / part).mkdir()
        (tmp_path / part / "config.json").write_text("{}")
    assert bundled_pair() == (tmp_path / "target", tmp_path / "draft")


def test_the_engine_takes_the_same_for_bundled() -> None:
    own, theirs = bundled_pair(), pairs.bundled()
    assert (own is None) == (theirs is None)
    if own is not None and theirs is not None:
        assert own == (theirs.target, theirs.draft)
