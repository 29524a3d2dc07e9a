"""Several prefixes or suffixes at once

## What it does
Reports `s.startswith(a) or s.startswith(b)`, and the same with `endswith`.

## Why
Both methods take a tuple of texts. One call names the string once, and the prefixes stand side by side where another
can be added.

## Example
    def is_remote(path: str):
        return path.startswith("http://") or path.startswith("https://")

Better:
    def is_remote(path: str):
        return path.startswith(("http://", "https://"))

## When the fix is safe
When the variable is proven to be a string or bytes and all prefixes are literals. Another class may have a method of
this name that takes no tuple, and a prefix that is computed is then computed in any case.

## Asked as
- s.startswith("a") or s.startswith("b"), several prefixes
- s.endswith(".jpg") or s.endswith(".png"), multiple extensions or suffixes
- PIE810 call startswith once with a tuple
- check if a string begins or ends with one of several strings
- startswith with a list, TypeError: startswith first arg must be str or a tuple of str, not list
- filter file names by different endings, url begins with http or https
- file ends with one of several extensions, image file names
- long or chain of endswith or startswith calls
- can startswith or endswith take more than one string
- line begins with # or // or ;
- several file extensions in one call
- name.endswith(".png") or name.endswith(".gif") or ...

## References
- The Python Standard Library, str.startswith
- The Python Standard Library, str.endswith
"""

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from chatbt.analysis.effects import binds_or_waits
from chatbt.analysis.finding import Finding
from chatbt.analysis.flow import is_pure, position
from chatbt.analysis.names import same
from chatbt.analysis.outer import literal_type
from chatbt.analysis.scopes import Scope
from chatbt.analysis.shown import is_shown
from chatbt.analysis.types import proven, type_of
from chatbt.rewriting.fix import Edit, Fix, review, safe
from chatbt.rewriting.rewrite import Rewrite
from chatbt.rewriting.runs import run_place
from chatbt.source.document import Range
from chatbt.specialists.pattern import Findings, pythonic

_TEXTS = ("str", "bytes")


class _Test(NamedTuple):
    """`receiver.method(texts)`."""

    call: ast.Call
    receiver: ast.expr
    method: str
    texts: list[ast.expr]


@pythonic("PY022", since="0.1", ruff=("PIE810",))
def startswith_tuple(condition: ast.BoolOp, scope: Scope) -> Findings:
    if not isinstance(condition.op, ast.Or):
        return
    for run in _runs(condition.values, scope):
        if is_shown(condition, scope):
            return
        receiver, method = ast.unparse(run[0].receiver), run[0].method
        whole = len(run) == len(condition.values)
        stretch = None if whole else Range.of(*position(run[0].call)[:2], *position(run[-1].call)[2:])
        message = f"`{receiver}.{method}` is called for each text: it takes all of them as a tuple"
        yield Finding(condition, message, about=run, stretch=stretch)


def _runs(operands: Sequence[ast.expr], scope: Scope) -> Iterator[list[_Test]]:
    """The longest runs of at least two such calls of the same method of the same thing."""
    run: list[_Test] = []
    for operand in (*operands, None):
        found = _test(operand, scope)
        if found and run and found.method == run[0].method and same(found.receiver, run[0].receiver):
            run.append(found)
            continue
        texts = [ast.dump(text) for one in run for text in one.texts]
        if len(run) > 1 and len(set(texts)) == len(texts) and _are_alike(run, scope):
            yield run
        run = [found] if found else []


def _test(node: ast.expr | None, scope: Scope) -> _Test | None:
    match node:
        case ast.Call(
            func=ast.Attribute(value=receiver, attr="startswith" | "endswith" as method), args=[text], keywords=[]
        ) if is_pure(receiver, attributes=True) and not _is_array(receiver):
            texts = text.elts if isinstance(text, ast.Tuple) else [text]
            is_text = bool(texts) and all(proven(one, scope, *_TEXTS) and not binds_or_waits(one) for one in texts)
            return _Test(node, receiver, method, texts) if is_text else None
    return None


def _is_array(receiver: ast.expr) -> bool:
    """Whether it is the accessor `.str` of a data frame's column, whose methods take no tuple everywhere."""
    return isinstance(receiver, ast.Attribute) and receiver.attr in ("str", "bytes")


def _are_alike(run: list[_Test], scope: Scope) -> bool:
    """Whether all texts are strings, or all bytes, and the receiver may be of that type too."""
    kinds = {found.name for one in run for text in one.texts if (found := type_of(text, scope))}
    receiver = type_of(run[0].receiver, scope)
    return len(kinds) == 1 and (receiver is None or receiver.name in kinds)


@startswith_tuple.fix
def ask_once(finding: Finding, scope: Scope, rewrite: Rewrite) -> Fix | None:
    run: list[_Test] = finding.about
    stretch = run_place([one.call for one in run], rewrite)
    if stretch is None:
        return None
    texts = [text for one in run for text in one.texts]
    listed = ", ".join(rewrite.text(one) for one in texts)
    is_certain = isinstance(run[0].receiver, ast.Name) and proven(run[0].receiver, scope, *_TEXTS)
    are_literals = all(isinstance(one, ast.Constant) and literal_type(one) in _TEXTS for one in texts)
    make = safe if is_certain and are_literals else review
    text = f"{rewrite.operand(run[0].receiver)}.{run[0].method}(({listed}))"
    return make(f"Call `{run[0].method}` once, with a tuple", Edit(stretch, text))
