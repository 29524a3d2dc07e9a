"""The tools of a fix: the text of nodes, and edits at their places."""

import ast
import re

from chatbt.analysis.flow import block_of
from chatbt.analysis.places import chunk_text, place, source_of
from chatbt.analysis.scopes import Scope
from chatbt.analysis.walk import Walked
from chatbt.rewriting.fix import Edit, Import
from chatbt.source.document import Position, Range, split_lines


class Rewrite:
    """Builds edits of one chunk for a fix. Lines are those of the chunk's nodes.

    `imports` collects what the edits need; the fix's caller places it.
    """

    def __init__(self, walked: Walked) -> None:
        self.walked = walked
        self.document = chunk_text(walked)
        self.newline = self.document.line_ending
        self.imports: list[Import] = []

    def text(self, node: ast.AST) -> str:
        """The source of `node`, without parentheses around it."""
        return source_of(node, self.walked)

    def operand(self, node: ast.expr) -> str:
        """The source of `node`, in parentheses unless it binds as tightly as an attribute access."""
        text = self.text(node)
        tight = isinstance(
            node, ast.Name | ast.Attribute | ast.Subscript | ast.Call | ast.List | ast.Dict | ast.Set
            | ast.ListComp | ast.SetComp | ast.DictComp | ast.JoinedStr,
        ) or (isinstance(node, ast.Constant) and not isinstance(node.value, int | float | complex))  # fmt: skip
        return text if tight or text.startswith("(") else f"({text})"

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
        """Where the regular expression `pattern` first matches between two places, comments and strings left out."""
        text = self.slice(Range(start, end))
        bare = re.sub(r"#[^\r\n]*", lambda match: " " * len(match.group()), text)
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
        """Whether a statement has its lines to itself: no `;`, no `if x:` before it, no other statement behind it."""
        start, end = self.place(statement)
        behind = self.line(end.line).encode("utf-8", "surrogatepass")[end.column :].decode("utf-8", "surrogatepass")
        return not self.line(start.line)[: start.column].strip() and re.match(r"\s*(?:#|$)", behind) is not None

    def indent(self, statement: ast.stmt) -> str:
        """The white space before a statement that stands alone."""
        start = self.place(statement).start
        return self.line(start.line)[: start.column]

    def lines_before(self, statement: ast.stmt, *lines: str) -> Edit:
        """Insert lines above a statement that stands alone, above its decorators, at its indentation."""
        first = min([statement, *getattr(statement, "decorator_list", [])], key=lambda node: self.place(node).start)
        start = Position(self.place(first).start.line, 0)
        indent = self.indent(statement)
        return Edit(
            Range(start, start), "".join(f"{indent}{line}{self.newline}" if line else self.newline for line in lines)
        )

    def lines_behind(self, statement: ast.stmt, *lines: str) -> Edit:
        """Insert lines below a statement that stands alone, at its indentation."""
        last = self.place(statement).end.line
        indent = self.indent(statement)
        block = "".join(f"{indent}{line}{self.newline}" if line else self.newline for line in lines)
        at = Position(last + 1, 0)
        if not self._ends_line(last):
            end = Position(last, len(self.line(last).encode("utf-8", "surrogatepass")))
            return Edit(Range(end, end), self.newline + block.removesuffix(self.newline))
        return Edit(Range(at, at), block)

    def _ends_line(self, line: int) -> bool:
        index = line - self.walked.parsed.first
        return self.document.lines[index].endswith(("\n", "\r"))

    def remove(self, statement: ast.stmt) -> Edit:
        """Remove a statement that stands alone, with its lines; a block that it leaves empty gets a `pass`."""
        start, end = self.place(statement)
        if len(block_of(statement)) == 1:
            return Edit(Range(start, end), "pass")
        stop = Position(end.line + 1, 0) if self._ends_line(end.line) else end
        return Edit(Range(Position(start.line, 0), stop), "")

    def reindented(self, statement: ast.stmt, indent: str) -> list[str]:
        """The lines of a statement that stands alone as they read at another indentation, without line endings.

        Lines inside multi-line strings are moved as well: callers refuse statements that hold one.
        """
        start, end = self.place(statement)
        old = self.indent(statement)
        lines = [self.line(number) for number in range(start.line, end.line + 1)]
        return [indent + line.removeprefix(old) if line.strip() else line for line in lines]

    def fresh(self, wanted: str, scope: Scope) -> str:
        """`wanted`, or with a number behind it, as a name that is free in `scope` and all scopes inside it."""
        name, number = wanted, 2
        while not (scope.free(name) and not scope.meanings_of(name)):
            name, number = f"{wanted}_{number}", number + 1
        return name

    def imported(self, scope: Scope, module: str, name: str = "") -> str | None:
        """How `module` (or its `name`) is spelled here, an import added if need be; None if the name is taken.

        An existing `import module` or `from module import name`, under whatever alias, is used.
        """
        target = f"{module}.{name}" if name else module
        for alias, meanings in scope.module_imports():
            if all(one.kind == "import" for one in meanings) and scope.find(alias) is scope.module:
                if meanings[0].target == target and len(set(meanings)) == 1:
                    return alias
                if name and meanings[0].target == module and len(set(meanings)) == 1:
                    return f"{alias}.{name}"
        spelled = name or module
        root = spelled.partition(".")[0]
        if scope.meanings_of(root) or not scope.free(root):
            return None
        self.imports.append(Import(module, name))
        return spelled


def advanced(start: Position, text: str) -> Position:
    """The place behind `text` that starts at `start`."""
    lines = split_lines(text)
    complete = [line for line in lines if line.endswith(("\n", "\r"))]
    rest = "" if len(complete) == len(lines) else lines[-1]
    width = len(rest.encode("utf-8", "surrogatepass"))
    return Position(start.line + len(complete), width if complete else start.column + width)
