"""What has become bad enough to say: once when it does, and again when it is well."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from chatbt.enginehost.figures.records import FAILED, Finished, mean, quantile

WINDOW, FEW = 50, 10
"""The requests that are looked at, and how many there must be to say anything."""
BEFORE = 200
"""Those before the window, with which it is compared."""
ACCEPTANCE, FIRST_TOKEN, FAILURES, DIVERGENCE, CHECKS, QUEUE = 0.2, 5.0, 0.1, 2.0, 0.5, 0.9
"""Least acceptance; most seconds to the first token, part of failures, growth of the divergence, part of texts that
failed their checks, part of the queue that is taken."""
_BAD = frozenset({"card", "refused"})


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that is bad, or well again."""

    name: str
    message: str
    over: bool = False


@dataclass(slots=True)
class Alerts:
    """Remembers what has been said."""

    raised: dict[str, Alert] = field(default_factory=dict)

    def look(
        self, latest: list[Finished], outcomes: list[tuple[str, str]], waiting: int, capacity: int, problem: str
    ) -> list[Alert]:
        """What is new, good or bad."""
        now = {alert.name: alert for alert in _found(latest, outcomes, waiting, capacity, problem)}
        new = [alert for name, alert in now.items() if name not in self.raised]
        over = [Alert(name, alert.message, over=True) for name, alert in self.raised.items() if name not in now]
        self.raised = {name: self.raised.get(name, alert) for name, alert in now.items()}
        return new + over


def _found(
    latest: list[Finished], outcomes: list[tuple[str, str]], waiting: int, capacity: int, problem: str
) -> Iterator[Alert]:
    window, before = latest[-WINDOW:], latest[-WINDOW - BEFORE : -WINDOW]
    drafting = [each for each in window if each.drafted]
    if len(drafting) >= FEW:
        rate = sum(each.accepted for each in drafting) / sum(each.drafted for each in drafting)
        if rate < ACCEPTANCE:
            yield Alert("acceptance", f"only {rate:.0%} of drafted tokens are accepted: another draft may suit better")
    first = sorted(each.first_token for each in window if each.first_token is not None)
    if len(first) >= FEW and (slow := quantile(first, 0.95) or 0.0) > FIRST_TOKEN:
        yield Alert("first-token", f"one answer in twenty begins after more than {slow:.1f} seconds")
    if len(window) >= FEW:
        failed = sum(each.finish in FAILED for each in window) / len(window)
        if failed > FAILURES:
            yield Alert("failures", f"{failed:.0%} of the latest requests failed: the engine's log says why")
    now, then = _divergence(window), _divergence(before)
    if now is not None and then is not None and len(before) >= FEW and now > DIVERGENCE * then:
        yield Alert("divergence", f"draft and target diverge more than before: {now:.2f} against {then:.2f} nats")
    if len(outcomes) >= FEW:
        bad = sum(outcome in _BAD for _, outcome in outcomes[-WINDOW:]) / len(outcomes[-WINDOW:])
        if bad > CHECKS:
            yield Alert("checks", f"{bad:.0%} of the latest texts failed their checks: a larger model may do better")
    if waiting >= QUEUE * capacity:
        yield Alert("queue", f"{waiting} of {capacity} places in the queue are taken")
    if problem:
        yield Alert("figures", f"figures are not kept: {problem}")


def _divergence(many: list[Finished]) -> float | None:
    told = [each.divergence for each in many if each.divergence is not None]
    return mean(told) if len(told) >= FEW else None
