"""Where the bench sends its requests."""

from __future__ import annotations

from tests.bench import places
from tests.bench.places import PLAIN, SUGGESTION

TEXT = "def f(seen, key):\n    if not key in seen:\n        seen.add(key)\n\n\nf(set(), 1)\n"


def test_a_seed_draws_the_same_in_order() -> None:
    every = list(range(100))
    drawn = places.drawn(every, 5, seed=1)
    assert drawn == places.drawn(every, 5, seed=1) == sorted(drawn)
    assert drawn != places.drawn(every, 5, seed=2)
    assert len(drawn) == 5


def test_no_count_and_a_large_one_draw_everything() -> None:
    assert places.drawn("abc", 0, seed=1) == places.drawn("abc", 9, seed=1) == ["a", "b", "c"]


def test_a_suggestion_is_found_where_no_server_publishes_it() -> None:
    [place] = places.of_suggestions(TEXT)
    assert (place.kind, place.id, place.diagnostic) == (SUGGESTION, "PY021", None)
    assert place.range["start"] == {"line": 1, "character": 7}


def test_plain_code_is_every_other_line_that_holds_something() -> None:
    found = places.of_plain_code(TEXT, 9, 1, places.of_suggestions(TEXT))
    assert [(one.kind, one.range["start"]) for one in found] == [
        (PLAIN, {"line": line, "character": column}) for line, column in ((0, 0), (2, 8), (5, 0))
    ]


def test_findings_come_in_the_order_of_the_text() -> None:
    published = [
        {"code": code, "range": {"start": {"line": line, "character": 0}, "end": {"line": line, "character": 1}}}
        for line, code in ((7, "CC002"), (3, "CC001"))
    ]
    found = places.of_diagnostics(published)
    assert [(one.id, one.diagnostic) for one in found] == [("CC001", published[1]), ("CC002", published[0])]
