"""Generated Markdown without links, images and markup: it opens nothing and leads nowhere."""

import re
from collections.abc import Iterator

_FENCE = re.compile(r" {0,3}(?:(?P<ticks>`{3,})[^`]*|(?P<tildes>~{3,}).*)$")
_SPAN = re.compile(r"(?<!`)(`+)(?!`)([^\n]+?)(?<!`)\1(?!`)")
_DEFINITION = re.compile(r"^ {0,3}\[[^\]\n]+\]:.*$", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\[[^\[\]\n]*\])")
_ADDRESS = re.compile(
    r"<?\b(?:[a-z][a-z0-9+.-]{1,15}://|www\.|mailto:|command:|javascript:|data:)[^\s<>`]*>?", re.IGNORECASE
)
_TAG = re.compile(r"</?[A-Za-z][^<>\n]*>|<!--.*?(?:-->|\Z)", re.DOTALL)
_BEGUN = re.compile(
    r"(?:!?\[[^\]\n]*(?:\](?:\([^)\n]*|\[[^\]\n]*)?)?|<[^>\n]*|!|\b[A-Za-z][A-Za-z0-9+.-]*:[^\s`]*|\bwww\.\S*)\Z"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_PASSES = 8


def cleaned(text: str, *, whole: bool = True) -> str:
    """A text in which links are their words and addresses are gone, but for code blocks, where they are only read.

    Of a text that is not whole yet, what may become a link at its end is held back.
    """
    text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    parts = list(_parts(text))
    made = "".join(part if is_code else _without_links(part) for is_code, part in parts)
    if whole or (parts and parts[-1][0]):
        return made
    return _BEGUN.sub("", made)


def _parts(text: str) -> Iterator[tuple[bool, str]]:
    """The text in pieces, each with whether it is a fenced block."""
    piece: list[str] = []
    fence = ""
    for line in text.splitlines(keepends=True):
        found = _FENCE.match(line.rstrip("\n"))
        mark = (found["ticks"] or found["tildes"]) if found else ""
        if not fence and mark:
            yield False, "".join(piece)
            piece, fence = [line], mark
        elif fence and mark.startswith(fence) and line.strip() == mark:
            yield True, "".join([*piece, line])
            piece, fence = [], ""
        else:
            piece.append(line)
    yield bool(fence), "".join(piece)


def _without_links(text: str) -> str:
    for _ in range(_PASSES):
        before = text
        text = _DEFINITION.sub("", text)
        text = _outside_spans(text)
        if text == before:
            break
    # A reader may pair back-quotes in another way than we do: what is left opens nothing wherever it stands.
    return text.replace("](", "] (").replace("][", "] [").replace("://", ": //")


def _outside_spans(text: str) -> str:
    made, last = [], 0
    for span in _SPAN.finditer(text):
        made += [_plain(text[last : span.start()]), span.group()]
        last = span.end()
    return "".join([*made, _plain(text[last:])])


def _plain(text: str) -> str:
    return _TAG.sub("", _ADDRESS.sub("", _LINK.sub(r"\1", text)))
