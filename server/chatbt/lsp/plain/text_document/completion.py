"""textDocument/completion: the ids, where a `chatbt: ignore[...]` comment is being written."""

import re

from chatbt.lsp.client import Json
from chatbt.lsp.documents import Open
from chatbt.lsp.session import Session
from chatbt.source.document import Position, Range
from chatbt.specialists.cards import card_of
from chatbt.specialists.registry import patterns

_ENUM_MEMBER = 20
"""LSP's kind of completion that an id is shown as."""

_BEGUN = re.compile(rb"#\s*chatbt:\s*ignore(-file)?\s*\[(?P<done>[^\]#]*?)(?P<word>[\w-]*)$", re.IGNORECASE)


def completion(session: Session, params: Json) -> list[Json] | None:
    uri, position = params["textDocument"]["uri"], params["position"]
    text = session.documents.get(uri)
    if text is None:
        return None
    cursor = text.from_client(uri, {"start": position, "end": position})
    if cursor is None:
        return None
    end = cursor.start
    before = text.document.line(end.line).encode("utf-8", "surrogatepass")[: end.column]
    begun = _BEGUN.search(before)
    if begun is None:
        return None
    done = set(re.findall(r"[\w-]+", begun["done"].decode("utf-8", "replace")))
    word = begun["word"].decode("ascii", "replace")
    _, place = text.to_client(Range(Position(end.line, begun.start("word")), end))
    found = _found_at(text, end.line)
    return [
        {
            "label": pattern.id,
            "labelDetails": {"description": pattern.name},
            "detail": card_of(pattern).title,
            "kind": _ENUM_MEMBER,
            "documentation": card_of(pattern).what,
            # What is found right here comes first; a name that is being typed finds its id.
            "sortText": f"{int(pattern.id not in found)}{pattern.id}",
            "filterText": pattern.name if word[:1].islower() else pattern.id,
            "textEdit": {"range": place, "newText": pattern.id},
        }
        for pattern in patterns().values()
        if pattern.id not in done and pattern.name not in done
    ]


def _found_at(text: Open, line: int) -> set[str]:
    """The ids of what is found on a line and the one below it, silenced or not: the comment may do so already."""
    return {
        report.pattern.id
        for one in (line, line + 1)
        if (at := text.checker.chunk_at(one)) is not None
        for report in (*at[1].reports, *text.checker.suggestions(at[0]))
        if report.stretch.start.line + at[0].start == one
    }
