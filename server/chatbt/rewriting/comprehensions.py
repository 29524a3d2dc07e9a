"""A loop written as a comprehension: on one line, or a line for each clause with its comments."""

import ast
import re
from collections.abc import Sequence

from chatbt.analysis.collecting import Round
from chatbt.analysis.flow import statement_of
from chatbt.analysis.places import Comment, comments_within
from chatbt.rewriting.blocks import holds_long_string
from chatbt.rewriting.fix import Edit
from chatbt.rewriting.rewrite import Rewrite, is_enclosed
from chatbt.rewriting.withs import indent_unit
from chatbt.source.document import Position, Range

_WIDEST = 88
_DIRECTIVE = re.compile(
    r"#\s*(?:type:|noqa|pragma|fmt:|nosec|pylint:|mypy:|pyright:|ruff:|isort:|chatbt:)", re.IGNORECASE
)


class _Clause:
    """A clause's text, the comment lines above it, and the comments behind it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.above: list[str] = []
        self.behind: list[str] = []


def comprehended(
    there: ast.stmt | ast.expr,
    brackets: tuple[str, str],
    element: str,
    parts: Sequence[ast.expr],
    round_: Round,
    rewrite: Rewrite,
) -> str | None:
    """A comprehension of `element` over the loop, in `brackets`, as it reads at the place of `there`.

    `parts` are the expressions whose text the element holds. None if that would lose a comment, or one that a tool
    reads.
    """
    return _comprehended(there, brackets, (element, condition(round_, rewrite)), parts, round_, rewrite)


def tested(
    there: ast.stmt | ast.expr, brackets: tuple[str, str], test: str, round_: Round, rewrite: Rewrite
) -> str | None:
    """A generator of `test`, which is the loop's condition or its opposite, over the loop."""
    assert round_.test is not None
    return _comprehended(there, brackets, (test, ""), [round_.test.test], round_, rewrite)


def _comprehended(
    there: ast.stmt | ast.expr,
    brackets: tuple[str, str],
    texts: tuple[str, str],
    parts: Sequence[ast.expr],
    round_: Round,
    rewrite: Rewrite,
) -> str | None:
    loop = round_.loop
    element, test = texts
    clauses = [_Clause(element), _Clause(f"for {rewrite.text(loop.target)} in {_operand(loop.iter, rewrite)}")]
    if test:
        clauses.append(_Clause(f"if {test}"))
    if not _place_comments(round_, clauses, parts, rewrite):
        return None
    has_comments = any(one.above or one.behind for one in clauses)
    indent = rewrite.indent(statement_of(there))
    opening, closing = brackets
    text = f"{opening}{' '.join(one.text for one in clauses)}{closing}"
    if not has_comments and "\n" not in text and "\r" not in text:
        behind = _behind(there, rewrite) if isinstance(there, ast.expr) else 0
        width = rewrite.place(there).start.column + 3 * indent.count("\t") + len(text) + behind
        if width <= _WIDEST or width <= len(rewrite.line(rewrite.place(loop).start.line)):
            return text
    inner = indent + indent_unit(loop, rewrite)
    if len(parts) == 1:
        clauses[0].text = _moved(element, parts[0], inner, rewrite)
    lines = [opening]
    for one in clauses:
        lines += [f"{inner}{comment}" for comment in one.above]
        lines.append(f"{inner}{one.text}{''.join(f'  {comment}' for comment in one.behind)}")
    lines.append(f"{indent}{closing}")
    return rewrite.newline.join(lines)


def _behind(node: ast.expr, rewrite: Rewrite) -> int:
    """How much stands on the line behind `node`."""
    end = rewrite.place(node).end
    return _line_end(end.line, rewrite).column - end.column


def _moved(text: str, node: ast.expr, indent: str, rewrite: Rewrite) -> str:
    """The text of `node` with its further lines moved as its first one is, if they can be.

    Lines that hang below an opening bracket move as the line does that it stands in, others as the bracket itself;
    with tabs, which no bracket is in line with, all move as the line does.
    """
    start = rewrite.place(node).start
    before = rewrite.line(start.line).encode("utf-8", "surrogatepass")[: start.column].decode("utf-8", "surrogatepass")
    lines = text.splitlines(keepends=True)
    is_hanging = lines[0].rstrip().endswith(("(", "[", "{")) or before.startswith("\t")
    by = len(before) - (len(before.lstrip()) if is_hanging else 0) - len(indent)
    holds_text = holds_long_string([node], rewrite)
    if by <= 0 or holds_text or not all(line[:by].isspace() or not line.strip() for line in lines[1:]):
        return text
    return lines[0] + "".join(line[by:] if line.strip() else line for line in lines[1:])


