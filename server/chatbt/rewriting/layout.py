"""Layout: how far a block is indented, and what of a text is short enough to be shown in a title."""

import ast

from chatbt.rewriting.rewrite import Rewrite, advanced
from chatbt.source.document import Position, Range

LINE_LENGTH = 88
"""How long a line may get by an edit that joins two."""


def step(statement: ast.stmt, first: ast.stmt, rewrite: Rewrite) -> str:
    """The white space by which `first`, in the body of `statement`, is indented further. Both stand alone."""
    return rewrite.indent(first).removeprefix(rewrite.indent(statement))


def condition(statement: ast.If | ast.While, rewrite: Rewrite) -> Range | None:
    """The place of a statement's condition, with the parentheses around it."""
    start = rewrite.place(statement).start
    colon = rewrite.token(rewrite.place(statement.test).end, rewrite.place(statement.body[0]).start, ":")
    keyword = rewrite.token(start, rewrite.place(statement.test).end, r"^(?:if|elif|while)\b[ \t]*")
    if colon is None or keyword is None:
        return None
    text = rewrite.slice(Range(keyword.end, colon.start))
    return Range(keyword.end, advanced(keyword.end, text.rstrip()))


def else_of(statement: ast.If, rewrite: Rewrite) -> Range | None:
    """The place of `else:`; None for an `elif`, or where the colon is not right behind the word."""
    first = statement.orelse[0]
    start = min(rewrite.place(one).start for one in (first, *getattr(first, "decorator_list", ())))
    return rewrite.token(rewrite.place(statement.body[-1]).end, start, r"\belse[ \t]*:")


def use(text: str, otherwise: str) -> str:
    """A fix's title: "Use" and the new text, if that is short; else what is said instead."""
    return f"Use `{text}`" if len(text) <= 50 and text.isprintable() else otherwise


def line_end(number: int, rewrite: Rewrite) -> Position:
    """The end of a line, before its ending."""
    return Position(number, len(rewrite.line(number).encode("utf-8", "surrogatepass")))


def follows_a_word(node: ast.AST, rewrite: Rewrite) -> bool:
    """Whether a word stands right before `node`, as in `return(x)`, that a name in its place would grow into."""
    start = rewrite.place(node).start
    line = Range(Position(start.line, 0), start)
    return rewrite.slice(line)[-1:].isidentifier() or rewrite.slice(line)[-1:].isdigit()
