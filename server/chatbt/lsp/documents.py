"""The texts that the client has open, each with its checker. There is no second copy of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chatbt.lsp.client import Json
from chatbt.lsp.convert import from_range
from chatbt.lsp.folders import NOTHING
from chatbt.source.document import Document, Encoding
from chatbt.workspace.checker import Checker
from chatbt.workspace.findings import Problem, problems
from chatbt.workspace.profile import Profile


@dataclass(slots=True, eq=False)
class Open:
    """An open text. `path` is where it lies on the disk, if it does."""

    uri: str
    path: Path | None
    checker: Checker
    _problems: list[Problem] = field(default_factory=list)
    _problems_of: tuple[Document, Profile] | None = None

    @property
    def document(self) -> Document:
        return self.checker.document

    @property
    def version(self) -> int | None:
        return self.checker.document.version

    def problems(self) -> Sequence[Problem]:
        """Everything that is found in the text as it is now, what is left to ruff included."""
        now = (self.checker.document, self.checker.profile)
        if self._problems_of != now:
            self._problems = [] if self.checker.profile is NOTHING else problems(self.checker)
            self._problems_of = now
        return self._problems

    def change(self, changes: Sequence[Json], version: int | None, encoding: Encoding) -> None:
        """Take the changes of one `didChange`, in order."""
        for change in changes:
            place, text = change.get("range"), change["text"]
            if place is None:
                self.checker.reset(Document.from_text(self.uri, text, version))
            else:
                self.checker.edit(from_range(self.document, place, encoding), text, version)


class Documents:
    """The open texts by URI, in the client's spelling."""

    def __init__(self) -> None:
        self._open: dict[str, Open] = {}

    def __iter__(self) -> Iterator[Open]:
        return iter(list(self._open.values()))

    def get(self, uri: Any) -> Open | None:
        return self._open.get(uri) if isinstance(uri, str) else None

    def open(self, text: Open) -> None:
        self._open[text.uri] = text

    def close(self, uri: str) -> Open | None:
        """The text that was closed; None if it was not open."""
        return self._open.pop(uri, None)
