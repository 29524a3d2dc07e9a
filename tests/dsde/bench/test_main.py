"""The command line."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from chatbt.dsde.__main__ import main
from tests.dsde.tiny import Pair


@pytest.mark.slow
def test_a_quick_run_prints_tables_and_writes_them(
    pair: Pair, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report, plot = tmp_path / "report.json", tmp_path / "plot.svg"
    models = ["--target", str(pair.target), "--draft", str(pair.draft)]
    little = ["--quick", "--tokens", "8", "--prompts", "1", "--sets", "explanations", "--tables", "singles", "batches"]
    assert main(["bench", *models, *little, "--json", str(report), "--plot", str(plot)]) == 0
    told = capsys.readouterr().out
    for table in ("Batch 1: explanations", "dsde / plain", "Batch 4: tokens"):
        assert table in told
    written = json.loads(report.read_text(encoding="utf-8"))
    assert written["singles"]["sets"]["explanations"]["dsde"]["tokens"] == 8
    assert written["singles"]["differences"] == written["batches"]["differences"] == []
    assert ET.parse(plot).getroot().tag.endswith("svg")


def test_a_set_that_is_not_known_is_named(pair: Pair, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["bench", "--target", str(pair.target), "--sets", "poems"])
    assert "poems is not known; known are explanations" in capsys.readouterr().err


def test_a_folder_that_is_no_model_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--target", str(tmp_path)]) == 1
    assert str(tmp_path) in capsys.readouterr().err
