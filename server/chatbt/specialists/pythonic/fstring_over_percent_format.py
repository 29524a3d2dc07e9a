"""Text formatted by %

## What it does
Finds `"..." % (a, b)` whose specifiers an f-string has as well.

## Why
The reader counts specifiers and values to see which goes where, and a value that happens to be a tuple is taken for
all of them. In an f-string each value stands where it is printed.

## Example
    def greet(count: int):
        name = input()
        print("%s has %d messages" % (name, count))

Better:
    def greet(count: int):
        name = input()
        print(f"{name} has {count:d} messages")

## When the fix is safe
When each value is proven to read the same: `%s` of exactly a string, number or None, `%d` of exactly an integer, `%r`
of anything that no call in between can change. An object may have a `__format__` that differs from its `__str__`.

## Asked as
- "%s" % value, old percent formatting, printf style
- % operator for strings, %d %s %.2f modern replacement
- UP031 use format specifiers instead of percent format, C0209 consider-using-f-string
- convert old string formatting to f-strings
- TypeError: not all arguments converted during string formatting
- not enough arguments for format string
- is % formatting deprecated or outdated
- text with percent signs and a tuple behind it, is it still okay today
- "Hello %s, you are %d" % (name, age) rewrite
- code from Python 2 with % for strings
- old C-like formatting of text, what do people write nowadays
- print("Name: %-10s" % name), is this old school
- percent signs with %s, %d, %5.2f in strings, modern way

## References
- The Python Standard Library, printf-style String Formatting
- The Python Language Reference, 2.4.3 Formatted string literals
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import ancestors
from chatbt.analysis.outer import dotted, parent
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import proven
from chatbt.rewriting.fix import Fix, review, safe
from chatbt.rewriting.formats import fits
from chatbt.rewriting.percent_format import formatted
from chatbt.rewriting.rewrite import Rewrite
from chatbt.rewriting.words import replaced
from chatbt.specialists.pattern import Findings, pythonic

# Types whose objects are no tuples, so that a single one of them is a single value.
_SINGLE = tuple(
    "str int float bool complex bytes list dict set frozenset NoneType pathlib.Path datetime.datetime datetime.date "
    "datetime.time datetime.timedelta decimal.Decimal fractions.Fraction".split()
)
_LOGGING = frozenset("debug info warning warn error critical exception log fatal".split())
_TRANSLATING = frozenset("_ gettext ngettext pgettext npgettext ugettext gettext_lazy lazy_gettext _l N_".split())
_QUERYING = frozenset("execute executemany executescript execute_sql raw read_sql read_sql_query text".split())


@pythonic("PY011", since="0.1", ruff=("UP031",), yields_to=("CC016", "CC017", "SL022", "SL023"))
def fstring_over_percent_format(node: ast.BinOp, scope: Scope) -> Findings:
    left, right = node.left, node.right
    if not isinstance(node.op, ast.Mod) or not isinstance(left, ast.Constant) or not isinstance(left.value, str):
        return
    values = right.elts if isinstance(right, ast.Tuple) else [right]
    if scope.chunk is None or _is_for_something_else(node):
        return
    if not isinstance(right, ast.Tuple) and not proven(right, scope, *_SINGLE):
        return
    rewrite = Rewrite(scope.chunk)
    made = formatted(left, values, scope, rewrite, proving=False)
    where = rewrite.place(node)
    if (
        made is None
        or comments_within(where, scope.chunk)
        or not fits(where.start, made.text, rewrite.slice(where), rewrite)
    ):
        return
    first = made.specifiers[0].text
    message = f"`{first}` stands for `{rewrite.text(values[0])}` by its position"
    yield Finding(node, message, about=values)


def _is_for_something_else(node: ast.BinOp) -> bool:
    """Whether the text is handed to a log, a translation or a database, is formatted again, or is in an f-string."""
    for around in ancestors(node):
        if isinstance(around, ast.JoinedStr):
            return True
        if isinstance(around, ast.stmt):
            break
        if isinstance(around, ast.Call):
            receiver, _, name = dotted(around).rpartition(".")
            is_log = name in _LOGGING and "log" in receiver.lower()
            if is_log or name in _TRANSLATING or name in _QUERYING:
                return True
    above = parent(node)
    return isinstance(above, ast.BinOp) and isinstance(above.op, ast.Mod) and above.left is node


@fstring_over_percent_format.fix
def use_an_fstring(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    node = finding.node
    assert isinstance(node, ast.BinOp) and isinstance(node.left, ast.Constant)
    made = formatted(node.left, finding.about, scope, rewrite)
    if made is None:
        return None
    where = rewrite.place(node)
    # Over several lines it keeps brackets of its own; without any it stands in others already.
    has_brackets = "\n" in made.text and where.start != rewrite.place(node.left).start
    text = f"({made.text})" if has_brackets else made.text
    return (safe if made.proven else review)("Use an f-string", replaced(where, text, rewrite))
