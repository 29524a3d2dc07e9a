"""Templates of `str.format` as written, and f-strings that say the same before Python 3.12 too."""

import ast
import re
import string
from collections.abc import Sequence
from dataclasses import dataclass

from chatbt.rewriting.rewrite import Rewrite
from chatbt.rewriting.strings import StringPart
from chatbt.source.chunks import parse_source
from chatbt.source.document import Position

_ESCAPE = re.compile(r"\\(?:N\{[^}]*\}|(?=[{}])|.)", re.DOTALL)
_FIELD = re.compile(
    r"(?P<name>\w*)(?P<path>(?:\.[^\W\d]\w*|\[[\w-]+\])*)(?:!(?P<conversion>[rsa]))?(?::(?P<specification>.*))?"
)
_STEP = re.compile(r"\.(?P<attribute>\w+)|\[(?P<key>[\w-]+)\]")
_HOLE = "\0"
_PLAIN = (
    ast.Name, ast.Attribute, ast.Subscript, ast.Slice, ast.Tuple, ast.Call, ast.keyword, ast.Constant, ast.BinOp,
    ast.UnaryOp, ast.operator, ast.unaryop, ast.expr_context,
)  # fmt: skip
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Field:
    """A replacement field `{name path !conversion : specification}`."""

    name: str
    path: str
    conversion: str
    specification: "tuple[str | Field, ...]"


Template = tuple[str | Field, ...]


def template_of(body: str, *, raw: bool) -> Template | None:
    """The texts and fields of a literal's body as `format` reads them; None for what is not plain.

    Braces that are doubled stay so.
    """
    return _pieces(body, raw=raw, inner=False)


def _pieces(body: str, *, raw: bool, inner: bool) -> Template | None:
    found: list[str | Field] = []
    start = index = 0
    while index < len(body):
        escape = _ESCAPE.match(body, index) if not raw else None
        if escape:
            index = max(escape.end(), index + 1)
        elif body[index] not in "{}":
            index += 1
        elif body[index : index + 2] in ("{{", "}}") and not inner:
            index += 2
        else:
            end = _closing(body, index)
            field = _field(body[index + 1 : end], inner=inner) if end else None
            if field is None:
                return None
            found += [body[start:index], field]
            start = index = (end or index) + 1
    return (*found, body[start:])


def _closing(body: str, opening: int) -> int | None:
    """Where the field ends that a brace at `opening` starts; None if it is no opening brace, or none closes it."""
    depth = 0
    for index in range(opening, len(body)):
        depth += (body[index] == "{") - (body[index] == "}")
        if depth <= 0:
            return index if index > opening else None
    return None


def _field(text: str, *, inner: bool) -> Field | None:
    found = _FIELD.fullmatch(text)
    if found is None or "\\" in text or "\n" in text:
        return None
    nested = found["specification"] or ""
    specification = _pieces(nested, raw=True, inner=True)
    if specification is None or (inner and nested):
        return None
    return Field(found["name"], found["path"], found["conversion"] or "", specification)


def looked_up(path: str, quote: str) -> str:
    """The path of a field, `.a[0][key]`, as an expression's."""
    return "".join(
        f".{step['attribute']}" if step["attribute"] else f"[{_key(step['key'], quote)}]"
        for step in _STEP.finditer(path)
    )


def _key(key: str, quote: str) -> str:
    return str(int(key)) if key.isdecimal() else f"{quote}{key}{quote}"


def in_field(text: str, quote: str) -> str | None:
    """An expression's text as it can stand in a field of an f-string in `quote`; None if it cannot everywhere.

    Before Python 3.12 a field holds neither backslashes, comments and lines nor the quote of its string.
    """
    mine, other = quote[0], "'" if quote[0] == '"' else '"'
    if any(one in text for one in ("\\", "#", "\n", "\r")) or text.startswith("{"):
        return None
    if mine not in text:
        return text
    return None if other in text else text.replace(mine, other)


def with_prefix(part: StringPart, body: str, *, formatted: bool) -> str:
    """A literal with another body, as an f-string if `formatted`."""
    prefix = re.sub("[uUfF]", "", part.prefix)
    return f"{prefix}{'f' if formatted else ''}{part.quote}{body}{part.quote}"


def is_short(value: ast.expr) -> bool:
    """Whether an expression can stand inside a text without hiding it."""
    if isinstance(value, ast.Constant) or len(ast.unparse(value)) > _LONGEST:
        return False
    return all(isinstance(one, _PLAIN) and not is_built_of_literal(one) for one in ast.walk(value))


def is_built_of_literal(node: ast.AST) -> bool:
    """Whether a text is made of a literal, `", ".join(xs)` or `"%s" % x`, whose quotes would be within quotes."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Constant())) | ast.BinOp(op=ast.Mod(), left=ast.Constant()):
            return True
    return False


def says(text: str, parts: Sequence[str | None]) -> bool:
    """Whether the string or f-string `text` gives these texts, with a field in the place of each None."""
    try:
        (statement,) = parse_source(f"({text})").body
    except (SyntaxError, ValueError):
        return False
    node = getattr(statement, "value", None)
    values: Sequence[ast.expr] = node.values if isinstance(node, ast.JoinedStr) else [node] if node else []
    written = "".join(str(one.value) if isinstance(one, ast.Constant) else _HOLE for one in values)
    return written == "".join(_HOLE if one is None else one for one in parts)


def parts_of(template: str) -> list[str | None]:
    """The texts of a template as `format` reads it, None for each field; [] if it is none."""
    found: list[str | None] = []
    try:
        for text, name, _, _ in string.Formatter().parse(template):
            found += [text] if name is None else [text, None]
    except ValueError:
        return []
    return found


def apart(start: Position, text: str, rewrite: Rewrite) -> str:
    """`text`, with a space before it where it would otherwise continue the word before `start`."""
    before = rewrite.line(start.line).encode("utf-8", "surrogatepass")[: start.column].decode("utf-8", "surrogatepass")
    return f" {text}" if re.search(r"\w$", before) and re.match(r"\w", text) else text


def fits(start: Position, text: str, old: str, rewrite: Rewrite) -> bool:
    """Whether no line gets longer than 100 characters, or than those of `old`, once `text` stands at `start`."""
    longest = max(len(line) for line in old.splitlines())
    return max(start.column + len(text.split("\n", maxsplit=1)[0]), *map(len, text.splitlines())) <= max(100, longest)