def condition(round_: Round, rewrite: Rewrite) -> str:
    """The condition's text as the `if` of a comprehension; "" if there is none."""
    return _operand(round_.test.test, rewrite) if round_.test is not None else ""


def _operand(node: ast.expr, rewrite: Rewrite) -> str:
    """The text of what stands behind `in` or `if`: in brackets where a comprehension would read it otherwise."""
    text = rewrite.text(node)
    is_bare = isinstance(node, ast.Tuple) and not is_enclosed(text)
    return f"({text})" if isinstance(node, ast.IfExp) or is_bare else text


def _place_comments(round_: Round, clauses: list[_Clause], parts: Sequence[ast.expr], rewrite: Rewrite) -> bool:
    """Give each comment of the loop to the clause whose line it stands at; False if one cannot be moved."""
    element, loop, test = clauses[0], clauses[1], clauses[-1]
    carried = [rewrite.place(one) for one in (round_.loop.target, round_.loop.iter, *parts)]
    if round_.test is not None:
        carried.append(rewrite.place(round_.test.test))
    header = rewrite.place(round_.loop.iter).end.line
    body = rewrite.place(round_.body[0]).start
    for comment in comments_of(round_, rewrite):
        if _DIRECTIVE.match(comment.text):
            return False
        if any(one.start <= comment.start < one.end for one in carried):
            continue
        clause = element
        if comment.start.line <= header:
            clause = loop
        elif round_.test is not None and test is not loop and comment.start < body:
            # A line of its own below the `if` is about what it is above of.
            is_below = comment.own_line and comment.start > rewrite.place(round_.test.test).end
            clause = element if is_below else test
        (clause.above if comment.own_line else clause.behind).append(comment.text)
    return all(len(one.behind) <= 1 for one in clauses)


def comments_of(round_: Round, rewrite: Rewrite) -> list[Comment]:
    """The comments from the loop's first line to the end of its last."""
    start, end = rewrite.place(round_.loop)
    return comments_within(Range(start, _line_end(end.line, rewrite)), rewrite.walked)


def _line_end(number: int, rewrite: Rewrite) -> Position:
    return Position(number, len(rewrite.line(number).encode("utf-8", "surrogatepass")))


def in_place_of(first: ast.stmt, value: ast.expr, last: ast.stmt, text: str, rewrite: Rewrite) -> list[Edit] | None:
    """The edits that make the statements from `first` to `last` one, whose `value` reads `text`.

    Comments between the two go above the first. None if the two share their lines with something else.
    """
    if not (rewrite.stands_alone(first) and rewrite.stands_alone(last)):
        return None
    start = _line_end(rewrite.place(first).end.line, rewrite)
    end = _line_end(rewrite.place(last).end.line, rewrite)
    between = comments_within(Range(start, rewrite.place(last).start), rewrite.walked)
    lines = [rewrite.lines_before(first, *(one.text for one in between))] if between else []
    return [*lines, rewrite.replace(value, text), Edit(Range(start, end), "")]


def statements_replaced(first: ast.stmt, last: ast.stmt, text: str, rewrite: Rewrite) -> list[Edit] | None:
    """The edits that put `text` in the place of a loop and the statement behind it; comments between them go above.

    None if the two share their lines with something else.
    """
    if not (rewrite.stands_alone(first) and rewrite.stands_alone(last)):
        return None
    start, end = rewrite.place(first).start, rewrite.place(last).end
    behind = _line_end(rewrite.place(first).end.line, rewrite)
    between = comments_within(Range(behind, rewrite.place(last).start), rewrite.walked)
    lines = [rewrite.lines_before(first, *(one.text for one in between))] if between else []
    return [*lines, Edit(Range(start, end), text)]
