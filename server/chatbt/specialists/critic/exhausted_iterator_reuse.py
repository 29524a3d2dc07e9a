"""Iterator used again after its end

## What it does
Reports a second run through a variable that holds a one-shot iterator, such as a generator expression, `map`, `zip`,
`csv.reader`, `re.finditer` or an open file, after a first one has gone to its end; and a run to the end inside a loop
when the iterator is made outside.

It stays silent where the variable is bound more than once or read in an inner function, where the two runs exclude
each other, and where `seek` is called.

## Why
An iterator that has reached its end yields nothing any more. No error says so: the second loop just does nothing, the
second `sum` is 0.

## Example
    squares = (n * n for n in numbers)
    total = sum(squares)
    largest = max(squares)

Better:
    squares = [n * n for n in numbers]
    total = sum(squares)
    largest = max(squares)

## When the fix is safe
Never without a look: a list takes memory for all items at once, and computes all of them even where the code stops
early.

## Asked as
- generator, map, zip or filter is empty the second time
- second loop over an iterator does nothing, list(it) is [] afterwards
- iterator exhausted, can only be consumed once
- csv.reader or file object has no rows when I read it again
- sum and max of the same generator, max() arg is an empty sequence
- loop over the file a second time prints nothing, need seek(0)
- converting to a list once and then it has no elements, reuse a generator
- data is gone after the first loop, looping again gives nothing
- len(list(gen)) first and then the for is never entered
- filter, map or zip object can be printed only once
- count the rows of a reader, then read them, the second pass is empty
- any() or in on a generator eats its elements
- min() says the sequence is empty after max() of the same generator expression
- works once, the second use of the same zip, map or reader finds nothing

## References
- The Python Glossary, iterator
"""

import ast

from chatbt.analysis.consumption import Consumption, consumption, is_repeated_in_comprehension
from chatbt.analysis.expectation import expects_exception, guarded_by
from chatbt.analysis.finding import Finding, Related
from chatbt.analysis.flow import ancestors, contains, enclosing_loops, position, statement_of
from chatbt.analysis.names import callee, is_builtin
from chatbt.analysis.outer import parent
from chatbt.analysis.returns import ONE_SHOT, ONE_SHOT_CALLS, ONE_SHOT_METHODS
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import type_of
from chatbt.analysis.ways import ways_after
from chatbt.rewriting.fix import Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, critic

_ENDLESS = ("itertools.count", "itertools.cycle", "itertools.repeat")
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@critic("CC023", group="bug", since="0.1", calls=ONE_SHOT_CALLS, methods=ONE_SHOT_METHODS)
def exhausted_iterator_reuse(value: ast.Call | ast.GeneratorExp, scope: Scope) -> Findings:
    binding = parent(value)
    match binding:
        case ast.Assign(targets=[ast.Name() as target, *_]) | ast.AnnAssign(target=ast.Name() as target):
            pass
        case ast.withitem(optional_vars=ast.Name() as target):
            pass
        case _:
            return
    found = type_of(value, scope)
    if found is None or found.name not in ONE_SHOT or callee(value, scope) in _ENDLESS:
        return
    if isinstance(binding, ast.withitem) and found.name != "file":
        return
    uses = _uses(target, scope)
    again = _run_again(uses, target, is_file=found.name == "file")
    if again is not None:
        load, message, related = again
        yield Finding(load, message, related=related, about=(value, found.name))


def _uses(target: ast.Name, scope: Scope) -> list[tuple[ast.Name, Consumption]]:
    """Where the iterator is run through, in the order of the text; [] where that cannot be told."""
    name, owner = target.id, scope.find(target.id)
    if owner.kind not in ("function", "module") or owner.bindings.get(name) != [target] or owner.elsewhere(name):
        return []
    if owner.captures(name) or owner.dynamic:
        return []
    loads = sorted(owner.all_loads(name), key=position)
    if len(loads) > 1 or any(enclosing_loops(load) or is_repeated_in_comprehension(load) for load in loads):
        found = [(load, _consumption(load, owner)) for load in loads if position(load) > position(target)]
        if not _seeks(owner):
            return [(load, use) for load, use in found if use is not None]
    return []


def _consumption(load: ast.Name, owner: Scope) -> Consumption | None:
    around = parent(load)
    call = parent(around)
    if isinstance(around, ast.Attribute) and isinstance(call, ast.Call) and not call.args:
        return Consumption(f"`{around.attr}()`", complete=True) if around.attr in ("read", "readlines") else None
    return consumption(load, owner)


def _seeks(owner: Scope) -> bool:
    root = owner.node
    return root is not None and any(isinstance(one, ast.Attribute) and one.attr == "seek" for one in ast.walk(root))


