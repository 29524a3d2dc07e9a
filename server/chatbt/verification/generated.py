"""The rungs of the ladder for code that a model has written: those of every edit that make sense, and two more."""

import ast
import sys
from collections import Counter
from collections.abc import Iterator, Sequence

from chatbt.verification.ladder import Fall, Piece, Rung, comments, found, same_elsewhere

RUNGS = (
    Rung.PARSES,
    Rung.ONLY_THE_TARGET,
    Rung.COMMENTS_KEPT,
    Rung.NOTHING_NEW,
    Rung.SAME_FACE,
    Rung.ONLY_STANDARD,
)
"""The rungs in the order in which generated code climbs them."""


def climb_generated(before: Sequence[Piece], after: Sequence[Piece]) -> Fall | None:
    """Take generated code up the ladder: None at the top, else its fall."""
    if sum(piece.faulty for piece in after) > sum(piece.faulty for piece in before):
        return Fall(Rung.PARSES, "the new code has a syntax error")
    if not same_elsewhere(before, after):
        return Fall(Rung.ONLY_THE_TARGET, "a statement outside what was to be rewritten would change")
    if lost := comments(before) - comments(after):
        return Fall(Rung.COMMENTS_KEPT, f"the comment `{next(iter(lost))}` would be lost")
    if fresh := found(after) - found(before):
        return Fall(Rung.NOTHING_NEW, f"{', '.join(sorted(fresh))} would be reported newly")
    return _other_face(before, after) or _foreign_import(before, after)


def _other_face(before: Sequence[Piece], after: Sequence[Piece]) -> Fall | None:
    """What others can see is the same: every name that was there with its signature, and no new public one."""
    old, new = _faces(before), _faces(after)
    for name, shapes in old.items():
        if name not in new:
            return Fall(Rung.SAME_FACE, f"`{name}` would be gone")
        if new[name] != shapes:
            return Fall(Rung.SAME_FACE, f"the signature of `{name}` would change")
    more = sorted(name for name in new.keys() - old.keys() if not name.rpartition(".")[2].startswith("_"))
    return Fall(Rung.SAME_FACE, f"`{more[0]}` would be a new public name") if more else None


def _faces(pieces: Sequence[Piece]) -> dict[str, Counter[str]]:
    """Each name that is bound outside of functions, with the shapes in which it is."""
    faces: dict[str, Counter[str]] = {}
    for piece in pieces:
        for name, shape in _bound(piece.body, ""):
            faces.setdefault(name, Counter())[shape] += 1
    return faces


def _bound(body: Sequence[ast.stmt], prefix: str) -> Iterator[tuple[str, str]]:
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                parts = [node.args, *node.decorator_list, *([node.returns] if node.returns else [])]
                kind = type(node).__name__
                yield f"{prefix}{node.name}", f"{kind} {' '.join(map(ast.dump, parts))}"
            case ast.ClassDef():
                parts = [*node.bases, *node.keywords, *node.decorator_list]
                yield f"{prefix}{node.name}", f"class {' '.join(map(ast.dump, parts))}"
                yield from _bound(node.body, f"{prefix}{node.name}.")
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    for one in ast.walk(target):
                        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
                            yield f"{prefix}{one.id}", "name"
            case _:
                for block in ("body", "orelse", "finalbody"):
                    yield from _bound(getattr(node, block, []), prefix)
                for handler in getattr(node, "handlers", []):
                    yield from _bound(handler.body, prefix)


def _foreign_import(before: Sequence[Piece], after: Sequence[Piece]) -> Fall | None:
    new = sorted(_imported(after) - _imported(before) - sys.stdlib_module_names)
    if not new:
        return None
    return Fall(Rung.ONLY_STANDARD, f"`{new[0]}` would be imported, which is not in the standard library")


def _imported(pieces: Sequence[Piece]) -> set[str]:
    """The top-level modules that are imported, wherever; relative ones with their dots."""
    names: set[str] = set()
    for piece in pieces:
        for top in piece.body:
            for node in ast.walk(top):
                if isinstance(node, ast.Import):
                    names |= {one.name.partition(".")[0] for one in node.names}
                elif isinstance(node, ast.ImportFrom):
                    module = node.module or ""
                    names.add(f"{'.' * node.level}{module}" if node.level else module.partition(".")[0])
    return names
