"""String built up with + in a loop

## What it does
Reports `text += piece` in a loop when `text` starts as a string right before the loop and nothing reads it until the
loop has ended.

## Why
Strings cannot change, so each `+=` makes a new one and copies all that was there: twice the pieces, four times the
work. CPython can often avoid the copy for a local variable that nothing else refers to; other interpreters, and other
places in CPython, cannot. A list of parts that is joined once is fast everywhere.

## Example
    def report(rows):
        out = ""
        for row in rows:
            out += row.label + ","
        return out

Better:
    def report(rows):
        parts = []
        for row in rows:
            parts.append(row.label + ",")
        out = "".join(parts)
        return out

## When the fix is safe
Never without a look: if the loop ends with an exception, the string is not there yet, and a piece with a type of its
own may have its own way to be added to a string.

## Asked as
- string concatenation in a loop is slow, quadratic
- s += "..." thousands of times, use join
- building a big string piece by piece takes very long, gets slower and slower
- how to build up text efficiently, StringBuilder, io.StringIO or "".join(parts)
- result += line in a for loop
- performance of adding to a string, immutable strings are copied each time
- joining many strings, csv or html text made with plus equals
- appending to a string very often is slow, program gets slower the longer the text becomes
- assemble a long report, csv, xml or html page as text from many lines
- join against += for strings, what is faster
- out += char for every character of a file
- O(n^2) behaviour of string building
- thousands of short strings put together with + take minutes
- generating a huge text in a loop gets slower

## References
- PEP 8, Programming Recommendations
- The Python Standard Library, Common Sequence Operations, note 6
"""

import ast

from chatbt.analysis.finding import Finding, Severity
from chatbt.analysis.flow import ancestors, contains
from chatbt.analysis.loops import Accumulator, accumulator, is_short, loads_in, repeaters
from chatbt.analysis.outer import parent
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Edit, Fix, review
from chatbt.rewriting.rewrite import Rewrite, is_enclosed
from chatbt.source.document import Range
from chatbt.specialists.pattern import Findings, critic


@critic("CC030", group="performance", since="0.1", stability="preview", severity=Severity.INFORMATION)
def string_concat_in_loop(statement: ast.AugAssign, scope: Scope) -> Findings:
    target = statement.target
    if not isinstance(statement.op, ast.Add) or not isinstance(target, ast.Name):
        return
    found = accumulator(target.id, statement, scope)
    if found is None or not _is_text(found.value) or loads_in(found.loop, target.id, scope):
        return
    added = _added(found, target.id, scope)
    # The first that runs again and again speaks for all.
    if statement is next((one for one in added if _grows(one, found, scope)), None):
        message = f"each `{target.id} +=` may copy all that `{target.id}` holds so far"
        yield Finding(statement, message, about=(found, added))


def _is_text(value: ast.expr) -> bool:
    return isinstance(value, ast.JoinedStr) or (isinstance(value, ast.Constant) and isinstance(value.value, str))


def _added(found: Accumulator, name: str, scope: Scope) -> list[ast.AugAssign]:
    """The `name += ...` statements of the loop; [] if it binds the name in another way too."""
    added: list[ast.AugAssign] = []
    for binding in scope.bindings_of(name):
        if contains(found.loop, binding):
            around = parent(binding)
            if not isinstance(around, ast.AugAssign) or not isinstance(around.op, ast.Add):
                return []
            added.append(around)
    return sorted(added, key=lambda one: (one.lineno, one.col_offset))


def _grows(statement: ast.AugAssign, found: Accumulator, scope: Scope) -> bool:
    """Whether the loop runs `statement` as often as something has elements, or loops are nested."""
    around = [one for one in repeaters(statement) if contains(found.loop, one)]
    long = [one for one in around if not is_short(one, scope)]
    is_for = any(isinstance(one, ast.For | ast.AsyncFor) for one in long)
    return found.loop in around and (is_for or (bool(long) and len(around) > 1))


@string_concat_in_loop.fix
def join_the_parts(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    found, added = finding.about
    start, value, loop = found.start, found.value, found.loop
    if not rewrite.stands_alone(loop) or any(isinstance(one.value, ast.Yield | ast.YieldFrom) for one in added):
        return None
    name = added[0].target.id
    if _is_read_when_it_fails(name, loop, scope):
        return None
    parts = rewrite.fresh("parts", scope)
    annotated = isinstance(start, ast.AnnAssign) and scope.file.target >= (3, 9)
    is_empty = isinstance(value, ast.Constant) and value.value == ""
    first = "[]" if is_empty else f"[{rewrite.text(value)}]"
    separator = rewrite.text(value) if is_empty and rewrite.text(value) == "''" else '""'
    annotation = f": {rewrite.text(start.annotation)}" if isinstance(start, ast.AnnAssign) else ""
    return review(
        f"Collect `{parts}` and join them after the loop",
        rewrite.replace(start, f"{parts}{': list[str]' if annotated else ''} = {first}"),
        *(edit for one in added for edit in _appended(one, parts, rewrite)),
        rewrite.lines_behind(loop, f"{name}{annotation} = {separator}.join({parts})"),
    )


def _is_read_when_it_fails(name: str, loop: ast.stmt, scope: Scope) -> bool:
    """Whether a handler or `finally` around the loop reads the string, which the fix binds only at the end."""
    tries = [one for one in ancestors(loop) if isinstance(one, ast.Try)]
    late = [part for one in tries for part in (*one.handlers, *one.finalbody)]
    return any(loads_in(part, name, scope) for part in late)


def _appended(statement: ast.AugAssign, parts: str, rewrite: Rewrite) -> list[Edit]:
    """The edits that make `name += piece` a `parts.append(piece)`, brackets around the piece used."""
    start, end = rewrite.place(statement)
    operator = rewrite.token(rewrite.place(statement.target).end, end, r"\+=[ \t]*")
    assert operator is not None
    has_brackets = is_enclosed(rewrite.slice(Range(operator.end, end)))
    call = rewrite.replace_range(start, operator.end, f"{parts}.append" + ("" if has_brackets else "("))
    return [call] if has_brackets else [call, rewrite.insert_behind(statement, ")")]
