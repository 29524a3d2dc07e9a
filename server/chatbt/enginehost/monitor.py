"""Watches over the figures: keeps them, raises alerts, and tells whoever listens."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import asdict, dataclass, field
from typing import Any

from chatbt.engine.shapes import PURPOSES, Drafting, Outcome
from chatbt.enginehost.asks import Ask
from chatbt.enginehost.desk import Desk
from chatbt.enginehost.figures.alerts import Alert, Alerts
from chatbt.enginehost.figures.live import Live
from chatbt.enginehost.figures.records import Finished, Summary, mean, summary
from chatbt.enginehost.figures.store import Store

LOG = logging.getLogger("chatbt.engine")
EVERY = 2.0
"""Seconds between two looks."""
LISTENERS = 32
"""Who may listen at once."""
NEW, OLD = 50, 200
"""Requests that are compared with those before them, to tell a trend."""


@dataclass(slots=True)
class Monitor:
    """`finished` is called in the engine's thread, all else in the event loop."""

    desk: Desk
    store: Store
    live: Live = field(default_factory=Live)
    alerts: Alerts = field(default_factory=Alerts)
    listeners: set[asyncio.Queue[Alert]] = field(default_factory=set)

    def finished(self, ask: Ask, result: Any) -> None:
        """A request has ended."""
        told = Finished.of(purpose_of(ask.body.purpose), result, self.desk.waiting)
        self.live.request(told)
        self.store.request(told)

    def outcome(self, told: Outcome) -> None:
        """A client has checked what was generated."""
        purpose = purpose_of(told.purpose)
        self.live.outcome(purpose, told.outcome)
        self.store.outcome(purpose, told.outcome, told.failed)

    async def watch(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(EVERY)

    def look(self) -> None:
        """Raise what has become bad, and say what is well again."""
        desk, live = self.desk, self.live
        for alert in self.alerts.look(
            live.recent(), list(live.outcomes), desk.waiting, desk.capacity, self.store.problem
        ):
            LOG.warning("%s: %s", "well again" if alert.over else "alert", alert.message)
            if not alert.over:
                self.store.alert(alert.name, alert.message)
            for listener in self.listeners:
                listener.put_nowait(alert)

    def drafting(self) -> Drafting:
        """How the rows fare that are being decoded."""
        rows = self.desk.worker.live()
        drafted, rounds = sum(stats.drafted for stats in rows), sum(stats.rounds for stats in rows)
        return Drafting(
            rows=len(rows),
            speculation_length=drafted / rounds if rounds else None,
            acceptance=sum(stats.accepted for stats in rows) / drafted if drafted else None,
            divergence=mean([stats.divergences[-1] for stats in rows if stats.divergences]),
            stability=mean([stats.ratios[-1] for stats in rows if stats.ratios]),
        )

    def figures(self) -> dict[str, Any]:
        """How it is now."""
        worker, desk = self.desk.worker, self.desk
        return {
            "state": worker.state,
            "percent": worker.percent,
            "running": desk.running,
            "waiting": desk.waiting,
            "capacity": desk.capacity,
            "tokens_per_second": round(self.live.pace(worker.tokens_so_far()), 2),
            "rounds": worker.rounds,
            "dsde": asdict(self.drafting()),
            "latest": asdict(summary(self.live.recent()[-NEW:])),
            "alerts": [alert.message for alert in self.alerts.raised.values()],
        }

    def by_purpose(self) -> dict[str, Summary]:
        """The latest requests of each purpose that has some."""
        recent = self.live.recent()
        told = {purpose: [each for each in recent if each.purpose == purpose] for purpose in PURPOSES}
        return {purpose: summary(many) for purpose, many in told.items() if many}

    def trends(self) -> dict[str, dict[str, Any]]:
        """The latest requests on record beside those before them, by purpose. Reads the file."""
        told = {}
        for purpose in PURPOSES:
            many = self.store.latest(NEW + OLD, purpose)
            if many:
                told[purpose] = {"latest": asdict(summary(many[-NEW:])), "before": asdict(summary(many[:-NEW]))}
        return told


def purpose_of(told: str) -> str:
    """One of the few purposes that are counted."""
    return told if told in PURPOSES else "other"
