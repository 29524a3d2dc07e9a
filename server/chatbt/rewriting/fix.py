"""A fix: how a finding may be mended, its class, and the edits that do it."""

from dataclasses import dataclass

from chatbt.source.document import Range


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace `stretch` by `text`. An empty stretch inserts."""

    stretch: Range
    text: str

    def shifted(self, lines: int) -> "Edit":
        return Edit(self.stretch.shifted(lines), self.text)


@dataclass(frozen=True, slots=True)
class Import:
    """An import that an edit needs: `import module`, or `from module import name`."""

    module: str
    name: str = ""

    def __str__(self) -> str:
        return f"from {self.module} import {self.name}" if self.name else f"import {self.module}"


@dataclass(frozen=True, slots=True)
class Fix:
    """What the menu says, whether every precondition is proven, and the edits. `safe` may be lowered, never raised."""

    title: str
    safe: bool
    edits: tuple[Edit, ...]
    imports: tuple[Import, ...] = ()


def safe(title: str, *edits: Edit) -> Fix:
    """A fix whose every precondition is proven."""
    return Fix(title, True, edits)


def review(title: str, *edits: Edit) -> Fix:
    """A fix that a person must look at."""
    return Fix(title, False, edits)
