"""Edits that need a review are drawn, made one at a time and compared, and an edit that breaks its code is seen."""

from dataclasses import replace
from pathlib import Path

import pytest

from chatbt.rewriting.fix import Edit
from chatbt.source.document import Range
from tests.projects.packages import MORE_SUITES, fetched
from tests.projects.review_edits import Trials, drawn, nearest, places, table, try_all

pytestmark = [
    pytest.mark.long,
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning"),
]
[H11] = [package for package in MORE_SUITES if package.name == "h11"]


def test_a_sample_is_tried_and_told(tmp_path: Path) -> None:
    found = places(H11)
    chosen = drawn(found, 3, 1)
    assert chosen == drawn(found, 3, 1)
    assert len({place.edited.pattern for place in chosen}) == 3
    results = list(try_all(chosen, tmp_path, 60, 5, 1))
    assert [one.place for one in results] == chosen
    assert not any(one.left_out for one in results)
    assert all(one.difference.startswith("---") for one in results)
    assert all(str(one.place) in table(results) for one in results if one.changed)
    assert not list(tmp_path.iterdir())


def test_an_edit_that_breaks_its_code_changes_results(tmp_path: Path) -> None:
    [place, *_] = drawn(places(H11), 1, 1)
    assert nearest(fetched(H11), place)
    wrong = replace(place.edited, edits=(Edit(Range.of(1, 0, 1, 0), "raise ValueError\n"),))
    tried = Trials(tmp_path, 60).tried(replace(place, edited=wrong))
    assert tried.changed
    assert "+raise ValueError" in table([tried])
