"""The figures: what many requests come to, what is kept of them, and when something is said of it."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import replace
from pathlib import Path

import pytest

from chatbt.enginehost.figures import store as storing
from chatbt.enginehost.figures.alerts import Alerts
from chatbt.enginehost.figures.exposition import histogram, metric
from chatbt.enginehost.figures.live import Live
from chatbt.enginehost.figures.records import Finished, summary
from chatbt.enginehost.figures.store import Store

GOOD = Finished(
    "explanation", "stop", tokens=40, rounds=20, drafted=40, accepted=20, divergence=0.5, first_token=0.1, seconds=2.0
)


def test_many_requests_come_to_one_summary() -> None:
    told = summary([GOOD, replace(GOOD, accepted=0, finish="error", first_token=None)])
    assert (told.requests, told.failed, told.tokens) == (2, 1, 80)
    assert (told.tokens_per_second, told.acceptance, told.speculation_length) == (20.0, 0.25, 2.0)
    assert told.first_token_median == 0.1


def test_of_nothing_there_is_nothing_to_tell() -> None:
    told = summary([])
    assert (told.requests, told.acceptance, told.first_token_p95) == (0, None, None)


def kept(store: Store) -> int:
    """How many requests are on record."""
    return len(store.latest(10**6))


def test_what_is_kept_is_there_the_next_time_and_by_purpose(tmp_path: Path) -> None:
    store = Store(tmp_path / "f.sqlite")
    store.request(GOOD)
    store.request(replace(GOOD, purpose="review"))
    store.outcome("review", "card", ["names"])
    store.alert("queue", "full")
    store.close()
    again = Store(tmp_path / "f.sqlite")
    assert [each.purpose for each in again.latest(5)] == ["explanation", "review"]
    assert again.latest(5, "explanation") == [GOOD]
    assert again.outcomes() == [("review", "card", 1)]
    assert [(name, message) for name, message, _ in again.alerts()] == [("queue", "full")]
    again.close()


def test_history_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "_CUTS", {name: cut.replace("20000", "5") for name, cut in storing._CUTS.items()})
    store = Store(tmp_path / "f.sqlite")
    for number in range(12):
        store.request(replace(GOOD, tokens=number))
        store.flush()
    assert [each.tokens for each in store.latest(100)] == [7, 8, 9, 10, 11]
    store.close()


def test_a_clock_that_is_set_back_changes_no_order(tmp_path: Path) -> None:
    store = Store(tmp_path / "f.sqlite")
    for at, tokens in ((2000.0, 1), (1000.0, 2), (1500.0, 3)):
        store.request(replace(GOOD, at=at, tokens=tokens))
    store.flush()
    assert [each.tokens for each in store.latest(2)] == [2, 3]
    store.close()


@pytest.mark.parametrize("damage", [b"this is no database " * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_put_aside_and_begun_anew(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "f.sqlite"
    path.write_bytes(damage)
    store = Store(path)
    assert store.latest(5) == []
    store.request(GOOD)
    store.flush()
    assert kept(store) == 1
    assert path.with_suffix(".damaged").read_bytes() == damage
    assert store.problem == ""
    store.close()


def test_a_place_that_cannot_be_written_to_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "AGAIN", 0.0)
    (tmp_path / "file").write_text("")
    store = Store(tmp_path / "file" / "f.sqlite")
    store.request(GOOD)
    store.flush()
    assert store.problem
    assert store.latest(5) == []
    (tmp_path / "file").unlink()
    store.request(GOOD)
    store.flush()
    assert (store.problem, kept(store)) == ("", 1)
    store.close()


def test_a_full_disk_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite itself says that the disk is full when a file has all the pages that it may have."""
    monkeypatch.setattr(storing, "AGAIN", 0.0)
    monkeypatch.setattr(storing, "_SCHEMA", storing._SCHEMA + "PRAGMA max_page_count = 4;")
    store = Store(tmp_path / "f.sqlite")
    for _ in range(200):
        store.request(replace(GOOD, purpose="x" * 100))
    store.flush()
    assert "full" in store.problem
    store.close()


def test_pace_is_of_the_last_seconds() -> None:
    live = Live()
    for second in range(30):
        live.pace(second * 10, float(second))
    assert live.pace(300, 30.0) == pytest.approx(10.0)
    assert live.pace(300, 60.0) < 1.0


def test_counters_are_by_purpose_and_end() -> None:
    live = Live()
    live.request(GOOD)
    live.request(replace(GOOD, finish="error", first_token=60.0))
    assert live.requests == {("explanation", "stop"): 1, ("explanation", "error"): 1}
    assert live.first_tokens == {0.1: 1, float("inf"): 1}


def names(
    alerts: Alerts,
    latest: list[Finished],
    outcomes: tuple[tuple[str, str], ...] = (),
    waiting: int = 0,
    problem: str = "",
) -> list[tuple[str, bool]]:
    """The alerts that are new, and whether they are over."""
    return [(alert.name, alert.over) for alert in alerts.look(latest, list(outcomes), waiting, 10, problem)]


@pytest.mark.parametrize(
    ("bad", "name"),
    [
        (replace(GOOD, accepted=2), "acceptance"),
        (replace(GOOD, first_token=9.0), "first-token"),
        (replace(GOOD, finish="error"), "failures"),
    ],
)
def test_an_alert_is_raised_once_and_taken_back_once(bad: Finished, name: str) -> None:
    alerts = Alerts()
    assert names(alerts, [GOOD] * 50) == []
    assert names(alerts, [GOOD] * 50 + [bad] * 50) == [(name, False)]
    assert names(alerts, [GOOD] * 50 + [bad] * 50) == []
    assert names(alerts, [bad] * 50 + [GOOD] * 50) == [(name, True)]
    assert names(alerts, [bad] * 50 + [GOOD] * 50) == []


def test_few_requests_say_nothing() -> None:
    assert names(Alerts(), [replace(GOOD, finish="error", accepted=0)] * 5) == []


def test_what_diverges_more_than_before_is_said() -> None:
    alerts = Alerts()
    assert names(alerts, [GOOD] * 200 + [replace(GOOD, divergence=1.5)] * 50) == [("divergence", False)]


def test_a_full_queue_failing_checks_and_a_lost_record_are_said() -> None:
    told = names(Alerts(), [], waiting=9, outcomes=(("answer", "card"),) * 10, problem="disk full")
    assert told == [("checks", False), ("queue", False), ("figures", False)]


def test_prometheus_reads_labels_and_buckets() -> None:
    lines = list(metric("n_total", "counter", "Some.", [({"a": 'x"\n\\'}, 3), ({"a": "y"}, None)]))
    assert lines[-1] == r'chatbt_n_total{a="x\"\n\\"} 3'
    assert len(lines) == 3
    assert list(histogram("s", "Some.", {0.1: 2, float("inf"): 1}, (0.1, 1.0)))[2:] == [
        'chatbt_s_bucket{le="0.1"} 2',
        'chatbt_s_bucket{le="1"} 2',
        'chatbt_s_bucket{le="+Inf"} 3',
        "chatbt_s_count 3",
    ]


def test_finished_requests_carry_the_time_of_day() -> None:
    assert abs(Finished("other", "stop").at - time.time()) < 60


def test_the_layout_on_the_disk_is_the_one_that_its_name_says(tmp_path: Path) -> None:
    store = Store(tmp_path / "f.sqlite")
    store.request(GOOD)
    store.close()
    with sqlite3.connect(tmp_path / "f.sqlite") as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(requests)")]
    database.close()
    assert "purpose" in columns
    assert not {"prompt", "text", "code"} & set(columns)
