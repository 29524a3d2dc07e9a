"""String method instead of a regular expression

## What it does
Offers `replace`, `split`, `startswith`, `in` and `==` where `re.sub`, `re.split`, `re.match`, `re.search` or
`re.fullmatch` is given a pattern without any special character.

## Why
The reader of a regular expression looks for what is special in it; here nothing is. The method says what is done, needs
no module, and is several times as fast.

## Example
    import re

    def slug_to_name(slug):
        return re.sub("-", "_", slug)

Better:
    def slug_to_name(slug):
        return slug.replace("-", "_")

## When the fix is safe
When the text is proven to be a string of the pattern's kind: from None the method's error is another one, and a class
of its own may have methods of its own. A match may only be tested.

## Asked as
- re.sub for a simple text replacement, is a regex needed
- str.replace against re.sub, split against re.split, startswith against re.match
- re.search with a plain string, use in instead
- RUF055 plain string pattern in re call
- regular expression without special characters, overkill for a fixed string
- remove all spaces or a character from a string, replace or regex
- check whether a text contains a word, simpler and faster than re
- remove dashes, blanks or commas from a text, do I need re for this
- re.sub("-", "", phone), re.split(",", line)
- is a regular expression too much for a fixed text
- re.match for a constant prefix
- regex or string method, which is faster
- re.sub(r"-", "", isbn) or isbn.replace
- regex for a plain character or word, is it needed

## References
- The Python Standard Library, Text Sequence Type: str
- Regular Expression HOWTO, Use String Methods
"""

import ast
import re

from chatbt.analysis.conditions import is_tested
from chatbt.analysis.finding import Finding
from chatbt.analysis.names import callee
from chatbt.analysis.outer import dotted, parent
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.analysis.shown import is_shown
from chatbt.analysis.types import exactly, type_of
from chatbt.rewriting.fix import Fix, review, safe
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, stdlib

_BACKSLASH = re.compile(r"\\")
_SPECIAL = re.compile(r"[.^$*+?{}\[\]\\|()]")
# How many arguments each takes before those that say how to search, and what stands in its place.
_METHODS = {
    "re.sub": (3, "replace"),
    "re.split": (2, "split"),
    "re.match": (2, "startswith"),
    "re.search": (2, "in"),
    "re.fullmatch": (2, "=="),
}
_OPERATORS = {"in": "not in", "==": "!="}


@stdlib(
    "SL019",
    module="str",
    since="0.1",
    ruff=("RUF055",),
    calls=_METHODS,
    yields_to=("CC029",),
    names={
        "re.match": (
            "Matches a pattern at the start of a text, and there only. That it stops anywhere behind is often"
            " overlooked: `fullmatch` takes the whole text, `search` looks for the pattern everywhere."
        ),
    },
)
def str_method_over_regex(call: ast.Call, scope: Scope) -> Findings:
    name = callee(call, scope) or ""
    count, method = _METHODS[name]
    if len(call.args) != count or call.keywords or not _is_plain(call.args[0], _SPECIAL):
        return
    if count == 2 and name != "re.split" and not is_tested(call):
        return
    kind = _kind(call.args[0])
    if count == 3 and not (_is_plain(call.args[1], _BACKSLASH) and _kind(call.args[1]) == kind):
        return
    found = type_of(call.args[-1], scope)
    if isinstance(call.args[-1], ast.Starred) or (found is not None and found.name != kind):
        return
    if is_shown(call, scope):
        return
    what = f"`{ast.unparse(call.args[0])}` holds nothing special"
    yield Finding(call, f"{what}: `{method}` does the same as `{dotted(call)}`", about=(method, kind))


def _is_plain(node: ast.expr, special: re.Pattern[str]) -> bool:
    """Whether an expression is a literal in which nothing matches `special`; one to look for may not be empty."""
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str | bytes):
        return False
    text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
    return (bool(text) or special is not _SPECIAL) and special.search(text) is None


def _kind(node: ast.expr) -> str:
    return type(getattr(node, "value", None)).__name__


@str_method_over_regex.fix
def use_the_method(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    call, (method, kind) = finding.node, finding.about
    assert isinstance(call, ast.Call)
    around = parent(call)
    replaced: ast.AST = call
    if method in _OPERATORS and isinstance(around, ast.UnaryOp):
        replaced = around
        method = _OPERATORS[method]
    if comments_within(rewrite.place(replaced), rewrite.walked):
        return None
    *given, string = call.args
    literals = [_unprefixed(rewrite.text(one)) for one in given]
    text = rewrite.operand(string)
    if method in ("in", "not in"):
        new = f"{literals[0]} {method} {text}"
    elif method in ("==", "!="):
        new = f"{text} {method} {literals[0]}"
    else:
        new = f"{text}.{method}({', '.join(literals)})"
    if "\n" in text + "".join(literals):
        return None  # the new text may stand where no brackets join lines
    rewrite.drop(call.func)
    make = safe if exactly(string, scope, kind) else review
    return make(f"Use `{method}`", rewrite.replace(replaced, new))


def _unprefixed(literal: str) -> str:
    """A literal without its `r`, which says nothing where no backslash is."""
    return re.sub(r"^(b?)r(b?)(?=[\"'])", r"\1\2", literal, flags=re.IGNORECASE)
