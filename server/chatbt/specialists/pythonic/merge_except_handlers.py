"""One handler for several exceptions

## What it does
Finds handlers that follow one another and do the very same.

## Why
What is written twice is changed once: sooner or later the two differ, and nobody knows whether that is meant. One
clause with a tuple says that these errors are treated alike.

## Example
    def number(text):
        try:
            return int(text)
        except ValueError:
            return 0
        except TypeError:
            return 0

Better:
    def number(text):
        try:
            return int(text)
        except (ValueError, TypeError):
            return 0

## When the fix is safe
When all the classes are builtin, or bound by an import or a class statement: a tuple is evaluated as a whole, the
classes of a later clause only if no earlier one fits. A class that another one of them includes is left out.
There is no fix where both handlers hold the same comment.

## References
- The Python Tutorial, 8.3 Handling Exceptions
- The Python Language Reference, 8.4.1 except clause
"""

import ast
from collections.abc import Iterator, Sequence
from itertools import pairwise

from chatbt.analysis.exceptions import exception_class, is_certain, is_subclass
from chatbt.analysis.finding import Finding, Related
from chatbt.analysis.handlers import header_of
from chatbt.analysis.outer import dotted
from chatbt.analysis.places import comments, comments_within
from chatbt.analysis.scopes import Scope
from chatbt.analysis.suppression import only_silences
from chatbt.rewriting.fix import Edit, Fix, review, safe
from chatbt.rewriting.layout import line_end
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Position, Range
from chatbt.specialists.pattern import Findings, pythonic


@pythonic("PY042", since="0.1", yields_to=("PY044",))
def merge_except_handlers(statement: ast.Try, scope: Scope) -> Findings:
    if len(statement.handlers) < 2:
        return
    for run in _runs(statement.handlers, scope):
        first, second = run[:2]
        yield Finding(
            second,
            f"`{_head(second)}` does the same as `{_head(first)}` above it",
            related=(Related(first.type or first, "treated alike"),),
            stretch=header_of(second),
            about=run,
        )


def _runs(handlers: Sequence[ast.ExceptHandler], scope: Scope) -> Iterator[list[ast.ExceptHandler]]:
    """The longest runs of at least two handlers that can be one."""
    run = [handlers[0]]
    for before, handler in pairwise(handlers):
        if _are_alike(before, handler, scope):
            run.append(handler)
            continue
        if len(run) > 1:
            yield run
        run = [handler]
    if len(run) > 1:
        yield run


def _are_alike(first: ast.ExceptHandler, second: ast.ExceptHandler, scope: Scope) -> bool:
    if first.name != second.name or len(first.body) != len(second.body):
        return False
    if any(one.__class__ is not other.__class__ for one, other in zip(first.body, second.body, strict=True)):
        return False
    if not (_names_classes(first.type, scope) and _names_classes(second.type, scope)):
        return False
    same = zip(first.body, second.body, strict=True)
    return all(ast.dump(one) == ast.dump(other) for one, other in same) and _have_same_comments(first, second, scope)


def _names_classes(node: ast.expr | None, scope: Scope) -> bool:
    """Whether a clause names classes, as far as one can see: a name in capitals or small letters may be a tuple."""
    if isinstance(node, ast.Tuple):
        return all(_names_classes(one, scope) for one in node.elts)
    if not isinstance(node, ast.Name | ast.Attribute):
        return False
    last = dotted(node).rpartition(".")[2]
    if last[:1].isupper() and not last.isupper():
        return True
    return last == "error" and isinstance(node, ast.Attribute) and exception_class(node, scope) is not None


def _have_same_comments(first: ast.ExceptHandler, second: ast.ExceptHandler, scope: Scope) -> bool:
    """Whether the comments inside two handlers are the same, and none stands between them or in the second's header."""
    if scope.chunk is None:
        return False
    inside: dict[int, list[str]] = {0: [], 1: []}
    for comment in comments(scope.chunk):
        line = comment.start.line
        if not first.lineno <= line <= (second.end_lineno or 0) or only_silences(comment.text):
            continue
        handler, index = (first, 0) if line < second.lineno else (second, 1)
        if line > (handler.end_lineno or 0):
            return False
        if line < handler.body[0].lineno and index and not comment.own_line:
            return False
        if line >= handler.body[0].lineno or comment.own_line:
            inside[index].append(comment.text)
    return inside[0] == inside[1]


def _head(handler: ast.ExceptHandler) -> str:
    return f"except {ast.unparse(handler.type)}" if handler.type else "except"


@merge_except_handlers.fix
def put_them_in_a_tuple(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    run: list[ast.ExceptHandler] = finding.about
    first, last = run[0], run[-1]
    types = [one.type for one in run if one.type is not None]
    if first.type is None or any(one.lineno != one.end_lineno for one in types):
        return None
    listed = [one for type_ in types for one in (type_.elts if isinstance(type_, ast.Tuple) else [type_])]
    classes = [(rewrite.text(one), exception_class(one, scope)) for one in listed]
    texts = [text for index, (text, _) in enumerate(classes) if not _is_included(index, classes, scope)]
    start = Position(first.lineno, first.col_offset + len("except"))
    behind = rewrite.token(rewrite.place(first.type).end, rewrite.place(first.body[0]).start, r"\)*(?=\s*(?:as\b|:))")
    if behind is None:
        return None
    merged = texts[0] if len(texts) == 1 else f"({', '.join(texts)})"
    gone = Range(line_end(rewrite.place(first).end.line, rewrite), line_end(rewrite.place(last).end.line, rewrite))
    if comments_within(gone, rewrite.walked):
        return None
    make = safe if all(is_certain(one, scope) for one in types) else review
    title = f"Merge them into `except {merged}`"
    return make(title, Edit(Range(start, behind.end), f" {merged}"), Edit(gone, ""))


def _is_included(index: int, classes: Sequence[tuple[str, str | None]], scope: Scope) -> bool:
    """Whether a class is a subclass of another one of `classes`, or the same as one before it."""
    text, name = classes[index]
    for other_index, (other_text, other) in enumerate(classes):
        if other_index == index:
            continue
        if text == other_text or (name is not None and name == other):
            if other_index < index:
                return True
        elif name is not None and other is not None and is_subclass(name, other, scope):
            return True
    return False
