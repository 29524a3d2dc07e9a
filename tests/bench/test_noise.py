"""Samples of findings."""

from __future__ import annotations

from pathlib import Path

from tests.bench import noise
from tests.bench.lspclient import Json


def finding(rule: str, row: int, filename: str = "a.py") -> Json:
    return {
        "code": rule,
        "filename": filename,
        "location": {"row": row, "column": 1},
        "end_location": {"row": row, "column": 2},
        "message": "what happens here",
        "fix": {"applicability": "safe"},
    }


MANY = [finding(rule, row) for rule in ("CC002", "CC001") for row in range(50)]


def test_the_same_seed_draws_the_same_findings_in_any_order() -> None:
    assert noise.sample(MANY, 5, seed=1) == noise.sample(MANY[::-1], 5, seed=1)
    assert noise.sample(MANY, 5, seed=1) != noise.sample(MANY, 5, seed=2)


def test_every_rule_has_its_share_of_the_sample() -> None:
    assert [f["code"] for f in noise.sample([*MANY, finding("CC003", 1)], 2, seed=1)] == [
        "CC001", "CC001", "CC002", "CC002", "CC003",
    ]  # fmt: skip


def test_a_finding_is_shown_with_the_code_around_it(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("one\ntwo\nthree\n")
    shown = noise.shown(finding("CC001", 2, str(path)))
    assert ">     2 two" in shown
    assert "      1 one" in shown
    assert "(safe)" in shown
