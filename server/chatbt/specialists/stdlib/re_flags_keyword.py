"""Count, maxsplit and flags of re by keyword

## What it does
Offers `count=`, `maxsplit=` and `flags=` where `re.sub`, `re.subn` or `re.split` gets them by position.

## Why
The fourth argument of `re.sub` is the count, not the flags. A flag that stands there is taken for a number: it has no
effect, and `re.IGNORECASE` lets only the first two places be replaced. By keyword nobody can mistake one for the other;
by position is deprecated since Python 3.13.

## Example
    import re

    def soften(text):
        return re.sub("error", "warning", text, re.IGNORECASE)

Better:
    import re

    def soften(text):
        return re.sub("error", "warning", text, flags=re.IGNORECASE)

## When the fix is safe
When the count is proven to be an int: the keyword then says what the position meant. Where a flag stood in place of the
count the result changes, which is what was meant all along.

## Asked as
- re.sub with flags as fourth argument, count=re.IGNORECASE
- re.IGNORECASE or re.MULTILINE seems to be ignored in re.sub or re.split
- B034, re.sub(pattern, repl, text, re.I) replaces only some of the matches
- passing flags positionally, DeprecationWarning: 'count' is passed as positional argument
- re.split(pattern, text, re.M) splits only a few times, maxsplit
- flags parameter of re.sub, case insensitive replacement does not work
- re.sub with re.I replaces only two of them, is still case-sensitive
- fourth positional parameter of re.sub
- flag has no effect in a substitution
- re.sub(pattern, new, text, re.MULTILINE), re.DOTALL
- flags=re.I works but re.sub(p, r, s, re.I) does not
- only the first two are replaced, ignores upper and lower case wrongly

## References
- The Python Standard Library, re.sub and re.split
- What's New In Python 3.13, Deprecated
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.names import callee, qualified
from chatbt.analysis.outer import dotted
from chatbt.analysis.scopes import Scope
from chatbt.analysis.shown import is_shown
from chatbt.analysis.types import proven
from chatbt.rewriting.arguments import named
from chatbt.rewriting.fix import Fix, review, safe
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, stdlib

# Where the argument stands that is taken for the count; the flags come behind it.
_COUNT = {"re.sub": (3, "count"), "re.subn": (3, "count"), "re.split": (2, "maxsplit")}
_FLAGS = frozenset(
    f"re.{name}"
    for name in "A ASCII DEBUG I IGNORECASE L LOCALE M MULTILINE NOFLAG S DOTALL T TEMPLATE U UNICODE X VERBOSE".split()
)


@stdlib(
    "SL020",
    module="re",
    since="0.1",
    ruff=("B034",),
    calls=_COUNT,
    names={
        "re.sub": (
            "Replaces what a pattern matches. The fourth positional argument is `count`, not `flags`:"
            " `re.sub(pattern, new, text, re.IGNORECASE)` replaces twice at most, and case still counts."
        ),
        "re.split": (
            "Cuts a text wherever a pattern matches. The third positional argument is `maxsplit`, not `flags`; and a"
            " group in the pattern puts the separators among the parts."
        ),
    },
)
def re_flags_keyword(call: ast.Call, scope: Scope) -> Findings:
    place, name = _COUNT[callee(call, scope) or ""]
    if not place < len(call.args) <= place + 2 or any(isinstance(one, ast.Starred) for one in call.args):
        return
    if is_shown(call, scope):
        return
    given = call.args[place]
    if _is_flags(given, scope):
        yield Finding(call, f"`{dotted(call)}` takes `{ast.unparse(given)}` for the {name}: it is no flag here")
        return
    words = [name, "flags"][: len(call.args) - place]
    yield Finding(call, f"`{dotted(call)}` gets its {' and '.join(words)} by position", about=words)


def _is_flags(node: ast.expr, scope: Scope) -> bool:
    """Whether an argument is made of flags of `re`, or is called flags."""
    match node:
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            return _is_flags(left, scope) or _is_flags(right, scope)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return qualified(node, scope) in _FLAGS or name.lower().endswith("flags")
    return False


@re_flags_keyword.fix
def name_them(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    call = finding.node
    assert isinstance(call, ast.Call)
    place, _ = _COUNT[callee(call, scope) or ""]
    taken = {one.arg for one in call.keywords}
    if finding.about is None:
        only = len(call.args) == place + 1 and taken.isdisjoint({"flags", None})
        return review("Pass it as `flags=`", named(call, place, "flags", rewrite)) if only else None
    if not taken.isdisjoint(finding.about):
        return None
    make = safe if proven(call.args[place], scope, "int", "bool") else review
    edits = [named(call, place + index, word, rewrite) for index, word in enumerate(finding.about)]
    return make(f"Pass {' and '.join(f'`{word}=`' for word in finding.about)} by keyword", *edits)
