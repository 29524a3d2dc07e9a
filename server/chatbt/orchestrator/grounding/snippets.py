"""Which lines a finding is shown in: its function, or its statement with its neighbours, at most so many of them."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from chatbt.source.chunks import Chunk, parse_source
from chatbt.workspace.checker import Checker

_ABOVE, _BELOW = 8, 6
"""Lines from the finding within which a neighbour of its statement stands wholly."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """Lines `first` to `last` (1-based) of a text that a finding is shown in, and whose they are."""

    first: int
    last: int
    function: str = ""
    owner: str = ""


def snippet_around(checker: Checker, line: int) -> Snippet:
    """The innermost function around a line, or the statement at the top with its neighbours.

    Only what is near is read, and chunks that do not parse are left out: it is the same in a file of any size, and in
    one that is half written.
    """
    chunks = [chunk for chunk, _ in checker.chunks()]
    here = next((one for one in chunks if one.start < line <= one.stop), None)
    if here is None:
        return Snippet(line, line)
    owner = here if here.parsed.role == "header" else here.owner
    shown = [
        one
        for one in chunks
        if (owner is not None and (one is owner or one.owner is owner))
        or (one.owner is None and one.parsed.role != "header" and _is_near(one, line))
    ]
    first = shown[0].start + 1
    try:
        body = parse_source(_text(shown)).body
    except SyntaxError:
        return Snippet(here.start + 1, here.stop)
    return _innermost(body, line, first - 1) or Snippet(line, line)


def _is_near(chunk: Chunk, line: int) -> bool:
    return chunk.start < line + _BELOW and line - _ABOVE <= chunk.stop


def _text(chunks: Sequence[Chunk]) -> str:
    """Chunks in their places, as far as they parse, with empty lines where others stand."""
    lines: list[str] = []
    start = chunks[0].start
    for chunk in chunks:
        lines += [""] * (chunk.start - start - len(lines))
        parsed = chunk.parsed
        if parsed.fault is None:
            lines += parsed.text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
        elif chunk.owner is not None:
            lines.append(f"{parsed.indent or '    '}pass")
    return "\n".join(lines) + "\n"


def _innermost(top: Sequence[ast.stmt], line: int, shift: int) -> Snippet | None:
    """The snippet around a line in statements whose lines count from behind line `shift` of the text."""
    line -= shift
    body = top
    function, owner = "", ""
    chosen: tuple[int, int] | None = None
    while True:
        inside = next((one for one in body if _first(one) <= line <= _last(one)), None)
        if inside is None:
            break
        if isinstance(inside, ast.FunctionDef | ast.AsyncFunctionDef):
            if chosen is None or _last(inside) - _first(inside) >= 2 or not function:
                function, chosen = inside.name, (_first(inside), _last(inside))
        elif isinstance(inside, ast.ClassDef):
            owner, chosen, function = inside.name, (_first(inside), _last(inside)), ""
        elif chosen is None:
            chosen = _first(inside), _last(inside)
        parts = [getattr(inside, name, []) for name in ("body", "orelse", "finalbody")]
        parts += [one.body for one in [*getattr(inside, "handlers", []), *getattr(inside, "cases", [])]]
        body = [one for part in parts for one in part]
    if chosen is None:
        return None
    if not function and not owner:
        chosen = _with_neighbours(top, chosen, line)
    return Snippet(chosen[0] + shift, chosen[1] + shift, function, owner)


def _with_neighbours(body: Sequence[ast.stmt], chosen: tuple[int, int], line: int) -> tuple[int, int]:
    first, last = chosen
    for one in body:
        if not isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if line - _ABOVE <= _first(one) < first:
                first = _first(one)
            if last < _last(one) <= line + _BELOW:
                last = _last(one)
    return first, last


def _first(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(one.lineno for one in decorators)])


def _last(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def cut(lines: Sequence[str], place: int, room: int) -> tuple[list[str], int]:
    """At most `room` lines, the first and those around `place` (0-based), and the place among them."""
    if len(lines) <= room:
        return list(lines), place
    start = max(place - room // 2, 0)
    if start <= 2 and place < room:
        return list(lines[:room]), place
    near = lines[start]
    indent = near[: len(near) - len(near.lstrip())]
    return [lines[0], f"{indent}...", *lines[start : start + room - 2]], place - start + 2
