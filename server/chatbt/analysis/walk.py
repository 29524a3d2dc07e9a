"""The one walk over a chunk: scopes, parents and the nodes that patterns look at, in one pass with its own stack.

Scopes are walked one after the other, outer before inner, so that a nested function finds the names around it bound.
Every node gets its `parent`; a node that opens a scope gets `scope`.
"""

import ast
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from chatbt.analysis.constructs import SPECIAL
from chatbt.analysis.outer import Outer, parent
from chatbt.analysis.scopes import FileFacts, Scope
from chatbt.analysis.tree import FIELDS
from chatbt.source.chunks import Parsed

_DYNAMIC = {"exec", "eval", "locals", "vars"}

Found = dict[type[ast.AST], list[tuple[Any, Scope]]]


@dataclass(slots=True)
class Walked:
    """A chunk after the walk. `found` holds the interesting nodes by type, if there are any, each with its scope.

    Of constants only strings are interesting.

    `doubtful`: the chunk holds a construct that only the compiler can find wrong.
    """

    parsed: Parsed
    file: FileFacts
    module: Scope
    body: Scope
    found: Found
    doubtful: bool = False


class Walk:
    """The state of one walk, which the constructs of `constructs` add to."""

    def __init__(self, interest: Collection[type[ast.AST]], outer: Outer) -> None:
        self.interest = interest
        self.outer = outer
        self.found: Found = defaultdict(list)
        self.pending: list[tuple[Scope, list[Any]]] = []
        self.doubtful = False

    def run(self) -> None:
        while self.pending:
            scope, stack = self.pending.pop()
            self._scope(scope, stack)

    def _scope(self, scope: Scope, stack: list[Any]) -> None:
        found, interest, fields_of, special_of = self.found, self.interest, FIELDS, SPECIAL.get
        loads, name_type, constant, attribute, load = scope.loads, ast.Name, ast.Constant, ast.Attribute, ast.Load
        pop, push = stack.pop, stack.append
        wants_texts = constant in interest
        while stack:
            node = pop()
            kind = node.__class__
            while kind is attribute:  # down a chain of them to what it starts from
                if attribute in interest:
                    found[attribute].append((node, scope))
                child = node.value
                child.parent = node
                node, kind = child, child.__class__
            if kind is constant:
                # Numbers and the like are legion, and no pattern wants to see them.
                if wants_texts and node.value.__class__ is str:
                    found[constant].append((node, scope))
                continue
            if kind in interest:
                found[kind].append((node, scope))
            if kind is name_type:
                name = node.id
                if node.ctx.__class__ is not load:
                    self.bind(scope, name, node)
                elif name in loads:
                    loads[name].append(node)
                else:
                    loads[name] = [node]
                    if name in _DYNAMIC:
                        scope.dynamic = True
                continue
            special = special_of(kind)
            if special is not None and special(self, scope, node, stack):
                continue
            for name in fields_of[kind]:
                child = getattr(node, name)
                if child.__class__ is list:
                    if child:
                        for part in child:
                            part.parent = node
                        stack += child[::-1]
                elif child is not None and child.__class__ is not str:
                    child.parent = node
                    push(child)

    def bind(self, scope: Scope, name: str, node: ast.AST) -> None:
        """Record that `node` binds `name` in `scope`, or where its declarations say."""
        if name in scope.globals:
            self.doubtful |= isinstance(parent(node), ast.AnnAssign)
            scope = scope.module
        elif name in scope.nonlocals:
            scope = scope.find(name)
        scope.bindings.setdefault(name, []).append(node)

    def open(self, scope: Scope, parts: list[Any]) -> None:
        self.pending.append((scope, parts[::-1]))

    def adopt(self, node: ast.AST, *parts: Any) -> list[Any]:
        """`parts`, lists flattened and gaps left out, with `node` as their parent."""
        flat: list[Any] = []
        for part in parts:
            if part.__class__ is not list:
                if part is not None:
                    flat.append(part)
            elif None in part:
                flat += [one for one in part if one is not None]
            else:
                flat += part
        for part in flat:
            part.parent = node
        return flat


def walk(parsed: Parsed, file: FileFacts, interest: Collection[type[ast.AST]], outer: Outer) -> Walked:
    """Walk a chunk once. `interest` are the node types to collect."""
    visit = Walk(interest, outer)
    root: Any = ast.Module(body=parsed.body, type_ignores=[])
    module = Scope("module", root, None, outer)
    body = Scope("class", root, module, outer) if parsed.role == "member" else module
    root.scope = body
    walked = Walked(parsed, file, module, body, visit.found)
    module.chunk = body.chunk = walked
    visit.open(body, visit.adopt(root, parsed.body))
    visit.run()
    walked.doubtful = visit.doubtful
    return walked
