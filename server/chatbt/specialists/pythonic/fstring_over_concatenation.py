"""F-string for concatenation

## What it does
Reports a text that `+` puts together of two literals or more and other strings.

## Why
Between quotes, plus signs and calls of `str` it is hard to see the text, and where a space is missing. In an f-string
it reads as it will be printed.

## Example
    def address(name, port):
        return "http://" + name + ":" + str(port) + "/"

Better:
    def address(name, port):
        return f"http://{name}:{port}/"

## When the fix is safe
When every value is proven to be exactly a string, or is `str` of a proven string, number or truth value. With anything
else `+` may raise TypeError, or do what a class such as an escaped text defines, where an f-string calls `format`.

## Asked as
- "Hello " + name + "!", joining strings and variables with plus
- string concatenation with str(x) + "..."
- can only concatenate str (not "int") to str, must be str, not int
- build a message out of text and numbers, many plus signs and quotes
- insert variables into a string readably, print text and number together
- unsupported operand type(s) for +: 'int' and 'str'
- cleaner than adding strings together
- text + str(number) + text gets messy, unreadable quotes and pluses
- put variables in the middle of a sentence
- TypeError when I add a number to a string in print
- "Dear " + title + " " + name + ","
- path or url put together with plus signs
- folder + "/" + name + "." + ext nicer
- print("Hi " + name + ", you have " + str(n) + " mails")

## References
- The Python Language Reference, 2.4.3 Formatted string literals
- PEP 498
"""

import ast
from typing import NamedTuple

from chatbt.analysis.destinations import has_own_formatting
from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import ancestors
from chatbt.analysis.names import is_builtin
from chatbt.analysis.outer import parent
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import type_of
from chatbt.rewriting.fix import Edit, Fix, review, safe
from chatbt.rewriting.formats import apart, fits, in_field, is_short, says
from chatbt.rewriting.rewrite import Rewrite
from chatbt.rewriting.strings import string_parts
from chatbt.specialists.pattern import Findings, pythonic

_SAME_TEXT = ("str", "int", "float", "bool")  # `str` and `format` agree on these


class _Value(NamedTuple):
    """An expression whose text is put in, and whether an f-string is proven to put in the same."""

    node: ast.expr
    certain: bool


@pythonic("PY013", since="0.1", yields_to=("CC016", "CC017"), runtime=False)
def fstring_over_concatenation(sum_: ast.BinOp, scope: Scope) -> Findings:
    if not isinstance(sum_.op, ast.Add) or isinstance(parent(sum_), ast.BinOp):
        return
    operands = _operands(sum_)
    literals = [str(one.value) for one in operands if isinstance(one, ast.Constant) and _is_text(one)]
    if len(literals) < 2 or len(literals) == len(operands) or any(mark in one for one in literals for mark in "{}%"):
        return
    parts = [one if _is_text(one) else _value(one, scope) for one in operands]
    if None in parts or not any(_is_string(one) for one in parts[:2]) or _is_elsewhere_formatted(sum_):
        return
    text = _text(sum_, [one for one in parts if one], Rewrite(scope.chunk)) if scope.chunk else None
    if text is not None:
        values = [one for one in parts if isinstance(one, _Value)]
        shown = ", ".join(f"`{ast.unparse(one.node)}`" for one in values[:3]) + ("..." if len(values) > 3 else "")
        message = f"the text is in {len(literals)} pieces, with {shown} between plus signs"
        yield Finding(sum_, message, about=(text, all(one.certain for one in values)))


def _operands(node: ast.expr) -> list[ast.expr]:
    found: list[ast.expr] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        found.append(node.right)
        node = node.left
    return [node, *reversed(found)]


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _value(node: ast.expr, scope: Scope) -> _Value | None:
    """What an operand puts in; None if it is too long, or no string."""
    inner = node
    match node:
        case ast.Call(func=ast.Name(id="str"), args=[argument], keywords=[]) if is_builtin("str", scope):
            inner = argument
        case ast.Call(func=ast.Name(id="str")) | ast.BinOp():
            return None
    if not is_short(inner) or _holds_text(inner):
        return None
    found = type_of(inner, scope)
    if inner is not node:
        return _Value(inner, found is not None and found.exact and found.name in _SAME_TEXT)
    if found is None:
        return None if any(isinstance(one, ast.Slice) for one in ast.walk(node)) else _Value(node, certain=False)
    return _Value(node, found.exact) if found.name == "str" else None


def _holds_text(node: ast.expr) -> bool:
    """Whether a text stands in the expression, but as a key: in the middle of another it would be hard to read."""
    return any(_is_text(one) and not isinstance(parent(one), ast.Subscript) for one in ast.walk(node))


def _is_string(part: object) -> bool:
    """Whether an operand is certainly a string, so that the sum with what follows is one."""
    return isinstance(part, ast.Constant) or (isinstance(part, _Value) and part.certain)


def _is_elsewhere_formatted(node: ast.expr) -> bool:
    """Whether the text is part of an f-string, is a template, or goes where values are put in anyway."""
    return (
        isinstance(parent(node), ast.Attribute)
        or any(isinstance(one, ast.JoinedStr) for one in ancestors(node))
        or has_own_formatting(node)
    )


def _text(sum_: ast.BinOp, parts: list[ast.expr | _Value], rewrite: Rewrite) -> str | None:
    """The f-string; None where the literals are of different kinds, or a value cannot stand in a field."""
    place = rewrite.place(sum_)
    literals = [literal for one in parts if isinstance(one, ast.Constant) for literal in string_parts(one, rewrite)]
    if comments_within(place, rewrite.walked) or not literals:
        return None
    quote = literals[0].quote
    if any(len(one.quote) > 1 or one.prefix.lower() not in ("", "u") for one in literals):
        return None
    if any(one.quote != quote and any(mark in one.body for mark in ("\\", quote)) for one in literals):
        return None
    bodies = [_body(one, quote, rewrite) for one in parts]
    if None in bodies:
        return None
    text = f"f{quote}{''.join(one for one in bodies if one)}{quote}"
    new = apart(place.start, text, rewrite)
    texts = [str(one.value) if isinstance(one, ast.Constant) else None for one in parts]
    return new if fits(place.start, new, rewrite.slice(place), rewrite) and says(text, texts) else None


def _body(part: ast.expr | _Value, quote: str, rewrite: Rewrite) -> str | None:
    """One operand's text between the quotes of the f-string."""
    if not isinstance(part, _Value):
        return "".join(one.body for one in string_parts(part, rewrite))
    value = in_field(rewrite.text(part.node), quote)
    return None if value is None else f"{{{value}}}"


@fstring_over_concatenation.fix
def write_one_text(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    text, is_certain = finding.about
    return (safe if is_certain else review)("Use an f-string", Edit(rewrite.place(finding.node), text))
