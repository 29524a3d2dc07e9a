"""Edits of a text as the client takes them: bound to the version they were made for, where it can hold us to it."""

from collections.abc import Iterable

from chatbt.lsp.client import Client, Json
from chatbt.lsp.documents import Open, Part
from chatbt.rewriting.fix import Edit


def workspace_edit(text: Open, edits: Iterable[Edit], client: Client) -> Json:
    """The edits of one open text."""
    by_part: dict[Part, list[Json]] = {}
    for edit in edits:
        part, place = text.to_client(edit.stretch)
        by_part.setdefault(part, []).append({"range": place, "newText": edit.text})
    if not client.document_changes:
        return {"changes": {part.uri: changes for part, changes in by_part.items()}}
    return {"documentChanges": [document_edit(part.uri, part.version, changes) for part, changes in by_part.items()]}


def document_edit(uri: str, version: int | None, changes: list[Json]) -> Json:
    """The changes of one text, of a version that the client knows; None is the file on the disk."""
    return {"textDocument": {"uri": uri, "version": version}, "edits": changes}


def annotate(edit: Json, name: str, annotation: Json) -> None:
    """Bind every change of an edit to an annotation."""
    for change in edit["documentChanges"]:
        for one in change["edits"]:
            one["annotationId"] = name
    edit["changeAnnotations"] = {name: annotation}
