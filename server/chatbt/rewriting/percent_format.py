"""A string formatted by `%` as an f-string."""

import ast
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from chatbt.analysis.names import is_builtin
from chatbt.analysis.operations import Proven
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import type_of
from chatbt.rewriting.formats import is_built_of_literal
from chatbt.rewriting.rewrite import Rewrite
from chatbt.rewriting.strings import StringPart, string_parts
from chatbt.source.chunks import parse_source
from chatbt.source.document import Range

_SPECIFIER = re.compile(r"%(?P<flags>[-+ #0]*)(?P<width>\d*)(?:\.(?P<precision>\d+))?(?P<kind>[diouxXeEfFgGrsac%])")
_PIECE = re.compile(r"\\N\{[^}]*\}|\\.|%", re.DOTALL)
_RAW_PIECE = re.compile("%")
_PLAIN = frozenset("str int float bool NoneType".split())
_NUMBERS = frozenset("int float bool".split())
_LONGEST = 50
_WIDEST = 99


class Specifier(NamedTuple):
    """`%-5.2f` and its like, as written."""

    text: str
    flags: str
    width: str
    precision: str | None
    kind: str


class Formatted(NamedTuple):
    """The f-string's source, the specifiers, and whether each value is proven to read as it did."""

    text: str
    specifiers: list[Specifier]
    proven: bool


class _Field(NamedTuple):
    """What stands behind the expression in braces, and whether it is proven to give the same text."""

    suffix: str
    proven: bool


def formatted(
    left: ast.Constant, values: Sequence[ast.expr], scope: Scope, rewrite: Rewrite, *, proving: bool = True
) -> Formatted | None:
    """The f-string for `left % values`; None if there is none that a reader would want, or that is certainly right.

    Without `proving`, whether the values are proven to read the same is not looked into: that takes time.
    """
    pieces = _pieces(str(left.value))
    if pieces is None:
        return None
    specifiers = [one for one in pieces if isinstance(one, Specifier)]
    if not specifiers or len(specifiers) != len(values):
        return None
    known: list[tuple[str, _Field]] = []
    for specifier, value in zip(specifiers, values, strict=True):
        inner, conversion = _converted(specifier, value, scope)
        text = _expression(inner, rewrite)
        found = type_of(value, scope) if text and (proving or _depends_on_type(conversion)) else None
        field = _field(conversion, found, inner is not value) if text else None
        if text is None or field is None:
            return None
        known.append((text, field))
    literal = _literal(left, known, rewrite)
    # What has no escapes is cut at its specifiers and put together again.
    if literal is None or ((proving or "\\" in literal) and not _reads_as(literal, pieces)):
        return None
    return Formatted(literal, specifiers, proving and _is_proven(values, [field for _, field in known], scope))


def _is_proven(values: Sequence[ast.expr], fields: Sequence[_Field], scope: Scope) -> bool:
    if not all(field.proven for field in fields):
        return False
    is_quiet = not any(isinstance(node, ast.Call | ast.Await) for one in values for node in ast.walk(one))
    return is_quiet or all((found := type_of(one, scope)) is not None and found.name in _PLAIN for one in values)


def _depends_on_type(one: Specifier) -> bool:
    """Whether the type of a value says how the f-string is to be written."""
    return one.kind not in "sra" or (one.kind == "s" and bool(one.width or one.precision))


def _pieces(text: str) -> list[str | Specifier] | None:
    """The text between the specifiers of a format, and they; None if it holds one that an f-string has no match for."""
    found: list[str | Specifier] = [""]
    end = 0
    while (start := text.find("%", end)) >= 0:
        match = _SPECIFIER.match(text, start)
        if match is None:
            return None
        found[-1] = f"{found[-1]}{text[end:start]}"
        end = match.end()
        if match["kind"] != "%":
            found += [_specifier(match), ""]
        elif match.group() == "%%":
            found[-1] = f"{found[-1]}%"
        else:
            return None
    found[-1] = f"{found[-1]}{text[end:]}"
    # Braces would have to be doubled, which nobody likes to read.
    return None if "{" in text or "}" in text else found


def _specifier(match: re.Match[str]) -> Specifier:
    return Specifier(match.group(), match["flags"], match["width"], match["precision"], match["kind"])


def _converted(one: Specifier, value: ast.expr, scope: Scope) -> tuple[ast.expr, Specifier]:
    """What `%s` of `repr(x)` or `str(x)` is about, and the specifier for that."""
    match value:
        case ast.Call(func=ast.Name(id="repr" | "str" as name), args=[inner], keywords=[]) if one.kind == "s":
            if is_builtin(name, scope) and not isinstance(inner, ast.Starred):
                return inner, one._replace(kind="r" if name == "repr" else "s")
    return value, one


