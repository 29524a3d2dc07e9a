"""A disk that fills up while a pair is pulled, by the real command in a process of its own.

What fills up is a limit on the size of a file (`ulimit -f`), for which no privilege is needed: the write that crosses
it comes back short, and the next one fails, as on a disk without room.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbt.engine.models.catalogue import catalogue
from chatbt.engine.models.pairs import named, pulled
from tests.engine.loopback import serving
from tests.engine.test_models import WEIGHTS, Hub

ENTRY = next(iter(catalogue().values()))
ROOM = 8
"""KiB of a file that fit: half of the weights."""
WHOLE = {"target": ENTRY.target, "draft": ENTRY.draft}


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub on this machine that has the first pair of the catalogue, in small."""
    pytest.importorskip("huggingface_hub")
    hub = Hub(ENTRY)
    with serving(hub.answer) as url:
        monkeypatch.setenv("HF_ENDPOINT", url)
        monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
        monkeypatch.setenv("CHATBT_MODELS_DIR", str(tmp_path / "models"))
        monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
        yield hub


def pull(room: int | None = None) -> subprocess.CompletedProcess[str]:
    """Pull the pair, with so many KiB for each file."""
    limit = f"ulimit -f {room} && " if room else ""
    command = ["bash", "-c", f'{limit}exec "$@"', "-", sys.executable, "-m", "chatbt", "model", "pull", ENTRY.name]
    # Python would take a half-written cache of a module for a whole one.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_a_disk_that_fills_up_is_one_message_and_the_next_pull_goes_on(told: Hub, tmp_path: Path) -> None:
    models, weights = tmp_path / "models", f"{ENTRY.target}/model.safetensors"
    full = pull(ROOM)
    assert full.returncode == 2
    [message] = full.stderr.splitlines()
    assert message.startswith(f"chatbt model: {weights} was not downloaded (")
    assert message.endswith(
        f"make room in {models}, then the same command goes on with it; CHATBT_MODELS_DIR names another place"
    )
    # Nothing that is there is taken for the pair, nor half of a file for the whole.
    assert pulled() == [] and not (models / ENTRY.name).exists()
    with pytest.raises(LookupError, match="neither a model"):
        named(ENTRY.name)
    assert [path for path in models.rglob("model.safetensors") if path.is_file()] == []

    # What came whole stays; a half that stands under the whole one's name is not believed.
    (models / f".{ENTRY.name}.part" / "target" / "model.safetensors").write_bytes(WEIGHTS[: ROOM * 1024])
    told.asked.clear()
    again = pull()
    assert (again.returncode, again.stderr) == (0, "")
    asked = [name for name, _ in told.asked]
    assert asked[0] == weights and f"{ENTRY.target}/config.json" not in asked
    for part, repository in WHOLE.items():
        assert (models / ENTRY.name / part / "model.safetensors").read_bytes() == WEIGHTS + repository.encode()
    assert [pair.name for pair in pulled()] == [ENTRY.name]
