"""Repetition of a list of one mutable object

## What it does
Reports `[x] * n` where `x` makes a new list, dict, set or another mutable collection.

It does so where the sharing does harm: an item is changed in place, in the same piece of code or through `self` in
another method; and, as information and not in tests, where the list is returned or handed to a function of the same
file. It stays silent where the items are replaced (`grid[i] = ...`), and where the list is only read, compared, added
to another one as padding, or given to a call that copies it, such as `np.array([[0] * 3] * 3)`.

## Why
`*` repeats the reference, not the object. All rows of the result are the same row: what is written to one shows in all.

## Example
    grid = [[0] * 3] * 3
    grid[1][1] = 5

Better:
    grid = [[0] * 3 for _ in range(3)]
    grid[1][1] = 5

## When the fix is safe
Never without a look: the rows become independent, which is most likely what was meant but is not what ran before.

## Asked as
- list of lists, all rows change when one is changed
- [[0] * n] * m creates the same row several times
- 2d list, grid, matrix or board: setting one cell changes the whole column
- [[]] * 5, [{}] * 3, all elements are the same object, sublists are linked
- multiplying a nested list copies references
- how to initialise a two-dimensional array
- append to one sublist adds to all of them
- changing one row of the board, table, grid or seating plan changes every row
- [[None] * w] * h or [[]] * n, how do I get independent lists
- nested list created with the asterisk behaves strangely, setting one field sets several
- buckets = [[]] * 10, appending to one bucket fills them all
- matrix without numpy, zeros, all lines are identical afterwards
- marking one seat, cell or pixel marks it in every row
- all rows are the same list, star operator and nested brackets

## References
- The Python Standard Library, Common Sequence Operations, note 2
- Python FAQ, How do I create a multidimensional list?
"""

import ast
from collections.abc import Iterator
from typing import TypeGuard

from chatbt.analysis.finding import Finding, Related, Severity
from chatbt.analysis.flow import ancestors
from chatbt.analysis.mutation import changed_item
from chatbt.analysis.names import is_builtin
from chatbt.analysis.outer import parent
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.analysis.types import makes_mutable
from chatbt.rewriting.fix import Fix, review
from chatbt.rewriting.rewrite import Rewrite
from chatbt.specialists.pattern import Findings, critic

_PASSING_ON = (ast.IfExp, ast.NamedExpr, ast.List, ast.Tuple, ast.Dict, ast.ListComp, ast.DictComp, ast.Set)


@critic("CC020", group="bug", since="0.1")
def shared_list_multiplication(product: ast.BinOp, scope: Scope) -> Findings:
    if not isinstance(product.op, ast.Mult):
        return
    repeated, times = _operands(product)
    if repeated is None or (isinstance(times, ast.Constant) and times.value in (0, 1)):
        return
    kinds = {kind for one in repeated.elts if (kind := _makes(one, scope))}
    if not kinds:
        return
    severity, related = _intent(product, scope)
    if severity is not None:
        kind = " and ".join(sorted(one.rpartition(".")[2] for one in kinds))
        message = f"all items of this list are one and the same {kind}: a change to one shows in all"
        yield Finding(product, message, severity, related)


def _operands(product: ast.BinOp) -> tuple[ast.List | None, ast.expr]:
    if isinstance(product.left, ast.List):
        return product.left, product.right
    return (product.right if isinstance(product.right, ast.List) else None), product.left


def _makes(item: ast.expr, scope: Scope) -> str | None:
    if isinstance(item, ast.BinOp) and isinstance(item.op, ast.Mult) and _operands(item)[0] is not None:
        return "list"
    return makes_mutable(item, scope)


