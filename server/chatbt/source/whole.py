"""The chunks of a text that parses as a whole, cut from its one tree: the same chunks, several times as fast."""

import ast
from collections.abc import Iterator, Sequence
from itertools import pairwise

from chatbt.source.chunks import Chunk, Chunker, Parsed, Role, Unit, parse_source, without_mark
from chatbt.source.segments import WHITE, gap_start, segment

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_Span = tuple[int, int, list[ast.stmt]]  # lines [start, stop), and the statements there


def all_units(lines: Sequence[str]) -> list[Unit]:
    """Every unit of `lines`: from one `ast.parse` where it succeeds, else chunk by chunk."""
    try:
        tree = parse_source(without_mark("".join(lines)))
    except SyntaxError:
        return list(Chunker(lines).units())
    units = list(_units(lines, tree.body))
    for unit, following in pairwise(units):
        unit.reach = following.chunks[0].parsed.body[0].lineno
    return units


def _units(lines: Sequence[str], body: list[ast.stmt]) -> Iterator[Unit]:
    """The units; each reaches to the end."""
    if not body and lines:
        yield _unit(lines, 0, len(lines), "code", [])
    for start, stop, statements in _spans(lines, body, 0, len(lines), ""):
        node = statements[0]
        if not isinstance(node, ast.ClassDef) or not (header := segment(lines, start)).body:
            yield _unit(lines, start, stop, "def" if isinstance(node, _Definition) else "code", statements)
            continue
        unit = _unit(lines, start, header.stop, "header", [_stub(node, header.stop, header.body)], header.body)
        owner = unit.inside = unit.chunks[0]
        yield unit
        for first, end, members in _spans(lines, node.body, header.stop, stop, header.body):
            unit = _unit(lines, first, end, "member", members, header.body)
            unit.chunks[0].owner = owner
            unit.inside = owner if end < stop else None
            yield unit


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
            content_end = _content_end(lines, body[following - 1])
            end = gap_start(lines, content_end, _first_line(lines, body[following]), indent)
        yield start, end, body[index:following]
        start, index = end, following


def _first_line(lines: Sequence[str], node: ast.stmt) -> int:
    """The 0-based line on which `node` begins, decorators included."""
    decorators = getattr(node, "decorator_list", None)
    if not decorators:
        return node.lineno - 1
    first: int = decorators[0].lineno - 1
    while not lines[first].lstrip(WHITE).startswith("@"):
        first -= 1  # the decorator is in parentheses that were opened further up
    return first


def _content_end(lines: Sequence[str], node: ast.stmt) -> int:
    """The 0-based line behind `node` and the lines that it is continued to by a backslash, with nothing on them."""
    end = node.end_lineno or node.lineno
    rest = lines[end - 1].encode("utf-8", "surrogatepass")[node.end_col_offset :]
    while rest.rstrip(b"\r\n").endswith(b"\\") and b"#" not in rest:
        end += 1
        rest = lines[end - 1].encode("utf-8", "surrogatepass")
    return end


def _stub(node: ast.ClassDef, line: int, indent: str) -> ast.ClassDef:
    """The class as the text of its header alone gives it: with `pass` for a body, on the line behind."""
    start = (line + 1, len(indent))
    end = (line + 1, len(indent) + len("pass"))
    placeholder = ast.Pass(lineno=start[0], col_offset=start[1], end_lineno=end[0], end_col_offset=end[1])
    fields = {name: getattr(node, name) for name in (*node._fields, *node._attributes)}
    return ast.ClassDef(**fields | {"body": [placeholder], "end_lineno": end[0], "end_col_offset": end[1]})


def _unit(lines: Sequence[str], start: int, stop: int, role: Role, body: list[ast.stmt], indent: str = "") -> Unit:
    parsed = Parsed("".join(lines[start:stop]), role, indent, body, start + 1)
    return Unit(start, stop, len(lines) + 1, [Chunk(parsed, start, stop - start)])
