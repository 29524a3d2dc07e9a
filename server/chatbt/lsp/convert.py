"""Places of a document, in the client's lines and units."""

from chatbt.lsp.client import Json
from chatbt.source.document import Document, Encoding, Position, Range


def as_position(document: Document, position: Position, encoding: Encoding) -> Json:
    line, character = document.to_client(position, encoding)
    return {"line": line, "character": character}


def as_range(document: Document, stretch: Range, encoding: Encoding) -> Json:
    return {
        "start": as_position(document, stretch.start, encoding),
        "end": as_position(document, stretch.end, encoding),
    }


def from_range(document: Document, place: Json, encoding: Encoding) -> Range:
    """The stretch that a client's range means; whatever lies outside the text becomes the nearest place inside."""
    start, end = place["start"], place["end"]
    first = document.from_client(start["line"], start["character"], encoding)
    last = document.from_client(end["line"], end["character"], encoding)
    return Range(min(first, last), max(first, last))