def _intent(product: ast.BinOp, scope: Scope) -> tuple[Severity | None, tuple[Related, ...]]:
    """How loud to be, and where an item is changed in place; None where no harm of the sharing is in sight."""
    value, statement, is_padding = _destination(product)
    target = _target(value, statement)
    uses = list(_uses(target, scope))
    if any(_is_replaced(use) for use in uses):
        return None, ()
    changed = next((place for use in uses if (place := changed_item(use)) is not None), None)
    if changed is not None:
        return Severity.WARNING, (Related(changed, "an item is changed in place here"),)
    if scope.receiver is not None and _is_of_self(target, scope):
        mutated = scope.receiver[1].class_facts().self_mutated
        return (Severity.WARNING if f"{target.attr}[]" in mutated and target.attr not in mutated else None), ()
    leaves = isinstance(statement, ast.Return | ast.Yield) or any(_leaves(use, scope) for use in uses)
    return (Severity.INFORMATION if leaves and not is_padding and not scope.file.test else None), ()


def _destination(product: ast.expr) -> tuple[ast.expr, ast.AST, bool]:
    """The expression that the product becomes part of, what takes it, and whether it was added to another list."""
    value: ast.expr = product
    is_padding = False
    for around in ancestors(product):
        if isinstance(around, ast.BinOp):
            is_padding |= isinstance(around.op, ast.Add)
            value = around
        elif isinstance(around, _PASSING_ON):
            value = around
        else:
            return value, around, is_padding
    return value, value, is_padding


def _target(value: ast.expr, statement: ast.AST) -> ast.expr | None:
    match statement:
        case ast.Assign(targets=[target]) | ast.AnnAssign(target=target) if statement.value is value:
            return target
    return None


def _uses(target: ast.expr | None, scope: Scope) -> Iterator[ast.expr]:
    """The reads of the variable or of `self`'s attribute that `target` binds, as far as this chunk has them."""
    if isinstance(target, ast.Name):
        yield from scope.find(target.id).all_loads(target.id)
    elif scope.receiver is not None and _is_of_self(target, scope):
        attributes = [one for one in scope.receiver[1].self_accesses() if one.attr == target.attr]
        yield from (one for one in attributes if isinstance(one.ctx, ast.Load))


def _leaves(use: ast.expr, scope: Scope) -> bool:
    """Whether what `use` reads is returned, or handed to a function of this file, which may write to it."""
    around = parent(use)
    if isinstance(around, ast.Call) and around.func is not use and isinstance(around.func, ast.Name):
        return any(meaning.kind == "function" for meaning in scope.meanings_of(around.func.id))
    return isinstance(around, ast.Return)


def _is_of_self(target: ast.expr | None, scope: Scope) -> TypeGuard[ast.Attribute]:
    return (
        isinstance(target, ast.Attribute)
        and isinstance(target.value, ast.Name)
        and scope.receiver is not None
        and target.value.id == scope.receiver[0]
    )


def _is_replaced(use: ast.expr) -> bool:
    """Whether an item of what `use` reads is bound anew."""
    item = parent(use)
    return (
        isinstance(item, ast.Subscript)
        and item.value is use
        and isinstance(item.ctx, ast.Store)
        and not isinstance(parent(item), ast.AugAssign)
    )


@shared_list_multiplication.fix
def make_each_item(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    product = finding.node
    assert isinstance(product, ast.BinOp)
    repeated, times = _operands(product)
    if repeated is None or len(repeated.elts) != 1 or not is_builtin("range", scope):
        return None
    item = repeated.elts[0]
    if not _can_move(item, scope):
        return None
    text, count = rewrite.text(item), rewrite.text(times)
    lost = comments_within(rewrite.place(product), rewrite.walked)
    if any(comment.text not in text + count for comment in lost):
        return None
    return review("Make each item anew", rewrite.replace(product, f"[{text} for _ in range({count})]"))


def _can_move(item: ast.expr, scope: Scope) -> bool:
    """Whether `item` means the same inside a comprehension."""
    for node in ast.walk(item):
        if isinstance(node, ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr):
            return False
        # A comprehension in a class body does not see the class's names, and has a variable `_` of its own.
        if isinstance(node, ast.Name) and (node.id == "_" or scope.kind == "class"):
            return False
    return True
