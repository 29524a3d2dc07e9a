"""Missing f-string prefix

## What it does
Reports a string with `{name}` in it that is printed, logged, raised or asserted as it stands, if every such field is an
expression of variables that exist there. A part of a long string whose other parts have an `f` is reported too where
it is returned or passed on.

## Why
Without the `f` nothing is put in: people read the braces and the name of a variable instead of its value. Often the
`f` stands before the first part of a long message and is missing before the second.

## Example
    def greet(user):
        print("Hello {user}")

Better:
    def greet(user):
        print(f"Hello {user}")

## When the fix is safe
Never without a look: the braces may be meant, where a message explains how a template is written.

## Asked as
- curly braces are printed literally, variables are not replaced
- forgot the f in front of the string
- "{name}" is shown instead of its value, placeholder is not interpolated
- string interpolation does not work, message has {x} in it as it is
- log or error message contains the variable's name in braces
- f-string prefix missing, RUF027
- second line of a long message is not formatted
- output has {name} or {total} in it instead of the content, braces come out as they are
- mail, log line or error text says {user} literally
- variable in braces is not filled in, template text does not work
- print("Value: {x}") does not show the value of x
- exception message contains curly braces instead of the number
- people get mails with Dear {name} in it, page or message shows the raw placeholder
- logger.info("processed {count} rows") writes the braces to the log

## References
- The Python Language Reference, 2.4.3 Formatted string literals
"""

import ast
import re
from collections.abc import Iterator

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import before
from chatbt.analysis.messages import is_finished, is_message
from chatbt.analysis.names import is_bound
from chatbt.analysis.outer import parent
from chatbt.analysis.places import source_of
from chatbt.analysis.scopes import Scope
from chatbt.analysis.walk import Walked
from chatbt.rewriting.fix import Edit, Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.rewriting.strings import literals, string_parts
from chatbt.source.chunks import parse_source
from chatbt.specialists.pattern import Findings, critic

_FIELD = re.compile(r"\{ *[^\W\d]")
_IN_BRACES = re.compile(r"\{([^{}]*)")
_NAME = re.compile(r"[^\W\d]\w*")
# What other notations write before a brace, and words of messages that explain templates.
_TEMPLATE = re.compile(
    r"\{\{|\}\}|[$%@]\{|\\[A-Za-z]+\{|placeholder|template|substitut|interpolat|format string|brace", re.IGNORECASE
)
_SPECIFICATION = re.compile(r"(?:.?[<>=^])?[-+]?z?#?\d*[,_]?(?:\.\d+)?[bcdeEfFgGnosxX%]?|%.*")
_NEWER = re.compile(r"\{[^{}]*[\\#]")  # before Python 3.12 a field holds neither
_EXPRESSIONS = (
    ast.Name, ast.Attribute, ast.Subscript, ast.Constant, ast.Call, ast.BinOp, ast.operator, ast.expr_context,
    ast.FormattedValue,
)  # fmt: skip


def _has_braces(walked: Walked) -> bool:
    return "{" in walked.parsed.text


@critic("CC011", group="bug", since="0.1", ruff=("RUF027",), needs=_has_braces)
def missing_fstring_prefix(string: ast.Constant | ast.JoinedStr, scope: Scope) -> Findings:
    # No generator: nearly every constant is turned away here, and there are more of them than of any other node.
    if isinstance(string, ast.JoinedStr):
        text = "\0".join(str(part.value) for part in string.values if isinstance(part, ast.Constant))
        return _findings(string, text, scope) if "{" in text else ()
    value = string.value
    if not isinstance(value, str) or "{" not in value or isinstance(parent(string), ast.JoinedStr):
        return ()
    return _findings(string, value, scope)


def _findings(string: ast.Constant | ast.JoinedStr, text: str, scope: Scope) -> Findings:
    if _FIELD.search(text) is None or _TEMPLATE.search(text) or scope.chunk is None:
        return
    names = {name for field in _IN_BRACES.findall(text) for name in _NAME.findall(field)}
    is_mixed = isinstance(string, ast.JoinedStr)
    if not is_message(string, names) and not (is_mixed and is_finished(string, names)):
        return
    parts = list(_plain_parts(string, scope.chunk))
    if parts and all(part and all(_can_be_filled(field, string, scope) for field in part) for part in parts):
        shown = ast.unparse(parts[0][0].value)
        yield Finding(string, f"without an `f` the text shows `{{{shown}}}` instead of the value of `{shown}`")


def _plain_parts(string: ast.expr, walked: Walked) -> Iterator[list[ast.FormattedValue]]:
    """The fields that each literal with a brace and without an `f` would have with one; [] where it would be wrong."""
    for _, _, prefix, quote, body in literals(source_of(string, walked)):
        if _lacks_prefix(prefix, body):
            yield [] if _NEWER.search(body) else _fields(_prefixed(prefix, quote, body))


def _lacks_prefix(prefix: str, body: str) -> bool:
    return "f" not in prefix.lower() and "{" in body


def _prefixed(prefix: str, quote: str, body: str) -> str:
    return f"f{prefix.strip('uU')}{quote}{body}{quote}"


def _fields(text: str) -> list[ast.FormattedValue]:
    """The fields of an f-string; [] if it is none that can be read."""
    try:
        (statement,) = parse_source(text).body
    except SyntaxError:
        return []
    string = getattr(statement, "value", None)
    return [one for one in getattr(string, "values", ()) if isinstance(one, ast.FormattedValue)]


def _can_be_filled(field: ast.FormattedValue, string: ast.expr, scope: Scope) -> bool:
    """Whether a field is an expression of variables that have a value where `string` stands."""
    if not _is_specified(field.format_spec):
        return False
    if isinstance(field.value, ast.Name):
        return _is_variable(field.value.id, string, scope)
    nodes = list(ast.walk(field.value))
    names = [node.id for node in nodes if isinstance(node, ast.Name)]
    return (
        all(isinstance(node, _EXPRESSIONS) and not isinstance(node, ast.BitOr) for node in nodes)
        and all(is_bound(name, scope) for name in names)
        and any(_is_variable(name, string, scope) for name in names)
    )


def _is_specified(specification: ast.expr | None) -> bool:
    parts = specification.values if isinstance(specification, ast.JoinedStr) else []
    text = "".join(str(one.value) if isinstance(one, ast.Constant) else "1" for one in parts)
    return _SPECIFICATION.fullmatch(text) is not None


def _is_variable(name: str, string: ast.expr, scope: Scope) -> bool:
    owner = scope.find(name)
    meanings = scope.meanings_of(name)
    if not meanings or any(one.kind != "value" for one in meanings):
        return False
    if owner.kind != "function" or owner is not scope.function:
        return True
    return any(isinstance(node, ast.ExceptHandler) or before(node, string) for node in owner.bindings[name])


@missing_fstring_prefix.fix
def make_an_fstring(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    edits = [
        Edit(part.stretch, _prefixed(part.prefix, part.quote, part.body))
        for part in string_parts(finding.node, rewrite)
        if _lacks_prefix(part.prefix, part.body)
    ]
    return review("Make it an f-string", *edits) if edits else None
