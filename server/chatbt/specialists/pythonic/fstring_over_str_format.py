"""F-string for str.format

## What it does
Reports `"...".format(...)` on a literal where an f-string reads better: the values are short, and each has its place.

## Why
With `format` the reader matches braces with arguments; in an f-string every value stands where it appears. A missing
or superfluous argument cannot happen, and there is no call to make.

## Example
    def report(user, count):
        return "{} has {} mails".format(user, count)

Better:
    def report(user, count):
        return f"{user} has {count} mails"

## When the fix is safe
When every argument is used once and in order, and all but the first are variables. `format` evaluates all arguments
before it formats the first, so a call or a property further behind could see the difference.

## Asked as
- "{}".format(x) against f-string
- str.format, replace .format() calls, UP032, C0209 consider-using-f-string
- "{0} {1}".format(a, b), is format old-fashioned
- which is faster or more readable, format or f-string
- convert format method to string interpolation
- positional braces and arguments far away at the end
- lots of .format( calls in the code base, worth changing
- "{name} is {age}".format(name=name, age=age)
- curly braces with format at the end or variables directly in the string
- should .format still be used in new code
- migrate "Hi {}".format(user) everywhere
- should {0} and {1} placeholders be converted

## References
- The Python Language Reference, 2.4.3 Formatted string literals
- The Python Standard Library, Format String Syntax
- PEP 498
"""

import ast
from typing import NamedTuple

from chatbt.analysis.destinations import has_own_formatting
from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import ancestors, is_pure
from chatbt.analysis.outer import parent
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Edit, Fix, review, safe
from chatbt.rewriting.formats import (
    Field,
    Template,
    apart,
    fits,
    in_field,
    is_short,
    looked_up,
    parts_of,
    says,
    template_of,
    with_prefix,
)
from chatbt.rewriting.rewrite import Rewrite
from chatbt.rewriting.strings import StringPart, string_parts
from chatbt.source.document import Range
from chatbt.specialists.pattern import Findings, pythonic


class _Text(NamedTuple):
    """What takes the place of the call, and whether that is proven to do the same."""

    new: str
    certain: bool


@pythonic("PY012", since="0.1", ruff=("UP032",), methods=("format",), yields_to=("CC016", "CC017"), runtime=False)
def fstring_over_str_format(call: ast.Call, scope: Scope) -> Findings:
    function = call.func
    if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Constant) or scope.chunk is None:
        return
    template = function.value.value
    arguments = [*call.args, *(one.value for one in call.keywords)]
    if not isinstance(template, str) or not arguments or any(one.arg is None for one in call.keywords):
        return
    if not all(map(is_short, arguments)) or _is_elsewhere_formatted(call):
        return
    text = _Conversion(call, function.value, Rewrite(scope.chunk)).text(template)
    if text is not None:
        shown = ", ".join(f"`{ast.unparse(one)}`" for one in arguments[:3]) + ("..." if len(arguments) > 3 else "")
        verb, pronoun = ("stand", "they are") if len(arguments) > 1 else ("stands", "it is")
        yield Finding(call, f"{shown} {verb} behind the text that {pronoun} put into", about=text)


def _is_elsewhere_formatted(call: ast.Call) -> bool:
    """Whether the text is part of an f-string, is a template once more, or goes where values are put in anyway."""
    around = parent(call)
    if isinstance(around, ast.Attribute) and around.attr in ("format", "format_map"):
        return True
    return any(isinstance(one, ast.JoinedStr) for one in ancestors(call)) or has_own_formatting(call)


class _Conversion:
    """The call as an f-string; `order` collects the arguments as the fields use them."""

    def __init__(self, call: ast.Call, literal: ast.Constant, rewrite: Rewrite) -> None:
        self.call, self.literal, self.rewrite = call, literal, rewrite
        self.named = {one.arg: one.value for one in call.keywords}
        self.order: list[ast.expr] = []
        self.automatic = 0
        self.numbered = False

    def text(self, template: str) -> _Text | None:
        """The new text; None where the template is not plain, a value is left over or may not be evaluated twice."""
        place = self.rewrite.place(self.call)
        parts = string_parts(self.literal, self.rewrite)
        bodies = [self._body(part) for part in parts]
        if not parts or None in bodies or comments_within(place, self.rewrite.walked):
            return None
        literal, start = "", self.rewrite.place(self.literal).start
        for part, body in zip(parts, bodies, strict=True):
            literal += self.rewrite.slice(Range(start, part.stretch.start)) + (body or "")
            start = part.stretch.end
        new = apart(place.start, self._enclosed(literal), self.rewrite)
        fitting = fits(place.start, new, self.rewrite.slice(place), self.rewrite)
        arguments = [*self.call.args, *self.named.values()]
        once = self.order == arguments
        if not fitting or not says(literal, parts_of(template)) or (self.automatic and self.numbered):
            return None
        if not once and not (all(is_pure(one, attributes=True) for one in self.order) and self._uses(arguments)):
            return None
        return _Text(new, once and all(isinstance(one, ast.Name) for one in arguments[1:]))

    def _uses(self, arguments: list[ast.expr]) -> bool:
        return all(any(one is used for used in self.order) for one in arguments)

    def _enclosed(self, literal: str) -> str:
        """The literal in the parentheses that it stood in, if it needs them to go over several lines."""
        outer, inner = self.rewrite.place(self.call), self.rewrite.place(self.literal)
        opening = self.rewrite.slice(Range(outer.start, inner.start))
        if not opening or "\n" not in literal:
            return literal
        closing = self.rewrite.token(inner.end, outer.end, r"(?s).*?(?=\.\s*format\b)")
        return opening + literal + (self.rewrite.slice(closing).rstrip() if closing else "")

    def _body(self, part: StringPart) -> str | None:
        """One literal of the new text."""
        if "\n" in part.body:
            return None
        template = template_of(part.body, raw="r" in part.prefix.lower())
        if template is None:
            return None
        if not any(isinstance(one, Field) for one in template):
            return with_prefix(part, _single(part.body), formatted=False)
        body = self._pieces(template, part.quote)
        return with_prefix(part, body, formatted=True) if body is not None else None

    def _pieces(self, template: Template, quote: str) -> str | None:
        found = [one if isinstance(one, str) else self._field(one, quote) for one in template]
        return None if None in found else "".join(one for one in found if one)

    def _field(self, field: Field, quote: str) -> str | None:
        value = self._value(field.name)
        if value is None:
            return None
        self.order.append(value)
        path = looked_up(field.path, '"')
        source = self.rewrite.operand(value) if path else self.rewrite.text(value)
        expression = in_field(source + path, quote)
        specification = self._pieces(field.specification, quote)
        if expression is None or specification is None:
            return None
        conversion = f"!{field.conversion}" if field.conversion else ""
        return f"{{{expression}{conversion}{':' if specification else ''}{specification}}}"

    def _value(self, name: str) -> ast.expr | None:
        """The argument that a field names, by its number, its name or its turn."""
        if name and not name.isdecimal():
            return self.named.get(name)
        self.numbered |= bool(name)
        index = int(name) if name else self.automatic
        self.automatic += not name
        return self.call.args[index] if index < len(self.call.args) else None


def _single(body: str) -> str:
    return body.replace("{{", "{").replace("}}", "}")


@fstring_over_str_format.fix
def put_values_in_place(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    text = finding.about
    assert isinstance(text, _Text)
    make = safe if text.certain else review
    return make("Use an f-string", Edit(rewrite.place(finding.node), text.new))
