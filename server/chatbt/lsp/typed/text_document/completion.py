"""textDocument/completion: the ids, where a `chatbt: ignore[...]` comment is being written."""

import re

from lsprotocol import types

from chatbt.lsp.capabilities import COMPLETION_TRIGGERS
from chatbt.lsp.documents import Open
from chatbt.lsp.edits import as_range, plain_range
from chatbt.lsp.session import Session
from chatbt.source.document import Position, Range
from chatbt.specialists.cards import card_of
from chatbt.specialists.registry import patterns

OPTIONS = types.CompletionOptions(trigger_characters=list(COMPLETION_TRIGGERS))

_BEGUN = re.compile(rb"#\s*chatbt:\s*ignore(-file)?\s*\[(?P<done>[^\]#]*?)(?P<word>[\w-]*)$", re.IGNORECASE)


def completion(session: Session, params: types.CompletionParams) -> list[types.CompletionItem] | None:
    uri = params.text_document.uri
    text = session.documents.get(uri)
    if text is None:
        return None
    cursor = text.from_client(uri, plain_range(types.Range(start=params.position, end=params.position)))
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
        types.CompletionItem(
            label=pattern.id,
            label_details=types.CompletionItemLabelDetails(description=pattern.name),
            detail=card_of(pattern).title,
            kind=types.CompletionItemKind.EnumMember,
            documentation=card_of(pattern).what,
            # What is found right here comes first; a name that is being typed finds its id.
            sort_text=f"{int(pattern.id not in found)}{pattern.id}",
            filter_text=pattern.name if word[:1].islower() else pattern.id,
            text_edit=types.TextEdit(range=as_range(place), new_text=pattern.id),
        )
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
