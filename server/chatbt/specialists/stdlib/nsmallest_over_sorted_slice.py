"""heapq.nsmallest for the first few in order

## What it does
Offers `heapq.nsmallest(3, xs)` for `sorted(xs)[:3]`, and `heapq.nlargest` where the order is reversed.

## Why
To find a few elements nothing else has to be put in order: `heapq` goes over the elements once and keeps only as many
as are asked for, where `sorted` copies and sorts them all. The name also says what is wanted.

## Example
    import heapq

    def podium(scores):
        return sorted(scores, reverse=True)[:3]

Better:
    import heapq

    def podium(scores):
        return heapq.nlargest(3, scores)

## When the fix is safe
Never without a look: the result is the same for elements with an order, but for a short list `sorted` is as fast, and
elements without one, such as NaN, may end up elsewhere.

## Asked as
- top n elements, sorted(x)[:3], n largest or n smallest
- heapq.nlargest, heapq.nsmallest
- ten best scores out of a large list without sorting all
- first k of a sorted list, sorted(..., reverse=True)[:k]
- three cheapest, five highest, leaderboard
- do I have to sort everything to get the first few
- best or worst five of many, top ten list
- largest three values with sorted and a slice
- sort everything and take [:10], is there a quicker way
- the k smallest distances
- three cheapest out of a hundred thousand
- top five, best ten, the n lowest, without sorting the rest

## References
- The Python Standard Library, heapq.nlargest and heapq.nsmallest
"""

import ast

from chatbt.analysis.finding import Finding
from chatbt.analysis.loops import is_short_iterable
from chatbt.analysis.outer import parent
from chatbt.analysis.places import comments_within
from chatbt.analysis.scopes import Scope
from chatbt.rewriting.arguments import removed_keyword
from chatbt.rewriting.fix import Edit, Fix, review
from chatbt.rewriting.layout import follows_a_word
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Range
from chatbt.specialists.pattern import Findings, stdlib

_MOST = 10  # beyond, a list must be long for it to pay


@stdlib(
    "SL016",
    module="heapq",
    since="0.1",
    stability="preview",
    calls=("builtins.sorted",),
    names={
        "heapq.nsmallest": (
            "The n smallest elements in order, without sorting all of them. It pays for a small n only: one is what"
            " `min` is for, and for a large part of the elements `sorted` with a slice is faster."
        ),
        "heapq.nlargest": (
            "The n largest elements, the largest first, without sorting all of them. It pays for a small n only: one"
            " is what `max` is for, and for a large part of the elements `sorted` with a slice is faster."
        ),
    },
)
def nsmallest_over_sorted_slice(call: ast.Call, scope: Scope) -> Findings:
    match parent(call):
        case (
            ast.Subscript(
                value=value,
                slice=ast.Slice(lower=None, upper=ast.Constant(value=int(count)), step=None),
                ctx=ast.Load(),
            ) as whole
        ) if value is call and 2 <= count <= _MOST:
            pass
        case _:
            return
    if len(call.args) != 1 or isinstance(call.args[0], ast.Starred) or is_short_iterable(call.args[0], scope):
        return
    if any(one.arg not in ("key", "reverse") for one in call.keywords):
        return
    reverse = _reverse(call)
    if reverse is not None and not (isinstance(reverse.value, ast.Constant) and isinstance(reverse.value.value, bool)):
        return
    yield Finding(whole, f"all of `{ast.unparse(call.args[0])}` is sorted for {count} elements", about=call)


def _reverse(call: ast.Call) -> ast.keyword | None:
    return next((one for one in call.keywords if one.arg == "reverse"), None)


@nsmallest_over_sorted_slice.fix
def use_heapq(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    whole, call = finding.node, finding.about
    assert isinstance(whole, ast.Subscript) and isinstance(call, ast.Call) and isinstance(whole.slice, ast.Slice)
    reverse = _reverse(call)
    largest = reverse is not None and isinstance(reverse.value, ast.Constant) and reverse.value.value
    function = "nlargest" if largest else "nsmallest"
    heapq = rewrite.imported(scope, "heapq")
    outer, inner = rewrite.place(whole), rewrite.place(call)
    ends = (Range(outer.start, inner.start), Range(inner.end, outer.end))
    if heapq is None or any(comments_within(one, rewrite.walked) for one in ends):
        return None
    assert whole.slice.upper is not None
    count = rewrite.text(whole.slice.upper)
    name = f" {heapq}" if follows_a_word(whole, rewrite) else heapq
    edits = [Edit(Range(outer.start, rewrite.place(call.func).end), f"{name}.{function}"), Edit(ends[1], "")]
    (given,) = call.args
    if rewrite.place(given).end == inner.end:  # a generator in the brackets of the call
        edits.insert(1, rewrite.replace(given, f"({count}, {rewrite.text(given)})"))
    else:
        bracket = rewrite.token(rewrite.place(call.func).end, inner.end, r"\(")
        assert bracket is not None
        gap = "" if rewrite.slice(Range(bracket.end, inner.end))[:1].isspace() else " "
        edits.insert(1, Edit(Range(bracket.end, bracket.end), f"{count},{gap}"))
    if reverse is not None:
        removed = removed_keyword(call, reverse, rewrite)
        if removed is None:
            return None
        edits.append(removed)
    return review(f"Use `heapq.{function}`", *edits)
