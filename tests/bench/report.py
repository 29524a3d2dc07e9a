"""Figures into tables and records: medians, percentiles, Markdown, and JSON that says where and when."""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from tests.bench import tools


def percentile(values: Iterable[float], percent: float) -> float:
    """The nearest-rank percentile: the smallest value that `percent` % of the values do not exceed."""
    ordered = sorted(values)
    rank = -(-len(ordered) * percent // 100)  # the ceiling
    return ordered[max(0, int(rank) - 1)]


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def figure(value: float) -> str:
    """Three significant digits at most, none after the point from 100 up: 0.43, 2.5, 17.5, 1,234."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def spread(values: Sequence[float], percent: float) -> str:
    """`median (percentile)`."""
    return f"{figure(median(values))} ({figure(percentile(values, percent))})"


def against(value: float, goal: float) -> str:
    """A figure beside its goal, bold when it misses it."""
    return figure(value) if value <= goal else f"**{figure(value)}**"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; the first column is text, the others are figures."""
    lines = ["| " + " | ".join(header) + " |", "|---" + "|---:" * (len(header) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def machine() -> dict[str, Any]:
    """What the figures depend on besides the code."""
    return {
        "cpu": _first("/proc/cpuinfo", "model name") or platform.processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory": _first("/proc/meminfo", "MemTotal"),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load": os.getloadavg()[0],
    }


def _first(path: str, key: str) -> str:
    lines = Path(path).read_text().splitlines() if Path(path).exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(key)), "")


def record(name: str, arguments: argparse.Namespace, measured: Any) -> Path:
    """Write what was measured to `--json`, or to NAME.json in the bench's cache directory; return where."""
    path: Path = arguments.json or tools.cache_directory("results") / f"{name}.json"
    document = {
        "bench": name,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": [f"python -m tests.bench.{name}", *sys.argv[1:]],
        "commit": _commit(),
        "machine": machine(),
        "versions": tools.versions(),
        "measured": measured,
    }
    path.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS))
    return path


def _commit() -> str:
    """The checkout's commit, `+` behind it when the tree differs from it; empty outside a checkout."""
    git = ("git", "-C", str(Path(__file__).parent))
    head = subprocess.run([*git, "rev-parse", "--short", "HEAD"], check=False, capture_output=True, text=True)
    if head.returncode:
        return ""
    changed = subprocess.run(
        [*git, "status", "--porcelain", "--", ":/server"], check=False, capture_output=True, text=True
    )
    return head.stdout.strip() + ("+" if changed.stdout else "")


def heading(title: str) -> str:
    """A table's title with the machine, so that a pasted table says where it comes from."""
    about = machine()
    named = ", ".join(f"{name} {version}" for name, version in tools.versions().items())
    return f"### {title}\n\n{about['cpu']}, {about['cores']} cores, Python {about['python']}, {named}\n"


def show(text: str) -> None:
    """A part of the report, on standard output."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def progress(number: int, what: str) -> None:
    """What is being measured now, on one line of the terminal; silent when nobody watches."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{number + 1}: {what}\r")


def parser(doc: str | None) -> argparse.ArgumentParser:
    """The options every script has."""
    result = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    result.add_argument("--json", type=Path, help="where the record goes (default: the bench's cache directory)")
    return result
