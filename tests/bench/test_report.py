"""Statistics and tables of the bench."""

from __future__ import annotations

import pytest

from tests.bench import report


@pytest.mark.parametrize(("percent", "expected"), [(1, 1.0), (50, 5.0), (90, 9.0), (95, 10.0), (100, 10.0)])
def test_a_percentile_is_the_nearest_rank(percent: float, expected: float) -> None:
    assert report.percentile([float(n) for n in (10, 9, 8, 7, 6, 5, 4, 3, 2, 1)], percent) == expected


def test_the_percentile_of_one_value_is_that_value() -> None:
    assert report.percentile([4.0], 90) == 4.0


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.4321, "0.43"), (2.5, "2.50"), (17.46, "17.5"), (123.4, "123"), (1234.5, "1,234")],
)
def test_a_figure_has_three_digits(value: float, expected: str) -> None:
    assert report.figure(value) == expected


def test_a_figure_over_its_goal_is_bold() -> None:
    assert [report.against(value, 5.0) for value in (5.0, 5.1)] == ["5.00", "**5.10**"]


def test_a_table_is_markdown_with_figures_to_the_right() -> None:
    assert report.table(["row", "ms"], [["open", "1.2"]]) == "| row | ms |\n|---|---:|\n| open | 1.2 |"
