"""The chunks of a text that parses as a whole, cut from its one tree: the same chunks, several times as fast."""

import ast
from collections.abc import Iterator, Sequence

from chatbt.source.chunks import Chunk, Chunker, Parsed, Role, Unit, parse_source
from chatbt.source.segments import is_content, with_indented_comments

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_Span = tuple[int, int, list[ast.stmt]]  # lines [start, stop), and the statements there


def all_units(lines: Sequence[str]) -> list[Unit]:
    """Every unit of `lines`: from one `ast.parse` where it succeeds, else chunk by chunk."""
    text = "".join(lines)
    if not text.startswith("\ufeff"):
        try:
            tree = parse_source(text)
        except SyntaxError:
            pass
        else:
            return list(_units(lines, tree.body))
    return list(Chunker(lines).units(0))


def _first_line(node: ast.stmt) -> int:
    """The 0-based line on which `node` begins, decorators included."""
    decorators = getattr(node, "decorator_list", None)
    return (decorators[0].lineno if decorators else node.lineno) - 1


def _spans(lines: Sequence[str], body: list[ast.stmt], start: int, stop: int, indent: str) -> Iterator[_Span]:
    """The definitions and the runs of other statements in `body`, with the lines that belong to each."""
    index = 0
    while index < len(body):
        following = index + 1
        if not isinstance(body[index], _Definition):
            while following < len(body) and not isinstance(body[following], _Definition):
                following += 1
        end = stop
        if following < len(body):
            content_end = body[following - 1].end_lineno or 0
            end = with_indented_comments(lines, content_end, _first_line(body[following]), indent)
        yield start, end, body[index:following]
        start, index = end, following


def _units(lines: Sequence[str], body: list[ast.stmt]) -> Iterator[Unit]:
    if not body and lines:
        yield _unit(Chunk(_parsed(lines, 0, len(lines), "code", "", []), 0, len(lines)))
    for start, stop, statements in _spans(lines, body, 0, len(lines), ""):
        node = statements[0]
        if isinstance(node, ast.ClassDef) and (unit := _class(lines, start, stop, node)):
            yield unit
            continue
        role: Role = "def" if isinstance(node, _Definition) else "code"
        yield _unit(Chunk(_parsed(lines, start, stop, role, "", statements), start, stop - start))


def _unit(chunk: Chunk) -> Unit:
    return Unit(chunk.start, chunk.stop, 0, [chunk])


def _class(lines: Sequence[str], start: int, stop: int, node: ast.ClassDef) -> Unit | None:
    first = _first_line(node.body[0])
    indent = lines[first][: len(lines[first]) - len(lines[first].lstrip(" \t"))]
    column = min(part.col_offset for part in (node.body[0], *getattr(node.body[0], "decorator_list", ())))
    if first < node.lineno or not indent or lines[first][: column - 1].strip():
        return None
    behind = first
    while not is_content(lines[behind - 1]):
        behind -= 1
    placeholder = ast.Pass(
        lineno=behind + 1, col_offset=len(indent), end_lineno=behind + 1, end_col_offset=len(indent) + 4
    )
    stub = ast.ClassDef(
        **{name: getattr(node, name) for name in (*node._fields, *node._attributes)} | {"body": [placeholder]}
    )
    header = Chunk(_parsed(lines, start, behind, "header", indent, [stub]), start, behind - start)
    chunks = [header]
    for at, end, statements in _spans(lines, node.body, behind, stop, indent):
        chunks.append(Chunk(_parsed(lines, at, end, "member", indent, statements), at, end - at, header))
    return Unit(start, stop, 0, chunks, (behind, indent))


def _parsed(lines: Sequence[str], start: int, stop: int, role: Role, indent: str, body: list[ast.stmt]) -> Parsed:
    return Parsed("".join(lines[start:stop]), role, indent, body, start + 1)
