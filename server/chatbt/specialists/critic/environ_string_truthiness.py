"""Truth value of a string from outside

## What it does
Reports `bool(...)` of `os.environ.get(...)` or `os.getenv(...)` with a default such as `"0"`, `True` or, as
information, `False`; of `os.environ[...]`; and of `input(...)`. Whether a variable is set at all, as in
`bool(os.environ.get("CI"))` or where a handler waits for the KeyError, is a fair question and is left alone.

## Why
What comes from the environment or the keyboard is text, and every text but the empty one is true: `"0"`, `"false"` and
`"no"` as well. With a default such as `"0"`, the expression is true even when nothing is set.

## Example
    import os

    debug = bool(os.environ.get("DEBUG", "0"))

Better:
    import os

    debug = os.environ.get("DEBUG", "0").lower() in {"1", "true", "yes", "on"}

## When the fix is safe
Never without a look: the set of words that mean yes is a guess, and the value changes, which is the point.

## Asked as
- bool(os.environ.get("FLAG")) is always True, "False" is True, "0" is True
- environment variable set to false is treated as true
- how to parse a boolean from an environment variable or from input
- bool("False") returns True, string is truthy
- feature flag or debug switch cannot be turned off by an env variable
- bool(input()) is True whatever the user answers
- os.getenv with a boolean default, W1508 invalid-envvar-default
- environment variable says 0, no, off or false, but the program takes it as on
- DEBUG=False in the environment or docker still gives True
- bool() of a text is True for everything but the empty text
- turn a string like "true" or "no" into a boolean
- yes/no answer of the user is always True
- VERBOSE=0 or NO_COLOR=false is still on, flag read from os.environ
- turning a setting off in docker-compose or .env has no effect

## References
- The Python Standard Library, Truth Value Testing
"""

import ast

from chatbt.analysis.expectation import guarded_by
from chatbt.analysis.finding import Finding, Severity
from chatbt.analysis.names import callee, qualified
from chatbt.analysis.outer import parent
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, critic

_GET = ("os.environ.get", "os.environ.setdefault", "os.environ.pop", "os.getenv")
_LOWER = ("lower", "casefold")
_TEXT_METHODS = (*_LOWER, "upper", "strip", "lstrip", "rstrip")
# Around these the comparison needs no parentheses.
_LOOSE = (
    ast.Assign, ast.AnnAssign, ast.Return, ast.keyword, ast.Call, ast.If, ast.While, ast.Expr, ast.BoolOp, ast.Dict,
    ast.List, ast.Tuple, ast.IfExp, ast.Assert, ast.arguments,
)  # fmt: skip


@critic("CC025", group="bug", since="0.1", calls=["builtins.bool"])
def environ_string_truthiness(call: ast.Call, scope: Scope) -> Findings:
    if len(call.args) != 1 or call.keywords:
        return
    value = _without_text_methods(call.args[0])
    name = callee(value, scope)
    if name == "builtins.input":
        yield Finding(call, "any text but the empty one is true: `0` and `no` as well")
    elif isinstance(value, ast.Subscript) and qualified(value.value, scope) == "os.environ":
        if guarded_by(call) is None:
            yield Finding(call, f"{_variable(value.slice)} is true whatever it says: `0` and `false` as well")
    elif isinstance(value, ast.Call) and name in _GET and (default := _default(value)) is not None:
        variable = f"{_variable(value.args[0])} is true whatever it says"
        if isinstance(default.value, int) and not default.value:
            yield Finding(call, f"{variable}: `0` and `false` as well", Severity.INFORMATION)
        elif isinstance(default.value, int | str) and default.value:
            yield Finding(call, f"{variable}, and when it is not set: `{default.value}` is true")


def _without_text_methods(node: ast.expr) -> ast.expr:
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _TEXT_METHODS:
        node = node.func.value
    return node


def _default(get: ast.Call) -> ast.Constant | None:
    """The constant that is used when the variable is not set."""
    given = get.args[1:2] + [keyword.value for keyword in get.keywords if keyword.arg == "default"]
    return given[0] if get.args and len(given) == 1 and isinstance(given[0], ast.Constant) else None


def _variable(key: ast.expr) -> str:
    return f"`{key.value}`" if isinstance(key, ast.Constant) and isinstance(key.value, str) else "the variable"


@environ_string_truthiness.fix
def compare_with_words(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    call = finding.node
    assert isinstance(call, ast.Call)
    value = call.args[0]
    methods = {node.func.attr for node in ast.walk(value) if isinstance(node, ast.Call) and
               isinstance(node.func, ast.Attribute)}  # fmt: skip
    if "upper" in methods or isinstance(value, ast.NamedExpr):
        return None
    given = _default(value) if isinstance(value, ast.Call) else None
    if given is not None and not isinstance(given.value, str):
        return None
    lower = "" if methods & {*_LOWER} else ".lower()"
    words = '{"1", "true", "yes", "on"}'
    text = f"{rewrite.operand(value)}{lower} in {words}"
    loose = isinstance(parent(call), _LOOSE) and not isinstance(parent(call), ast.Starred)
    return review("Compare with the words that mean yes", rewrite.replace(call, text if loose else f"({text})"))
