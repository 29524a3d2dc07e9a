"""Loop over the indices of several sequences

## What it does
Finds `for i in range(len(a))` that uses `i` for nothing but to look up `a[i]` and `b[i]`.

## Why
What belongs together is spread over two look-ups by the same number. `zip` hands over the pairs, with a name for each
side, and the number is gone.

## Example
    def show(names, ages):
        for i in range(len(names)):
            print(names[i], ages[i])

Better:
    def show(names, ages):
        for name, age in zip(names, ages, strict=True):
            print(name, age)

## When the fix is safe
Never without a look: if the second sequence is shorter, the loop raises an IndexError on the way where `zip` with
`strict=True` raises a ValueError at the end, and if it is longer, the loop ignores the rest. Before Python 3.10 there
is no `strict`, and `zip` stops at the shortest.

## Asked as
- iterate over two lists in parallel, side by side, simultaneously
- for i in range(len(a)) with a[i] and b[i]
- loop over several lists at once, pair up elements
- combine two lists element by element, corresponding items
- walk through keys and values that are in separate lists
- same index in both lists, two arrays of equal length
- go through two lists together, names and ages, questions and answers, x and y
- for loop with two variables from two lists
- use the same i for two lists, parallel arrays
- walk along several sequences at the same time in lockstep
- print matching pairs of two lists
- x coordinates in one list and y coordinates in another, draw or add them
- names in one list and marks, prices or phone numbers in a second one

## References
- The Python Standard Library, Built-in Functions, zip
- PEP 618, Add Optional Length-Checking To zip
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.indexing import (
    counted_by,
    header,
    is_debugged,
    is_left_alone,
    is_self,
    may_be_missing,
    measured,
    uses_of,
)
from chatbt.analysis.liveness import lives_after
from chatbt.analysis.names import is_builtin, same
from chatbt.analysis.outer import dotted
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import type_of
from chatbt.rewriting.fix import Edit, Fix, review
from chatbt.rewriting.looping import Naming, element, nested
from chatbt.rewriting.rewrite import Rewrite
from chatbt.rewriting.words import replaced
from chatbt.specialists.pattern import Findings, pythonic

_SEQUENCES = frozenset("list tuple str bytes range".split())
_STRICT_FROM = (3, 10)
_MOST = 3


@pythonic("PY003", since="0.1")
def zip_over_indexing(loop: ast.For, scope: Scope) -> Findings:
    if not isinstance(loop.iter, ast.Call) or not isinstance(loop.target, ast.Name):
        return
    first = measured(loop, scope)
    if first is None or not is_builtin("zip", scope):
        return
    uses = uses_of(loop, scope)
    if uses is None or uses.others or lives_after(loop.target.id, loop, scope):
        return
    sequences: list[ast.expr] = [first]
    for item in uses.items:
        if not any(same(item.value, one) for one in sequences):
            sequences.append(item.value)
    if not 1 < len(sequences) <= _MOST or not any(same(item.value, first) for item in uses.items):
        return
    if not all(_may_be_sequence(one, loop, scope) for one in sequences):
        return
    if not all(isinstance(item.ctx, ast.Load) for item in uses.items):
        return
    if any(is_debugged(item, scope) or may_be_missing(item, loop) for item in uses.items):
        return
    index, texts = loop.target.id, [f"`{dotted(one)}[{loop.target.id}]`" for one in sequences]
    message = f"`{index}` only counts to pair {', '.join(texts[:-1])} with {texts[-1]}"
    yield Finding(loop, message, stretch=header(loop, scope), about=(sequences, uses.items))


def _may_be_sequence(node: ast.expr, loop: ast.For, scope: Scope) -> bool:
    """Whether it is a variable or attribute that the body leaves as it is, and not known to be something else."""
    if not isinstance(node, ast.Name | ast.Attribute) or not dotted(node) or is_self(node, scope):
        return False
    if not is_left_alone(node, loop, scope):
        return False
    found = type_of(node, scope)
    return found is None or found.name in _SEQUENCES


@zip_over_indexing.fix
def use_zip(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    loop = finding.node
    sequences, items = finding.about
    assert isinstance(loop, ast.For) and isinstance(loop.target, ast.Name)
    if any(counted_by(item) is not None for item in items):
        return None  # the loop inside would be found in its turn, and the edit seem to have changed nothing
    names: list[str] = []
    edits: list[Edit] = []
    for sequence in sequences:
        mine = [one for one in items if same(one.value, sequence)]
        # If two would get one name, the second gets one of its whole path.
        for called in (dotted(sequence).rpartition(".")[2], dotted(sequence).replace(".", "_")):
            naming = Naming(called, (f"{called.strip('_')}_item",), len(sequences))
            name, changes = element(naming, mine, loop, scope, rewrite)
            if name not in names:
                break
        else:
            return None
        names.append(nested(name))
        edits += changes
    strict = ", strict=True" if scope.file.target >= _STRICT_FROM else ""
    zipped = f"zip({', '.join(rewrite.text(one) for one in sequences)}{strict})"
    edits.append(rewrite.replace(loop.target, ", ".join(names)))
    edits.append(replaced(rewrite.place(loop.iter), zipped, rewrite))
    return review("Use `zip`", *edits)
