"""functools.cached_property

## What it does
Suggests `cached_property` for a property that computes its value when it is first asked for and keeps it in an
attribute that nothing else touches.

## Why
The attribute, its start as None, the test and the second `return` are there for one purpose, which `cached_property`
names. It also remembers that a value was None, where the test by `is None` computes it again and again.

## Example
    from functools import partial

    class Report:
        def __init__(self, rows):
            self.rows = rows
            self._total = None

        @property
        def total(self):
            if self._total is None:
                self._total = sum(self.rows)
            return self._total

Better:
    from functools import cached_property, partial

    class Report:
        def __init__(self, rows):
            self.rows = rows

        @cached_property
        def total(self):
            return sum(self.rows)

## When the fix is safe
Never without a look: the attribute can be set and deleted, subclasses may know the one that goes, and a value that was
None is kept. It is offered only where the file mentions that attribute nowhere else.

## Asked as
- property that is computed once and cached
- cached_property, lazy attribute, compute on first access and store
- if self._x is None: self._x = ..., return self._x
- expensive property is recalculated every time
- hasattr(self, "_value") to cache a result in the instance
- lazily evaluated attribute, remember the property's value
- attribute that is expensive to calculate, only once per object
- self._result = None in __init__ and an if in the property
- property should keep its result after the first access, lazy loading
- store the value of a property in the object
- read a file or query only once per instance and only when needed
- property that stores its own result, compute lazily

## References
- The Python Standard Library, functools.cached_property
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.memos import Memo, memo
from chatbt.analysis.names import is_builtin
from chatbt.analysis.outer import dotted
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.fix import Fix, review
from chatbt.rewriting.rewrite import Rewrite, is_enclosed
from chatbt.source.document import Range
from chatbt.specialists.pattern import Findings, stdlib


@stdlib(
    "SL009",
    module="functools",
    since="0.1",
    stability="preview",
    names={
        "functools.cached_property": (
            "An attribute that is computed when it is first read, and then kept in the instance. It does not notice"
            " when what it was computed from changes: it has to be deleted then. The instance needs a `__dict__`,"
            " which `__slots__` may take away."
        ),
    },
)
def cached_property(function: ast.FunctionDef, scope: Scope) -> Findings:
    if scope.kind != "class" or not function.decorator_list or (found := memo(function)) is None:
        return
    if not found.attribute.startswith("_") or not is_builtin("property", scope):
        return
    if any(getattr(node, "attr", "") == found.attribute for node in ast.walk(found.value)):
        return
    if len(scope.meanings_of(function.name)) != 1 or scope.meanings_of("__slots__"):
        return
    facts = scope.class_facts()
    uses = scope.outer.attribute(scope, found.attribute)
    if facts.decorators or facts.keywords or uses.used or uses.started == found.by_hasattr:
        return
    if scope.meanings_of(found.attribute) or scope.outer.attribute(scope, "__dict__").used:
        return
    yield Finding(function.decorator_list[0], f"`{function.name}` keeps its value by hand", about=found)


@cached_property.fix
def keep_it(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    found = finding.about
    assert isinstance(found, Memo)
    stretch = Range(rewrite.place(found.test).start, rewrite.place(found.result).end)
    if dotted(finding.node) != "property" or comments_within(stretch, rewrite.walked):
        return None
    name = rewrite.reached(scope, "functools", "cached_property")
    if name is None:
        return None
    text = rewrite.text(found.value)
    if len(text.splitlines()) > 1 and not is_enclosed(text) and not isinstance(found.value, ast.Call):
        text = f"({text})"
    rewrite.attributes.append(found.attribute)
    return review(
        f"Use `{name}`",
        rewrite.replace(finding.node, name),
        rewrite.replace_range(stretch.start, stretch.end, f"return {text}"),
    )