def _field(one: Specifier, found: Proven | None, is_converted: bool) -> _Field | None:
    """How an f-string formats a value as the specifier does; None if it may not.

    `found` is the value's type, `is_converted` whether the value is what the conversion makes of something.
    """
    precision = f".{one.precision}" if one.precision is not None else ""
    name, is_exact = (found.name, found.exact) if found else ("", False)
    if one.kind in "sra":
        if one.flags.strip("-"):
            return None
        align = ("<" if "-" in one.flags else ">") if one.width else ""
        layout = f"{align}{one.width}{precision}"
        is_text = is_exact and name == "str"
        if one.kind == "s" and not is_converted and (is_text or not layout):
            return _Field(f":{layout}" if layout else "", is_exact and name in _PLAIN)
        return _Field(f"!{one.kind}:{layout}" if layout else f"!{one.kind}", True)
    is_whole = one.kind in "diuxXo"
    if name not in ("int", "bool") if is_whole else (found is not None and name not in _NUMBERS):
        return None
    if (is_whole and precision) or (not is_whole and "#" in one.flags) or one.kind == "c":
        return None
    align = "<" if "-" in one.flags and one.width else ""
    sign = next((flag for flag in "+ " if flag in one.flags), "")
    zero = "0" if "0" in one.flags and one.width and "-" not in one.flags else ""
    marked = "#" if "#" in one.flags and one.kind in "xXo" else ""
    kind = "d" if one.kind in "iu" else one.kind
    return _Field(f":{align}{sign}{marked}{zero}{one.width}{precision}{kind}", is_exact and name in _NUMBERS)


def _expression(value: ast.expr, rewrite: Rewrite) -> str | None:
    """The source of a value as it can stand in braces before Python 3.12; None if it cannot, or should not."""
    if isinstance(value, ast.Constant) or any(_is_heavy(node) for node in ast.walk(value)):
        return None
    text = rewrite.text(value)
    if len(text) > _LONGEST or any(character in text for character in "\n\r\\#"):
        return None
    if "'" in text and '"' in text:
        return None
    needs_brackets = text.startswith("{") or "!=" in text
    return f"({text})" if needs_brackets else text


def _is_heavy(node: ast.AST) -> bool:
    """What is hard to read, or cannot stand, in an f-string."""
    heavy = (
        ast.JoinedStr,
        ast.IfExp,
        ast.Starred,
        ast.Yield,
        ast.YieldFrom,
        ast.GeneratorExp,
        ast.ListComp,
        ast.Lambda,
    )
    return is_built_of_literal(node) or isinstance(node, (*heavy, ast.DictComp, ast.SetComp, ast.NamedExpr))


def _literal(left: ast.Constant, known: Sequence[tuple[str, _Field]], rewrite: Rewrite) -> str | None:
    """The source of the f-string; each literal of an implicit concatenation stays one."""
    parts = string_parts(left, rewrite)
    if not parts:
        return None
    fields = iter(known)
    start, end = rewrite.place(left)
    text = ""
    for part in parts:
        written = _part(part, fields)
        if written is None:
            return None
        text += rewrite.slice(Range(start, part.stretch.start)) + written
        start = part.stretch.end
    if next(fields, None) is not None:
        return None
    text += rewrite.slice(Range(start, end))
    widest = max(len(rewrite.line(number)) for number in range(start.line, end.line + 1))
    if max(map(len, text.splitlines())) > max(_WIDEST, widest):
        return None
    return text


def _part(part: StringPart, fields: Iterator[tuple[str, _Field]]) -> str | None:
    """One literal with its specifiers replaced by the next `fields`."""
    body = ""
    used: list[str] = []
    index = 0
    pattern = _RAW_PIECE if "r" in part.prefix.lower() else _PIECE
    while found := pattern.search(part.body, index):
        body += part.body[index : found.start()]
        index = found.end()
        if found.group() != "%":
            body += found.group()
            continue
        match = _SPECIFIER.match(part.body, found.start())
        if match is None:
            return None
        index = match.end()
        if match.group() == "%%":
            body += "%"
            continue
        field = next(fields, None)
        if field is None:
            return None
        used.append(field[0])
        body += f"{{{field[0]}{field[1].suffix}}}"
    body += part.body[index:]
    quote = _quote(part, used)
    if quote is None:
        return None
    return f"{re.sub('[uU]', '', part.prefix)}{'f' if used else ''}{quote}{body}{quote}"


def _quote(part: StringPart, used: Sequence[str]) -> str | None:
    """Quotes for a literal that the expressions `used` in it do not hold; None if there are none."""
    quote = part.quote
    if not any(quote[0] in one for one in used):
        return quote
    other = "'" if quote == '"' else '"'
    if len(quote) > 1 or other in part.body or "\\" in part.body or any(other in one for one in used):
        return None
    return other


def _reads_as(text: str, pieces: Sequence[str | Specifier]) -> bool:
    """Whether the f-string in `text` has the same text between its fields as the format has."""
    try:
        (statement,) = parse_source(f"({text})").body
    except (SyntaxError, ValueError):
        return False
    string = getattr(statement, "value", None)
    if not isinstance(string, ast.JoinedStr):
        return False
    found = [""]
    for one in string.values:
        if isinstance(one, ast.Constant):
            found[-1] += str(one.value)
        else:
            found.append("")
    return found == [one for one in pieces if isinstance(one, str)]