def _run_again(
    uses: list[tuple[ast.Name, Consumption]], target: ast.Name, *, is_file: bool
) -> tuple[ast.Name, str, tuple[Related, ...]] | None:
    """The place of a run after the end, what is wrong with it, and where the end was reached."""
    for index, (load, use) in enumerate(uses):
        if not use.complete or guarded_by(load) is not None or expects_exception(load):
            continue
        if not is_file and _repeats(load, target):
            return load, f"`{load.id}` is used up in the first round of the loop: the next rounds get nothing", ()
        for later, _ in uses[index + 1 :]:
            if _leads_to(load, later) and not _is_compared_with_nothing(later):
                message = f"`{load.id}` has been used up by {use.by} before: nothing is left here"
                return later, message, (Related(load, "its end is reached here"),)
    return None


def _repeats(load: ast.Name, target: ast.Name) -> bool:
    """Whether a loop around `load`, but not around the binding, gets to `load` again."""
    if is_repeated_in_comprehension(load):
        return True
    statement = statement_of(load)
    return any(
        not (contains(loop, target) or _runs_through(loop, load.id))
        and not ways_after(statement, loop).isdisjoint(("next", "continue"))
        for loop in enclosing_loops(load)
    )


def _runs_through(loop: ast.AST, name: str) -> bool:
    """Whether a loop ends when the iterator does."""
    header = loop.test if isinstance(loop, ast.While) else getattr(loop, "iter", loop)
    return any(isinstance(one, ast.Name) and one.id == name for one in ast.walk(header))


def _leads_to(first: ast.Name, second: ast.Name) -> bool:
    """Whether control can come from `first`, once it has been run through, to `second`."""
    above = [first, *ancestors(first)]
    below: ast.AST = second
    for around in ancestors(second):
        index = next((i for i, one in enumerate(above) if one is around), None)
        if index is not None:
            return _passes_on(around, above[index - 1], below, first)
        below = around
    return False


def _passes_on(around: ast.AST, one: ast.AST, other: ast.AST, first: ast.Name) -> bool:
    """Whether control gets from the part `one` of `around`, in which `first` is, to the part `other`."""
    match around:
        case ast.IfExp():
            return one is around.test
        case ast.If():
            exclusive = any(one is part for part in around.body) and any(other is part for part in around.orelse)
            if exclusive:
                return False
        case ast.Try():
            if any(other is part for part in around.handlers) or any(one is part for part in around.handlers):
                return False
        case ast.Match():
            if one is not around.subject:
                return False
        case ast.For() | ast.AsyncFor():
            if one is around.iter and not any(other is part for part in around.orelse):
                return False
    if isinstance(around, (*_COMPREHENSIONS, ast.comprehension)):
        return False
    if not isinstance(one, ast.stmt):
        return True
    statement = statement_of(first)
    if statement is one:
        return not isinstance(statement, ast.Return | ast.Raise)
    return not ways_after(statement, one).isdisjoint(("next", "continue", "break"))


def _is_compared_with_nothing(load: ast.Name) -> bool:
    """Whether the code says itself that nothing is left: `list(it) == []`, `assertEqual(list(it), [])`."""
    around = parent(parent(load))
    others: list[ast.expr] = []
    if isinstance(around, ast.Compare):
        others = [around.left, *around.comparators]
    elif isinstance(around, ast.Call):
        others = around.args
    return any(
        (isinstance(one, ast.List | ast.Tuple) and not one.elts)
        or (isinstance(one, ast.Dict) and not one.keys)
        or (isinstance(one, ast.Constant) and not one.value)
        or (isinstance(one, ast.Call) and not one.args and not one.keywords)
        for one in others
    )


@exhausted_iterator_reuse.fix
def make_a_list(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    value, kind = finding.about
    if kind == "file" or not _only_iterated(finding.node, scope):
        return None
    if isinstance(value, ast.GeneratorExp):
        text = rewrite.text(value)
        if text.startswith("(") and text.endswith(")"):
            return review("Make it a list", rewrite.replace(value, f"[{text[1:-1]}]"))
        return None
    if not is_builtin("list", scope):
        return None
    return review("Make it a list", rewrite.insert_before(value, "list("), rewrite.insert_behind(value, ")"))


def _only_iterated(node: ast.AST, scope: Scope) -> bool:
    """Whether a list can stand for the iterator: nobody calls `next` or a method."""
    assert isinstance(node, ast.Name)
    return not any(
        isinstance(around := parent(load), ast.Attribute)
        or (isinstance(around, ast.Call) and isinstance(around.func, ast.Name) and around.func.id == "next")
        for load in scope.find(node.id).all_loads(node.id)
    )
