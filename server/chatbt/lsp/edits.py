"""Edits of a text as the client takes them: bound to the version they were made for, where it can hold us to it."""

from collections.abc import Iterable
from difflib import SequenceMatcher

from lsprotocol import types

from chatbt.lsp.client import Client
from chatbt.lsp.documents import Open, Part
from chatbt.rewriting.fix import Edit
from chatbt.source.document import Document, Position, Range


def workspace_edit(text: Open, edits: Iterable[Edit], client: Client) -> types.WorkspaceEdit:
    """The edits of one open text."""
    by_part: dict[Part, list[types.TextEdit]] = {}
    for edit in edits:
        part, place = text.to_client(edit.stretch)
        by_part.setdefault(part, []).append(types.TextEdit(range=as_range(place), new_text=edit.text))
    if not client.document_changes:
        return types.WorkspaceEdit(changes={part.uri: changes for part, changes in by_part.items()})
    return types.WorkspaceEdit(
        document_changes=[
            types.TextDocumentEdit(
                text_document=types.OptionalVersionedTextDocumentIdentifier(uri=part.uri, version=part.version),
                edits=changes,
            )
            for part, changes in by_part.items()
        ]
    )


def as_range(place: dict[str, dict[str, int]]) -> types.Range:
    return types.Range(start=types.Position(**place["start"]), end=types.Position(**place["end"]))


def plain_range(place: types.Range) -> dict[str, dict[str, int]]:
    return {
        "start": {"line": place.start.line, "character": place.start.character},
        "end": {"line": place.end.line, "character": place.end.character},
    }


def difference(old: Document, new: Document) -> list[Edit]:
    """The edits of whole lines that lead from one text to the other."""
    before, after = list(old.lines), list(new.lines)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [
        Edit(_lines(old, start, stop), "".join(after[new_start:new_stop]))
        for tag, start, stop, new_start, new_stop in matcher.get_opcodes()
        if tag != "equal"
    ]


def _lines(document: Document, start: int, stop: int) -> Range:
    return Range(_line_start(document, start), _line_start(document, stop))


def _line_start(document: Document, line: int) -> Position:
    return Position(line + 1, 0) if line < len(document.lines) else document.end
