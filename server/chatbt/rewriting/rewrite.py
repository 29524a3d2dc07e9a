"""The tools of a fix: the text of nodes, and edits at their places."""

import ast
import re
from collections.abc import Callable

from chatbt.analysis.flow import block_of
from chatbt.analysis.outer import parent
from chatbt.analysis.places import chunk_text, comments, place, source_of
from chatbt.analysis.scopes import Scope
from chatbt.analysis.walk import Walked
from chatbt.rewriting.fix import Edit, Import
from chatbt.source.chunks import parse_source
from chatbt.source.document import Position, Range, split_lines

_TIGHT = (
    ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.List, ast.Dict, ast.Set, ast.ListComp, ast.SetComp,
    ast.DictComp, ast.JoinedStr, ast.Constant,
)  # fmt: skip
_HIDDEN = re.compile(
    r"""\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?'''|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\#[^\r\n]*""", re.DOTALL
)


class Rewrite:
    """Builds edits of one chunk for a fix. Lines are those of the chunk's nodes.

    `imports` and `module_lines` collect what the edits need at the top of the module, `dropped` the names whose imports
    they may leave unused, `attributes` those of the class that nothing needs any more, `decorators` what the class of
    the module that the chunk is a member of gets above it; the fix's caller sees to it.
    """

    def __init__(
        self, walked: Walked, newline: str | None = None, available: Callable[[str], bool] | None = None
    ) -> None:
        """`newline` is the file's line ending: a chunk of one line may not tell it.

        `available` tells of an imported name whether its import is sure to have run where the edits are.
        """
        self.walked = walked
        self.available = available
        self.document = chunk_text(walked)
        self.newline = newline or self.document.line_ending
        self.imports: list[Import] = []
        self.module_lines: list[str] = []
        self.dropped: list[str] = []
        self.attributes: list[str] = []
        self.decorators: list[str] = []
        self._gone: set[int] = set()

    def text(self, node: ast.AST) -> str:
        """The source of `node`, without parentheses around it."""
        return source_of(node, self.walked)

    def operand(self, node: ast.expr) -> str:
        """The source of `node`, in parentheses unless it reads as one piece wherever an attribute could follow."""
        text = self.text(node)
        is_number = isinstance(node, ast.Constant) and type(node.value) in (int, float, complex)
        if isinstance(node, _TIGHT) and not is_number and _reads(text):
            return text
        return text if is_enclosed(text) else f"({text})"

    def place(self, node: ast.AST) -> Range:
        return place(node, self.walked)

    def slice(self, stretch: Range) -> str:
        """The text of `stretch`."""
        return self.document.slice(stretch.shifted(1 - self.walked.parsed.first))

    def line(self, number: int) -> str:
        """A line by the nodes' numbering, without its ending."""
        return self.document.line(number + 1 - self.walked.parsed.first)

    def replace(self, node: ast.AST, text: str) -> Edit:
        return Edit(self.place(node), text)

    def replace_range(self, start: Position, end: Position, text: str) -> Edit:
        return Edit(Range(start, end), text)

    def token(self, start: Position, end: Position, pattern: str) -> Range | None:
        """Where the regular expression `pattern` first matches between two places.

        It sees comments and strings as NUL characters, which neither a token nor white space matches.
        """
        text = self.slice(Range(start, end))
        bare = _HIDDEN.sub(lambda match: "\0" * len(match.group()), text)
        found = re.search(pattern, bare)
        if found is None:
            return None
        return Range(advanced(start, text[: found.start()]), advanced(start, text[: found.end()]))

    def insert_before(self, node: ast.AST, text: str) -> Edit:
        """Insert right before the first character of `node`."""
        start = self.place(node).start
        return Edit(Range(start, start), text)

    def insert_behind(self, node: ast.AST, text: str) -> Edit:
        """Insert right behind the last character of `node`."""
        end = self.place(node).end
        return Edit(Range(end, end), text)

    def stands_alone(self, statement: ast.stmt) -> bool:
        """Whether a statement has its lines to itself, so that lines can be put above and below it.

        No `;`, no `if x:` before it, no other statement behind it, not joined to the line above, no `elif`.
        """
        start, end = self.place(statement)
        line, above = self.line(start.line), self.line(start.line - 1)
        behind = self.line(end.line).encode("utf-8", "surrogatepass")[end.column :].decode("utf-8", "surrogatepass")
        if line[: start.column].strip() or re.match(r"\s*(?:#|$)", behind) is None:
            return False
        if isinstance(statement, ast.If) and line[start.column :].startswith("elif"):
            return False
        return not above.endswith("\\") or any(one.start.line == start.line - 1 for one in comments(self.walked))

    def indent(self, statement: ast.stmt) -> str:
        """The white space before a statement that stands alone."""
        start = self.place(statement).start
        return self.line(start.line)[: start.column].rpartition("\f")[2]

    def lines_before(self, statement: ast.stmt, *lines: str) -> Edit:
        """Insert lines above a statement that stands alone, above its decorators, at its indentation."""
        start = Position(self._first_line(statement), 0)
        return Edit(Range(start, start), self._block(statement, lines))

    def lines_behind(self, statement: ast.stmt, *lines: str) -> Edit:
        """Insert lines below a statement that stands alone, and the comments of its body, at its indentation."""
        block = self._block(statement, lines)
        last = self._last_line(statement)
        if self._ends_line(last):
            at = Position(last + 1, 0)
            return Edit(Range(at, at), block)
        end = self._line_end(last)
        return Edit(Range(end, end), self.newline + block.removesuffix(self.newline))

    def remove(self, statement: ast.stmt, *, joined: bool = False) -> Edit:
        """Remove a statement that stands alone, with its lines; a block that it leaves empty gets a `pass`.

        Blank lines below it go as well where it has a blank line or its block's first line above it, or where what
        follows is `joined` to the comments above it; blank lines above it where it ends its block and blank lines
        follow. What another removal took of them stays with that one.
        """
        start, end = self.place(statement)
        first = self._first_line(statement)
        in_module = isinstance(parent(statement), ast.Module) and self.walked.parsed.role in ("code", "def")
        if len(block_of(statement)) == 1 and not in_module:
            return Edit(Range(Position(first, start.column), end), "pass")
        last = end.line + self._blank_below(statement, first, in_module, joined)
        first -= self._blank_above(statement, first, last)
        self._gone.update(range(first, last + 1))
        stop = Position(last + 1, 0) if self._ends_line(last) else self._line_end(last)
        return Edit(Range(Position(first, 0), stop), "")

    def _blank_below(self, statement: ast.stmt, first: int, in_module: bool, joined: bool) -> int:
        """How many blank lines below a statement that goes, from line `first` on, would be too many."""
        block = block_of(statement)
        above = self.line(first - 1).strip() if first > self.walked.parsed.first else "another statement"
        starts = block[0] is statement and not in_module and not above.startswith("#")
        if block[-1] is statement or not (joined or starts or not above):
            return 0
        return self._blank(self.place(statement).end.line + 1, 1)

    def _blank_above(self, statement: ast.stmt, first: int, last: int) -> int:
        """How many blank lines above a statement that goes, with the lines `first` to `last`, would be too many."""
        stop = self.walked.parsed.first + len(self.document.lines)
        if block_of(statement)[-1] is not statement or (last + 1 < stop and self.line(last + 1).strip()):
            return 0
        return self._blank(first - 1, -1)

    def _blank(self, number: int, step: int) -> int:
        """How many blank lines that no removal took follow each other from a line on, up to one that has text."""
        first, count = self.walked.parsed.first, 0
        while first <= number + count * step < first + len(self.document.lines):
            here = number + count * step
            if here in self._gone or self.line(here).strip():
                return count
            count += 1
        return 0

    def reindented(self, statement: ast.stmt, indent: str) -> list[str]:
        """The lines of a statement that stands alone as they read at another indentation, without line endings.

        Lines inside multi-line strings are moved as well: callers refuse statements that hold one.
        """
        old = self.indent(statement)
        numbers = range(self._first_line(statement), self.place(statement).end.line + 1)
        return [
            indent + line.removeprefix(old) if line.strip() else line for line in (self.line(one) for one in numbers)
        ]

    def _block(self, statement: ast.stmt, lines: tuple[str, ...]) -> str:
        indent = self.indent(statement)
        return "".join(f"{indent}{line}{self.newline}" if line else self.newline for line in lines)

    def _first_line(self, statement: ast.stmt) -> int:
        """The line of the statement's first decorator, or its own."""
        decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
        number = self.place(decorators[0] if decorators else statement).start.line
        first = self.walked.parsed.first
        while decorators and number > first and not self.line(number).lstrip().startswith("@"):
            number -= 1
        return number

    def _last_line(self, statement: ast.stmt) -> int:
        """The statement's last line, or the last comment below it that is indented like its body."""
        last = self.place(statement).end.line
        if not hasattr(statement, "body") and not isinstance(statement, ast.Match):
            return last
        indent = self.indent(statement)
        count = len(self.document.lines) + self.walked.parsed.first
        for number in range(last + 1, count):
            line = self.line(number)
            if line.strip() and not re.match(re.escape(indent) + r"[ \t]+#", line):
                break
            if line.strip():
                last = number
        return last

    def _line_end(self, number: int) -> Position:
        return Position(number, len(self.line(number).encode("utf-8", "surrogatepass")))

    def _ends_line(self, number: int) -> bool:
        """Whether the line has a line ending."""
        return self.document.lines[number - self.walked.parsed.first].endswith(("\n", "\r"))

    def fresh(self, wanted: str, scope: Scope) -> str:
        """`wanted`, or with a number behind it, as a name that is free in `scope` and all scopes inside it."""
        name, number = wanted, 2
        while not scope.free(name) or scope.meanings_of(name) or scope.used_elsewhere(name):
            name, number = f"{wanted}_{number}", number + 1
        return name

    def imported(self, scope: Scope, module: str, name: str = "") -> str | None:
        """How `module` (or its `name`) is spelled here, an import added if need be; None if the name is taken.

        An existing `import module` or `from module import name`, under whatever alias, is used.
        """
        target = f"{module}.{name}" if name else module
        for alias, meanings in scope.module_imports():
            if self.available is not None and not self.available(alias):
                continue
            if len(set(meanings)) > 1 or meanings[0].type == "typing" or scope.find(alias) is not scope.module:
                continue
            if meanings[0].target == target:
                return alias
            if name and meanings[0].target == module:
                return f"{alias}.{name}"
        spelled = name or module
        root = spelled.partition(".")[0]
        if scope.meanings_of(root) or not scope.free(root):
            return None
        self.imports.append(Import(module, name))
        return spelled

    def reached(self, scope: Scope, module: str, name: str) -> str | None:
        """As `imported`; where the name is taken, as an attribute of the module."""
        spelled = self.imported(scope, module, name)
        if spelled is not None:
            return spelled
        around = self.imported(scope, module)
        return f"{around}.{name}" if around else None

    def drop(self, node: ast.AST) -> None:
        """Say that the edits drop `node`, a name or attributes of one: its import goes if it has no other use."""
        while isinstance(node, ast.Attribute):
            node = node.value
        if isinstance(node, ast.Name):
            self.dropped.append(node.id)


def advanced(start: Position, text: str) -> Position:
    """The place behind `text` that starts at `start`."""
    lines = split_lines(text)
    complete = [line for line in lines if line.endswith(("\n", "\r"))]
    rest = "" if len(complete) == len(lines) else lines[-1]
    width = len(rest.encode("utf-8", "surrogatepass"))
    return Position(start.line + len(complete), width if complete else start.column + width)


def is_enclosed(text: str) -> bool:
    """Whether one pair of parentheses encloses the whole text of an expression."""
    return text.startswith("(") and _reads(f"[{text[1:-1]}]")


def _reads(text: str) -> bool:
    """Whether a text is an expression by itself; one that goes over several lines needs brackets."""
    try:
        (statement,) = parse_source(text).body
    except (SyntaxError, ValueError):
        return False
    return isinstance(statement, ast.Expr)
