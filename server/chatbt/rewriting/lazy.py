"""A message that is put together where it is logged, as a template and the arguments that `logging` puts into it."""

import ast
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass

from chatbt.analysis.flow import is_pure
from chatbt.analysis.names import callee
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import exactly
from chatbt.rewriting.layout import LINE_LENGTH
from chatbt.rewriting.rewrite import Rewrite, advanced
from chatbt.rewriting.strings import string_parts
from chatbt.source.document import Range

_SIMPLE = ("str", "int", "float", "bool", "NoneType")
_WHOLE = re.compile(r"[+ ]?0?\d*[dxXo]")
_REAL = re.compile(r"[+ ]?(?:[1-9]\d*)?(?:\.\d+)?[eEfgG]")
_PADDED = re.compile(r"([<>]?)([1-9]\d*)s?")
_PERCENT = re.compile(r"%(?:[-+ #0]*\d*(?:\.\d+)?([diouxXeEfFgGrsa%])|(.?))", re.DOTALL)
_BRACES = re.compile(r"\{\{|\}\}|\{[^{}]*\}|%")


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a template: how `logging` fills it, with which value, and whether what it says is proven the same."""

    placeholder: str
    value: ast.expr
    same: bool


@dataclass(frozen=True, slots=True)
class Lazy:
    """What a message is made of: the literal text between the slots, and the slots."""

    pieces: tuple[str | Slot, ...]

    @property
    def slots(self) -> list[Slot]:
        return [one for one in self.pieces if isinstance(one, Slot)]

    @property
    def template(self) -> str:
        return "".join(one.replace("%", "%%") if isinstance(one, str) else one.placeholder for one in self.pieces)


def lazy(message: ast.expr, scope: Scope) -> Lazy | None:
    """What an f-string, `%`, `format` or `+` makes a message of; None where `%` could not say the same."""
    match message:
        case ast.JoinedStr(values=values):
            found = [
                _slot(one.value, one.conversion, one.format_spec, scope)
                if isinstance(one, ast.FormattedValue)
                else str(getattr(one, "value", ""))
                for one in values
            ]
        case ast.BinOp(op=ast.Mod(), left=ast.Constant(value=str(text)), right=right):
            found = list(_percent(text, right, scope))
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
            found = list(_format(text, message, scope))
        case ast.BinOp(op=ast.Add()):
            found = [_summand(one, scope) for one in _summands(message)]
            if not any(isinstance(one, str) for one in found):
                return None
        case _:
            return None
    pieces = [one for one in found if one is not None]
    return Lazy(tuple(pieces)) if len(pieces) == len(found) and any(isinstance(one, Slot) for one in pieces) else None


def _slot(value: ast.expr, conversion: int, specification: ast.expr | None, scope: Scope) -> Slot | None:
    spec = ""
    if specification is not None:
        values = specification.values if isinstance(specification, ast.JoinedStr) else []
        if not all(isinstance(one, ast.Constant) for one in values):
            return None
        spec = "".join(str(getattr(one, "value", "")) for one in values)
    letter = "s" if conversion == -1 else chr(conversion)
    simple = exactly(value, scope, *_SIMPLE)
    if not spec:
        return Slot(f"%{letter}", value, simple)
    padded = _PADDED.fullmatch(spec)
    is_text = conversion != -1 or exactly(value, scope, "str")
    if padded and (is_text or (padded[1] and not exactly(value, scope, "bool", "NoneType"))):
        left = "" if padded[1] == ">" else "-"
        return Slot(f"%{left}{padded[2]}{letter}", value, simple and is_text)
    if conversion == -1 and _WHOLE.fullmatch(spec):
        return Slot(f"%{spec}", value, exactly(value, scope, "int", "bool"))
    if conversion == -1 and _REAL.fullmatch(spec):
        return Slot(f"%{spec}", value, exactly(value, scope, "float"))
    return None


def _percent(text: str, right: ast.expr, scope: Scope) -> Iterator[str | Slot | None]:
    """The pieces of `text % right`."""
    values = list(right.elts) if isinstance(right, ast.Tuple) else [right]
    end = 0
    for place in _PERCENT.finditer(text):
        yield text[end : place.start()]
        end = place.end()
        kind = place[1]
        if kind == "%" and place[0] == "%%":
            yield "%"
        elif kind in (None, "%") or not values or isinstance(values[0], ast.Starred | ast.Dict):
            yield None
            return
        else:
            value = values.pop(0)
            kinds = _SIMPLE if kind in "sra" else ("float",) if kind in "eEfFgG" else ("int", "bool")
            yield Slot(place[0], value, exactly(value, scope, *kinds))
    yield None if values else text[end:]


def _format(text: str, call: ast.Call, scope: Scope) -> Iterator[str | Slot | None]:
    """The pieces of `text.format(...)`."""
    given: dict[str | None, ast.expr] = {str(index): one for index, one in enumerate(call.args)}
    given.update((one.arg, one.value) for one in call.keywords)
    used: list[str] = []
    count = 0
    try:
        for literal, name, spec, conversion in string.Formatter().parse(text):
            yield literal
            if name is None:
                continue
            used.append(name or str(count))
            count += not name
            value = given.get(used[-1])
            if value is None or isinstance(value, ast.Starred) or "{" in (spec or ""):
                yield None
                return
            yield _slot(value, ord(conversion) if conversion else -1, ast.JoinedStr([ast.Constant(spec)]), scope)
    except ValueError:
        yield None
    if count and sum(one.isdecimal() for one in used) > count:
        yield None  # `{}` and `{0}` in one template are an error
    # Each value once and in the order in which it is evaluated, unless evaluating it is nothing.
    if set(used) != given.keys() or (used != list(given) and not all(is_pure(one) for one in given.values())):
        yield None


def _summands(node: ast.expr) -> list[ast.expr]:
    """The operands of a chain of `+`."""
    found: list[ast.expr] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        found.append(node.right)
        node = node.left
    return [node, *reversed(found)]


def _summand(node: ast.expr, scope: Scope) -> str | Slot | None:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr() | ast.Constant() | ast.BinOp(op=ast.Mod(), left=ast.Constant(value=str())):
            return None
        case ast.Call(args=[value], keywords=[]) if not isinstance(value, ast.Starred):
            name = callee(node, scope)
            if name in ("builtins.str", "builtins.repr"):
                return Slot("%s" if name == "builtins.str" else "%r", value, exactly(value, scope, *_SIMPLE))
    return Slot("%s", node, exactly(node, scope, "str"))


def as_arguments(message: ast.expr, made: Lazy, rewrite: Rewrite) -> str | None:
    """The source of the template and the values, one after another; None if it cannot be written as it was.

    Where the message has lines of its own, and more than one or one that would be too long, each value gets one too.
    """
    if comments_within(rewrite.place(message), rewrite.walked):
        return None
    literal = _literal(message, made, rewrite)
    values = [_argument(slot.value, rewrite) for slot in made.slots]
    if literal is None or not _means(literal, made.template):
        return None
    text = ", ".join((literal, *values))
    start, end = rewrite.place(message)
    line = rewrite.line(start.line)
    before = line[: len(line) - len(line.lstrip())]
    if len(before) == start.column and (end.line > start.line or start.column + len(text) > LINE_LENGTH):
        return f",{rewrite.newline}{before}".join((literal, *values))
    return text


def _argument(value: ast.expr, rewrite: Rewrite) -> str:
    needs_brackets = isinstance(value, ast.Yield | ast.YieldFrom | ast.NamedExpr | ast.GeneratorExp | ast.Tuple)
    return rewrite.operand(value) if needs_brackets else rewrite.text(value)


def _means(literal: str, template: str) -> bool:
    try:
        return bool(ast.literal_eval(f"({literal})") == template)
    except (SyntaxError, ValueError):
        return False


def _literal(message: ast.expr, made: Lazy, rewrite: Rewrite) -> str | None:
    """The source of the template, in the quotes that the message is written in; `_means` tells whether it is right."""
    match message:
        case ast.JoinedStr():
            return _of_fstring(message, made, rewrite)
        case ast.BinOp(op=ast.Mod(), left=left):
            return rewrite.text(left)
        case ast.Call(func=ast.Attribute(value=text)):
            return _of_format(text, made, rewrite)
    return _of_sum(message, made, rewrite)


def _of_fstring(message: ast.JoinedStr, made: Lazy, rewrite: Rewrite) -> str | None:
    fields = [one for one in message.values if isinstance(one, ast.FormattedValue)]
    if any(_says_itself(one, rewrite) for one in fields):
        return None
    slots = list(zip((rewrite.place(one) for one in fields), made.slots, strict=True))
    text, end = "", rewrite.place(message).start
    for part in string_parts(message, rewrite):
        text += rewrite.slice(Range(end, part.stretch.start))
        start, end = part.stretch
        if "f" not in part.prefix.lower():
            text += rewrite.slice(part.stretch).replace("%", "%%")
            continue
        text += re.sub("[fF]", "", part.prefix) + part.quote
        start = advanced(start, part.prefix + part.quote)
        for field, slot in slots:
            if part.stretch.start < field.start < end:
                text += _bare(rewrite.slice(Range(start, field.start))) + slot.placeholder
                start = field.end
        text += _bare(rewrite.slice(Range(start, end)))
    return text


def _bare(text: str) -> str:
    return text.replace("{{", "{").replace("}}", "}").replace("%", "%%")


def _says_itself(field: ast.FormattedValue, rewrite: Rewrite) -> bool:
    """Whether a field is `{x=}`."""
    behind = rewrite.slice(Range(rewrite.place(field.value).end, rewrite.place(field).end))
    return re.match(r"[\s)]*=", behind) is not None


def _of_format(text: ast.expr, made: Lazy, rewrite: Rewrite) -> str:
    placeholders = iter([slot.placeholder for slot in made.slots])
    marks = {"{{": "{", "}}": "}", "%": "%%"}
    return _BRACES.sub(lambda found: marks.get(found[0]) or next(placeholders, ""), rewrite.text(text))


def _of_sum(message: ast.expr, made: Lazy, rewrite: Rewrite) -> str | None:
    bodies, kinds = [], set()
    pieces = iter(made.pieces)
    for one in _summands(message):
        piece = next(pieces)
        if isinstance(piece, Slot):
            bodies.append(piece.placeholder)
            continue
        for part in string_parts(one, rewrite):
            bodies.append(part.body.replace("%", "%%"))
            kinds.add((part.prefix.lower(), part.quote))
    if len(kinds) != 1:
        return None
    ((prefix, quote),) = kinds
    return prefix + quote + "".join(bodies) + quote
