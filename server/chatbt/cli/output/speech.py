"""What a speaker says, on the terminal: Markdown as it grows, plain where the output is no terminal; or JSON."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager, nullcontext
from typing import Any

from chatbt.cli.output.say import warn
from chatbt.orchestrator.speaker import Piece

_WIDEST = 100


async def told(pieces: AsyncGenerator[Piece, None], *, stream: bool, as_json: bool, **about: object) -> int:
    """Show an answer: the exit status, 0 if it was given, 1 if only a card stands in its place."""
    last = Piece("")
    grows = stream and not as_json and sys.stdout.isatty()
    async with aclosing(pieces):
        with _growing() if grows else nullcontext() as show:
            async for last in pieces:
                if show is not None:
                    show(last.text)
    if as_json:
        sys.stdout.write(as_object(last, **about))
    elif not grows:
        sys.stdout.write(f"{last.text}\n")
    if not as_json:
        _below(last)
    return 1 if last.note else 0


def as_object(piece: Piece, **about: object) -> str:
    """An answer as a JSON object, with a line ending."""
    import orjson

    figures = dict(piece.figures) if piece.figures is not None else None
    content = {**about, "text": piece.text, "source": piece.source, "note": piece.note, "figures": figures}
    options = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS
    return orjson.dumps(content, option=options).decode() + "\n"


def in_figures(figures: Mapping[str, Any]) -> str:
    """The figures of an answer in one line."""
    known = {
        "completion_tokens": "{} tokens",
        "seconds": "in {:.2f} s",
        "first_token_seconds": "the first after {:.3f} s",
        "rounds": "{} rounds",
        "drafted": "{} drafted",
        "acceptance": "{:.0%} of them accepted",
        "estimated_speedup": "about {:.2f} times as fast as without a draft",
    }
    return ", ".join(text.format(figures[name]) for name, text in known.items() if figures.get(name) is not None)


def _below(piece: Piece) -> None:
    if piece.note:
        warn(piece.note)
    elif piece.figures and sys.stdout.isatty() and (text := in_figures(piece.figures)):
        sys.stdout.write(f"({text})\n")


@contextmanager
def _growing() -> Iterator[Callable[[str], None]]:
    """Shows a text in Markdown, in the place of the one before."""
    from rich.console import Console
    from rich.live import Live
    from rich.markdown import Markdown
    from rich.padding import Padding

    console = Console(highlight=False)
    width = min(console.width, _WIDEST)
    shown: list[Padding] = []
    # What grows is shown as far as it fits the screen; the whole stands there at the end.
    with Live(console=console, transient=True, vertical_overflow="ellipsis", refresh_per_second=12) as live:

        def show(text: str) -> None:
            markdown = Markdown(text, hyperlinks=False)
            shown[:] = [Padding(markdown, (0, max(console.width - width, 0), 0, 0))]
            live.update(shown[0])

        yield show
    for one in shown:
        console.print(one)
