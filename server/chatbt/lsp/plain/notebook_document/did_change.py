"""notebookDocument/didChange: cells came, went or moved, or their texts changed."""

from chatbt.lsp.capabilities import reach, table
from chatbt.lsp.client import Json
from chatbt.lsp.notebooks import Cell, Notebook
from chatbt.lsp.session import Session


def did_change(session: Session, params: Json) -> None:
    item = params["notebookDocument"]
    text = session.documents.get(item["uri"])
    if not isinstance(text, Notebook):
        return
    structure = reach(params, "change", "cells", "structure")
    if structure is not None:
        rearrange(session, text, structure, item.get("version"))
    for change in reach(params, "change", "cells", "textContent") or ():
        document = change["document"]
        text.change_cell(document["uri"], change["changes"], document.get("version"), item.get("version"))
    session.changed(text)


def rearrange(session: Session, text: Notebook, structure: Json, version: int | None) -> None:
    """Exchange a run of cells for another."""
    array = structure["array"]
    opened = {item["uri"]: Cell(item) for item in structure.get("didOpen") or ()}
    known = {cell.uri: cell for cell in text.cells} | opened
    start, stop = array["start"], array["start"] + array["deleteCount"]
    come = [known[uri] for one in array.get("cells") or () if (uri := table(one).get("document")) in known]
    session.documents.forget(text)
    gone = {part.uri for part in text.parts}
    text.rearrange([*text.cells[:start], *come, *text.cells[stop:]], version)
    session.documents.open(text)
    session.cleared(gone - {part.uri for part in text.parts})
