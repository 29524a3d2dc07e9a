"""The keystroke table."""

from __future__ import annotations

from tests.bench import keystroke


def times(ours: float, ruff: float) -> dict[str, list[float]]:
    return {"ours": [ours], "ruff": [ruff]}


def test_an_ordinary_edit_slower_than_ruff_is_bold() -> None:
    assert keystroke.ratio(1_000, "identifier, median function", times(2.2, 2.0)) == "**1.10**"


def test_any_other_edit_may_take_half_as_long_again() -> None:
    assert keystroke.ratio(1_000, "import renamed", times(3.0, 2.0)) == "1.50"
    assert keystroke.ratio(1_000, "import renamed", times(3.2, 2.0)) == "**1.60**"


def test_the_small_file_has_an_absolute_goal() -> None:
    assert keystroke.ratio(200, "import renamed", times(2.9, 1.0)) == "2.90"
    assert keystroke.ratio(200, "import renamed", times(3.1, 3.0)) == "**1.03**"


def test_a_table_shows_medians_and_ratios_of_every_row() -> None:
    results = {1_000: {"milliseconds": {"open": times(8.0, 2.0)}}}
    shown = keystroke.tables(results)
    assert "| open | 8.00 (8.00) / 2.00 (2.00) |" in shown
    assert "| open | 4.00 |" in shown
