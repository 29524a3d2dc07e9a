"""Explains what the cursor is on before it is asked for, while a running engine has nothing else to do."""

import asyncio
import logging
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING

from chatbt.engine.errors import EngineError
from chatbt.lsp.documents import Open
from chatbt.source.document import Range
from chatbt.workspace.findings import Problem

if TYPE_CHECKING:
    from chatbt.lsp.session import Session

log = logging.getLogger(__name__)

IDLE_S = 0.5
_SUPPLIES = Path("/sys/class/power_supply")


class Prefetching:
    """One explanation at a time, of what the cursor was last on. Elsewhere, another one takes its place."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._at: Problem | None = None

    def look_at(self, text: Open, place: Range) -> None:
        """The user looks at this place."""
        features = self._session.features
        if not (features.is_on and features.prefetches):
            return
        found = (one for one in text.problems() if one.report is not None and one.stretch.touches(place))
        problem = min(found, key=lambda one: (not one.shown, one.extent), default=None)
        if problem is None or problem is self._at:
            return
        self.stop()
        self._at = problem
        self._timer = asyncio.get_running_loop().call_later(IDLE_S, self._start, text, problem)

    def stop(self) -> None:
        self._at = None
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()

    def _start(self, text: Open, problem: Problem) -> None:
        self._task = asyncio.create_task(self._explain(text, problem))
        self._task.add_done_callback(_log)

    async def _explain(self, text: Open, problem: Problem) -> None:
        features = self._session.features
        if not may_be_running() or on_battery():
            return
        client = await features.running()
        if client is None:
            return
        try:
            health = await client.health()
        except EngineError:
            return
        # A model that is not loaded is not loaded for this.
        if health.state != "ready" or health.waiting or problem not in text.problems():
            return
        from chatbt.lsp.model.subjects import subject_of
        from chatbt.orchestrator.speaker import BEHIND

        speaker = await features.speaker()
        with features.work():
            async with aclosing(speaker.explain(subject_of(text, problem), priority=BEHIND)) as growing:
                async for _ in growing:
                    pass  # the speaker keeps it


def may_be_running() -> bool:
    """Whether there is the token of an engine: a look at the disk, before anything is loaded that could ask it."""
    from chatbt.engine.places import Places

    return Places.of_user().token.exists()


def on_battery(supplies: Path = _SUPPLIES) -> bool:
    """Whether the machine has a battery that is being discharged, and no other supply that works."""
    discharging = False
    for supply in supplies.glob("*"):
        kind, scope = _read(supply / "type"), _read(supply / "scope")
        if kind in ("Mains", "USB") and _read(supply / "online") == "1":
            return False
        # A mouse has a battery too.
        discharging |= kind == "Battery" and scope != "Device" and _read(supply / "status") == "Discharging"
    return discharging


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""


def _log(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("an explanation ahead of time failed: %s", error, exc_info=error)
