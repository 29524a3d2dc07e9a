"""The figures of past requests, in a SQLite file of bounded size that may be lost without harm."""

from __future__ import annotations

import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

from chatbt.enginehost.figures.records import Finished

LOG = logging.getLogger("chatbt.engine")
KEPT = 20_000
"""Rows of a table."""
AGAIN = 60.0
"""Seconds after which a file that could not be written is tried again."""
_COLUMNS = [each.name for each in fields(Finished)]
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS requests ({", ".join(_COLUMNS)});
CREATE TABLE IF NOT EXISTS outcomes (purpose, outcome, failed, at);
CREATE TABLE IF NOT EXISTS alerts (name, message, at);
"""
_INSERTS = {
    "requests": f"INSERT INTO requests VALUES ({', '.join('?' * len(_COLUMNS))})",
    "outcomes": "INSERT INTO outcomes VALUES (?, ?, ?, ?)",
    "alerts": "INSERT INTO alerts VALUES (?, ?, ?)",
}
_CUTS = {name: f"DELETE FROM {name} WHERE rowid <= (SELECT max(rowid) FROM {name}) - {KEPT}" for name in _INSERTS}
Row = tuple[str, tuple[Any, ...]]


class Store:
    """Writes in a thread of its own. What goes wrong with the file is said once, and stops nothing: rows are lost.

    Rows are in the order in which they were written; what the clock said is stored for people to read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problem = ""
        """Why nothing is kept at the moment."""
        self._rows: queue.SimpleQueue[Row | threading.Event | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="chatbt-figures", daemon=True)
        self._thread.start()

    def request(self, told: Finished) -> None:
        """Keep a finished request."""
        self._rows.put(("requests", astuple(told)))

    def outcome(self, purpose: str, outcome: str, failed: Iterable[str]) -> None:
        """Keep what became of a generated text."""
        self._rows.put(("outcomes", (purpose, outcome, " ".join(failed), time.time())))

    def alert(self, name: str, message: str) -> None:
        """Keep an alert."""
        self._rows.put(("alerts", (name, message, time.time())))

    def flush(self) -> None:
        """Wait until what has been told is written, or lost."""
        written = threading.Event()
        self._rows.put(written)
        written.wait(10.0)

    def close(self) -> None:
        """Write the rest."""
        self._rows.put(None)
        self._thread.join(timeout=5)

    def latest(self, count: int, purpose: str | None = None) -> list[Finished]:
        """The latest requests, the newest last; none where the file cannot be read."""
        where, values = ("WHERE purpose = ?", [purpose]) if purpose else ("", [])
        query = f"SELECT {', '.join(_COLUMNS)} FROM requests {where} ORDER BY rowid DESC LIMIT ?"
        return [Finished(*row) for row in reversed(self._read(query, [*values, count]))]

    def outcomes(self) -> list[tuple[str, str, int]]:
        """How often each outcome came of each purpose."""
        return self._read("SELECT purpose, outcome, count(*) FROM outcomes GROUP BY purpose, outcome ORDER BY 1, 2", [])

    def alerts(self, count: int = 50) -> list[tuple[str, str, float]]:
        """The latest alerts, the newest first."""
        return self._read("SELECT name, message, at FROM alerts ORDER BY rowid DESC LIMIT ?", [count])

    def _read(self, query: str, values: list[Any]) -> list[Any]:
        try:
            with closing(
                sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True, timeout=1.0)
            ) as database:
                return database.execute(query, values).fetchall()
        except sqlite3.Error:
            return []

    def _run(self) -> None:
        retry = 0.0
        while True:
            rows, waiters, ended = self._batch()
            if rows and time.monotonic() >= retry:
                try:
                    self._write(rows)
                    self.problem = ""
                except (sqlite3.Error, OSError) as error:
                    retry = time.monotonic() + AGAIN
                    if not self.problem:
                        LOG.warning("figures are not kept: %s: %s", self.path, error)
                    self.problem = str(error)
            for waiter in waiters:
                waiter.set()
            if ended:
                return

    def _batch(self) -> tuple[list[Row], list[threading.Event], bool]:
        """What has come since: rows, who waits for them to be written, and whether that was all."""
        rows, waiters = list[Row](), list[threading.Event]()
        item = self._rows.get()
        while item is not None:
            if isinstance(item, threading.Event):
                waiters.append(item)
            else:
                rows.append(item)
            try:
                item = self._rows.get_nowait()
            except queue.Empty:
                return rows, waiters, False
        return rows, waiters, True

    def _write(self, rows: list[Row]) -> None:
        try:
            self._insert(rows)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):  # the disk is full, or may not be written to
                raise
            aside = self.path.with_suffix(".damaged")
            LOG.warning("%s is damaged (%s): it is put aside as %s", self.path, error, aside.name)
            self.path.replace(aside)
            for rest in ("-wal", "-shm", "-journal"):
                self.path.with_name(self.path.name + rest).unlink(missing_ok=True)
            self._insert(rows)

    def _insert(self, rows: list[Row]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.path, timeout=2.0)) as database, database:
            database.execute("PRAGMA synchronous = OFF")  # what a power cut takes is no loss
            database.executescript(_SCHEMA)
            for table, insert in _INSERTS.items():
                if values := [row for name, row in rows if name == table]:
                    database.executemany(insert, values)
                    database.execute(_CUTS[table])
