"""Loops that look for one element: what they keep of it, and what they keep where there is none."""

import ast
from typing import NamedTuple

from chatbt.analysis.flow import siblings


class Search(NamedTuple):
    """A loop that looks for an element: what it keeps of it, when, and the statement that has the default."""

    loop: ast.For
    test: ast.expr
    found: ast.expr
    other: ast.stmt
    default: ast.expr

    @property
    def parts(self) -> list[ast.expr]:
        """The expressions that it is made of."""
        return [self.found, self.loop.target, self.loop.iter, self.test, self.default]

    @property
    def kept(self) -> str:
        """The variable that holds what is found; "" where it is returned."""
        match self.other:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                return name
        return ""


def search_of(loop: ast.For, condition: ast.If) -> Search | None:
    if condition.orelse:
        return None
    before, after = siblings(loop)
    match condition.body:
        case [ast.Assign(targets=[ast.Name(id=name)], value=found), ast.Break()] if before:
            other = before[-1]
            match other:
                case ast.Assign(targets=[ast.Name(id=kept)], value=default) if kept == name:
                    return Search(loop, condition.test, found, other, default)
                case ast.AnnAssign(target=ast.Name(id=kept), value=ast.expr() as default) if kept == name:
                    return Search(loop, condition.test, found, other, default)
        case [ast.Return(value=ast.expr() as found)] if after:
            match after[0]:
                case ast.Return(value=ast.expr() as default):
                    return Search(loop, condition.test, found, after[0], default)
    return None
