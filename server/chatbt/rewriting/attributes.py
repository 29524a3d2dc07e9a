"""The end of an attribute that edits leave without use: its start as None in `__init__` goes as well."""

import ast
import re
from collections.abc import Iterable, Sequence

from chatbt.analysis.memos import starts
from chatbt.analysis.tree import push_children
from chatbt.analysis.walk import Walked
from chatbt.rewriting.fix import Edit
from chatbt.rewriting.rewrite import Rewrite
from chatbt.source.document import Document


def without_attributes(
    document: Document, members: Sequence[tuple[int, Walked]], names: Iterable[str], edits: Sequence[Edit]
) -> list[Edit] | None:
    """`edits`, and the removal of the statements that set the attributes `names` to None.

    `members` are the chunks of the class, each with how many lines its nodes are off from the document. None if the
    file mentions one of the names anywhere else.
    """
    found = list(edits)
    rewrites = [(shift, Rewrite(walked)) for shift, walked in members]
    for name in dict.fromkeys(names):
        found += _removals(name, rewrites)
        mention = re.compile(rf"(?<!\w){re.escape(name)}\b")
        gone = sum(len(mention.findall(document.slice(edit.stretch))) for edit in found)
        come = sum(len(mention.findall(edit.text)) for edit in found)
        if len(mention.findall(document.text)) - gone + come:
            return None
    return found


def _removals(name: str, rewrites: Iterable[tuple[int, Rewrite]]) -> Iterable[Edit]:
    for shift, rewrite in rewrites:
        for function in _functions(rewrite.walked):
            statement = starts(function).get(name)
            if statement is not None and rewrite.stands_alone(statement):
                yield rewrite.remove(statement).shifted(shift)


def _functions(walked: Walked) -> Iterable[ast.FunctionDef]:
    stack: list[ast.AST] = list(walked.parsed.body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.FunctionDef):
            yield node
        push_children(node, stack)
