"""Code in which the findings of many patterns lie in and over each other: pattern cases, put into one another."""

import ast
import textwrap
import warnings
from functools import cache
from pathlib import Path
from typing import TypeVar

from hypothesis import strategies as st

from tests.specialists.cases import read_cases

CASES = Path(__file__).parents[1] / "specialists"
_Node = TypeVar("_Node", ast.stmt, ast.expr)


def compiles(text: str) -> bool:
    """Whether Python takes a text for a module."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "x.py", "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            return False
    return True


@cache
def pieces() -> tuple[list[str], list[str]]:
    """The code of the cases of all patterns, first of those that have a fix; what must stand first is left out."""
    cases = [case for file in sorted(CASES.glob("*/*.md")) for case in read_cases(file)]
    usable = [case for case in cases if "__future__" not in case.code and not case.path.endswith(".pyi")]
    codes = {case.code: case.fixed is not None for case in usable if compiles(case.code)}
    return [code for code, has_fix in codes.items() if has_fix], list(codes)


@st.composite
def nested(draw: st.DrawFn) -> str:
    """A module made of two to five cases; what would make no module is left away."""
    piece = st.one_of(*map(st.sampled_from, pieces()))
    text: str = draw(piece)
    for _ in range(draw(st.integers(1, 4))):
        put, guest = draw(st.sampled_from(_WAYS)), draw(piece)
        larger = put(text, guest, draw(st.integers(0, 10_000)))
        text = larger if compiles(larger) else text
    return text


def _after(host: str, guest: str, _: int) -> str:
    return f"{host}\n\n{guest}"


def _in_function(host: str, guest: str, _: int) -> str:
    return f"def outer(items, *args, **kwargs):\n{textwrap.indent(f'{host}{guest}', '    ')}"


def _in_method(host: str, guest: str, _: int) -> str:
    method = f"async def method(self, items):\n{textwrap.indent(f'{host}{guest}', '    ')}"
    return f"class Outer:\n{textwrap.indent(method, '    ')}"


def _in_body(host: str, guest: str, at: int) -> str:
    """The guest before one of the host's statements, at any depth."""
    lines = host.split("\n")
    nodes = [node for node in _nodes(host, ast.stmt) if not lines[node.lineno - 1][: node.col_offset].strip()]
    node = nodes[at % len(nodes)]
    first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
    margin = lines[node.lineno - 1][: node.col_offset]
    return "\n".join([*lines[: first - 1], textwrap.indent(guest, margin), *lines[first - 1 :]])


def _in_expression(host: str, guest: str, at: int) -> str:
    """An expression of the guest in the place of a name in the host."""
    names = [node for node in _nodes(host, ast.expr) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
    values = [node for node in _nodes(guest, ast.expr) if not isinstance(node, ast.Name | ast.Constant | ast.Starred)]
    if not (names and values):
        return host
    name, value = names[at % len(names)], values[at // len(names) % len(values)]
    lines = host.encode().split(b"\n")
    line = lines[name.lineno - 1]
    inner = (ast.get_source_segment(guest, value) or "").encode()
    lines[name.lineno - 1] = line[: name.col_offset] + b"(" + inner + b")" + line[name.end_col_offset :]
    return b"\n".join(lines).decode()


_WAYS = (_after, _in_function, _in_method, _in_body, _in_body, _in_expression, _in_expression)


def _nodes(code: str, kind: type[_Node]) -> list[_Node]:
    """The nodes of a kind, in order; what is in an f-string has no place of its own before Python 3.12."""
    found: list[_Node] = []
    stack: list[ast.AST] = [ast.parse(code)]
    while stack:
        node = stack.pop()
        if isinstance(node, kind):
            found.append(node)
        if not isinstance(node, ast.JoinedStr):
            stack.extend(ast.iter_child_nodes(node))
    return sorted(found, key=lambda node: (node.lineno, node.col_offset, -(node.end_col_offset or 0)))
