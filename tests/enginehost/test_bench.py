"""The benchmark of the engine runs, and says what it says it does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.dsde.tiny import Pair

pytestmark = pytest.mark.slow


def test_every_part_has_its_figures(pair: Pair, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    little = ["--tokens", "8", "--repeats", "1", "--requests", "40", "--json", str(report)]
    command = [
        sys.executable,
        "-m",
        "chatbt.enginehost.bench",
        "--target",
        str(pair.target),
        "--draft",
        str(pair.draft),
    ]
    subprocess.run([*command, *little], check=True, capture_output=True)
    told = json.loads(report.read_text())
    assert told["first"]["tokens_per_second"]["engine"] > 0
    assert told["together"]["ten"]["tokens_per_second"] > 0
    assert told["cancel"]["most_rounds_until_free"] <= 1
    assert told["load"]["without_an_answer"] == 0
    assert sum(told["load"]["ends"].values()) == 40
    assert not [end for end in told["load"]["ends"] if end.startswith("error")]
    assert told["memory"]["one_engine_bytes"] > 0
