"""The engine's figures on one screen."""

from typing import Any

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from chatbt.engine.shapes import Health

_COLOURS = {"ready": "green", "busy": "cyan", "loading": "yellow", "unloaded": "dim", "failed": "red"}


def screen(health: Health, figures: dict[str, Any]) -> RenderableType:
    """What `chatbt engine top` shows."""
    state = health.state + (f" {health.percent} %" if health.state == "loading" else "")
    head = Text.assemble((state, f"bold {_COLOURS.get(health.state, 'white')}"))
    if health.device:
        head.append(f"  {health.model}, {health.precision} on {health.device}, policy {health.policy}")
    if health.reason:
        head.append(f"\n{health.reason}", "yellow")
    drafting, latest = figures["dsde"], figures["latest"]
    table = Table.grid(padding=(0, 3))
    for left, right in (
        (
            f"memory      {health.memory_bytes / 2**20:.0f} MiB, {health.device_memory_bytes / 2**20:.0f} MiB on a GPU",
            f"sessions    {health.sessions}",
        ),
        (
            f"queue       {_bar(figures['waiting'] + figures['running'], figures['capacity'])}",
            f"            {figures['running']} running, {figures['waiting']} waiting of {figures['capacity']}",
        ),
        (f"tokens/s    {figures['tokens_per_second']:.1f}", f"rounds      {figures['rounds']}"),
        (
            f"now         SL {_told(drafting['speculation_length'])}, accepted {_part(drafting['acceptance'])}",
            f"            KLD {_told(drafting['divergence'])}, WVIR {_told(drafting['stability'])}",
        ),
        (
            f"lately      SL {_told(latest['speculation_length'])}, accepted {_part(latest['acceptance'])}",
            f"            KLD {_told(latest['divergence'])}, speed-up {_told(latest['speedup'])}",
        ),
        (
            f"first token {_seconds(latest['first_token_median'])}, 95 %: {_seconds(latest['first_token_p95'])}",
            f"            {latest['requests']} requests, {latest['failed']} failed",
        ),
    ):
        table.add_row(left, right)
    alerts = [Text(f"! {alert}", "bold red") for alert in figures["alerts"]]
    return Panel(Group(head, table, *alerts), title=f"ChatBT engine {health.version}", expand=False)


def _bar(value: int, most: int) -> str:
    filled = min(20, 20 * value // most) if most else 0
    return "█" * filled + "░" * (20 - filled)


def _told(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _part(value: float | None) -> str:
    return "-" if value is None else f"{value:.0%}"


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value * 1000:.0f} ms"
