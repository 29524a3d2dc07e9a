"""The end of the demo: a finding explained and code rewritten, with the figures of decoding."""

from __future__ import annotations

import asyncio
import difflib
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from chatbt.cli.options.speaking import checked
from chatbt.cli.output.speech import in_figures

if TYPE_CHECKING:
    from rich.console import Console

    from chatbt.orchestrator.speaker import Piece, Rewrite, Speaker, Subject

_NEEDED = ("torch", "transformers", "fastapi", "uvicorn")
_WISH = "make this more Pythonic"
TRIES = 3
"""Findings that the model may try: what the checks refuse twice it does not show."""


def show_speech(paths: list[Path], console: Console) -> None:
    """Have a finding explained and a function rewritten; without an engine, what is missing."""
    from chatbt.engine.settings import read_settings

    settings = read_settings()
    if not settings.enabled:
        console.print(f"[bold]No explanation and no rewrite[/]: {settings.why_off}\n", soft_wrap=True)
        return
    if not settings.remote and not all(map(find_spec, _NEEDED)):
        what = "explanations and rewrites by a model need the extra: pip install 'chatbt\\[engine]'"
        console.print(f"[bold]Not installed[/]: {what}\n", soft_wrap=True)
        return
    asyncio.run(_shown(paths, console))


async def _shown(paths: list[Path], console: Console) -> None:
    from chatbt.engine.reach import Reach
    from chatbt.orchestrator.speaker import Speaker

    reach = Reach()
    speaker = Speaker(reach.client)
    try:
        await _explained(speaker, paths, console)
        await _rewritten(speaker, paths, console)
    finally:
        speaker.close()
        await reach.close()


async def _explained(speaker: Speaker, paths: list[Path], console: Console) -> None:
    from rich.markdown import Markdown

    subject, last = None, None
    for subject in [one for path in paths for one in _findings(path)][:TRIES]:
        async for piece in speaker.explain(subject):
            last = piece
        if last is not None and last.source == "model":
            break
    if subject is None or last is None:
        return
    problem = subject.problem
    console.rule(f"[bold]Explained by the model[/]: {problem.id}, line {problem.stretch.start.line}", align="left")
    console.print(Markdown(last.text, hyperlinks=False), width=min(console.width, 100))
    _below(last, console)


def _findings(path: Path) -> list[Subject]:
    from chatbt.orchestrator.reviewing import by_importance

    return [one for one in by_importance(checked(path)) if one.pattern is not None]


async def _rewritten(speaker: Speaker, paths: list[Path], console: Console) -> None:
    """The last function of the project, rewritten."""
    from rich.text import Text

    from chatbt.orchestrator.speaker import Rewrite
    from chatbt.rewriting.apply import apply
    from chatbt.source.document import Range

    checker = checked(paths[-1])
    line = max(
        number for number, line in enumerate(checker.document.lines, 1) if line.startswith(("def ", "async def"))
    )
    console.rule(f"[bold]Rewritten[/]: “{_WISH}”", align="left")
    made: Rewrite | None = None
    async for piece in speaker.rewrite(checker, Range.of(line, 0, line, 0), _WISH):
        made = piece if isinstance(piece, Rewrite) else made
    if made is None:
        return
    old, new = checker.document.text, apply(checker.document, made.edits).text
    colours = {"+": "green", "-": "red", "@": "cyan"}
    for row in difflib.unified_diff(old.splitlines(), new.splitlines(), paths[-1].name, paths[-1].name, lineterm=""):
        console.print(Text(row, colours.get(row[:1], "")), soft_wrap=True)
    if made.edits:
        by = "the model, up the ladder" if made.source == "model" else "ChatBT's own fixes"
        console.print(f"By {by}.", soft_wrap=True)
    if made.refused:
        console.print(Text(made.refused, "yellow"), soft_wrap=True)
    if made.figures:
        console.print(Text(in_figures(made.figures), "dim"), soft_wrap=True)
    console.print()


def _below(piece: Piece, console: Console) -> None:
    from rich.text import Text

    if piece.note:
        console.print(Text(piece.note, "yellow"), soft_wrap=True)
    if piece.figures:
        console.print(Text(in_figures(piece.figures), "dim"), soft_wrap=True)
    console.print()
