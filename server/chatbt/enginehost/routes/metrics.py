"""The figures: as JSON, and as Prometheus reads them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from chatbt.enginehost.app import Host
from chatbt.enginehost.figures.exposition import histogram, metric
from chatbt.enginehost.figures.live import FIRST_TOKEN_BUCKETS
from chatbt.enginehost.memory import used_memory
from chatbt.enginehost.routes.health import device_memory

router = APIRouter()


@router.get("/api/metrics")
async def metrics(request: Request) -> dict[str, Any]:
    """How it is now, how it was since the start and by purpose, what is on record, and what has become worse."""
    host: Host = request.app.state.host
    monitor, worker, desk = host.monitor, host.worker, host.desk
    live = monitor.live
    trends, outcomes, alerts = await asyncio.to_thread(_recorded, host)
    return {
        "now": monitor.figures(),
        "since_start": {
            "requests": [
                {"purpose": purpose, "finish": finish, "count": count}
                for (purpose, finish), count in sorted(live.requests.items())
            ],
            **dict(live.totals),
            "refused": {str(status): count for status, count in sorted(live.refused.items())},
            "turned_away": desk.turned_away,
            "superseded": desk.superseded,
            "loads": worker.loads,
            "rounds": worker.rounds,
            "cancelled": {"count": worker.released, "most_rounds_until_free": worker.slowest_release},
            "sessions": host.sessions.count(),
        },
        "by_purpose": {purpose: asdict(told) for purpose, told in monitor.by_purpose().items()},
        "trends": trends,
        "outcomes": [{"purpose": purpose, "outcome": outcome, "count": count} for purpose, outcome, count in outcomes],
        "alerts": [{"name": name, "message": message, "at": at} for name, message, at in alerts],
        "record": {"file": str(monitor.store.path), "problem": monitor.store.problem},
    }


@router.get("/metrics")
async def exposition(request: Request) -> PlainTextResponse:
    """The same as Prometheus reads it."""
    lines = list(_lines(request.app.state.host))
    return PlainTextResponse("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")


def _recorded(host: Host) -> tuple[dict[str, Any], list[Any], list[Any]]:
    store = host.monitor.store
    return host.monitor.trends(), store.outcomes(), store.alerts()


def _lines(host: Host) -> Iterator[str]:
    monitor, worker, desk = host.monitor, host.worker, host.desk
    live, drafting = monitor.live, monitor.drafting()
    plan = worker.plan
    yield from metric(
        "info",
        "gauge",
        "Always 1; the labels say what is running.",
        [({"model": host.model, "device": plan.device if plan else "", "policy": worker.way.policy}, 1)],
    )
    yield from metric("state", "gauge", "Always 1; the label is the state.", [({"state": worker.state}, 1)])
    yield from metric(
        "requests_total",
        "counter",
        "Finished requests.",
        [({"purpose": purpose, "finish": finish}, count) for (purpose, finish), count in live.requests.items()],
    )
    for name, meaning in (
        ("tokens", "Tokens of answers."),
        ("prompt_tokens", "Tokens of prompts."),
        ("drafted", "Drafted tokens."),
        ("accepted", "Accepted drafted tokens."),
    ):
        yield from metric(f"{name}_total", "counter", meaning, [({}, live.totals[name])])
    yield from metric("rounds_total", "counter", "Rounds of decoding.", [({}, worker.rounds)])
    yield from metric(
        "refused_total",
        "counter",
        "Requests that were not taken.",
        [({"status": status}, count) for status, count in live.refused.items()],
    )
    yield from metric(
        "outcomes_total",
        "counter",
        "What became of generated texts.",
        [({"purpose": purpose, "outcome": outcome}, count) for (purpose, outcome), count in live.told.items()],
    )
    yield from histogram(
        "first_token_seconds", "Time to the first token.", dict(live.first_tokens), FIRST_TOKEN_BUCKETS
    )
    for name, meaning, value in (
        ("waiting", "Requests without a piece of their answer.", desk.waiting),
        ("running", "Requests that are being decoded.", desk.running),
        ("sessions", "Sessions that were heard of lately.", host.sessions.count()),
        ("memory_bytes", "Main memory of the process.", used_memory()),
        ("device_memory_bytes", "Memory taken on the GPU.", device_memory(plan.device if plan else "")),
        ("tokens_per_second", "Tokens per second of late, of all requests.", live.pace(worker.tokens_so_far())),
        ("speculation_length", "Mean length of drafts, of what is being decoded.", drafting.speculation_length),
        ("acceptance", "Accepted of drafted tokens, of what is being decoded.", drafting.acceptance),
        ("divergence", "KL divergence (nats) of the latest round.", drafting.divergence),
        ("stability", "WVIR of the latest round.", drafting.stability),
        ("alerts", "Alerts that are raised.", len(monitor.alerts.raised)),
    ):
        yield from metric(name, "gauge", meaning, [({}, value)])
