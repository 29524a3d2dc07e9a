"""Layout: how far a block is indented, and parentheses around what a node does not count as its own."""

import ast

from chatbt.rewriting.rewrite import Rewrite


def step(statement: ast.stmt, first: ast.stmt, rewrite: Rewrite) -> str:
    """The white space by which `first`, in the body of `statement`, is indented further. Both stand alone."""
    return rewrite.indent(first).removeprefix(rewrite.indent(statement))
