"""An attribute that edits leave without use goes from `__init__`, unless the file mentions it elsewhere."""

import pytest

from chatbt.analysis.module import Module, View
from chatbt.analysis.scopes import FileFacts
from chatbt.analysis.walk import walk
from chatbt.rewriting.apply import apply
from chatbt.rewriting.attributes import without_attributes
from chatbt.rewriting.fix import Edit
from chatbt.source.chunks import parse
from chatbt.source.document import Document, Range


def edited(text: str) -> str | None:
    """The text without the start of `_x`, and with `y` for the last line."""
    document = Document.from_text("x.py", text)
    walked = walk(parse(text, "code", ""), FileFacts(), (), View(Module(), 1, 0))
    last = len(document.lines)
    replaced = Edit(Range.of(last, 0, last, len(document.line(last))), "y")
    edits = without_attributes(document, [(0, walked)], ["_x"], [replaced])
    return apply(document, edits).text if edits is not None else None


START = "class A:\n    def __init__(self):\n        self.a = 1\n        self._x = None\n"


def test_the_start_goes() -> None:
    assert edited(f"{START}self._x\n") == "class A:\n    def __init__(self):\n        self.a = 1\ny\n"


def test_an_empty_init_stays() -> None:
    text = f"{START}self._x\n".replace("        self.a = 1\n", "")
    assert edited(text) == "class A:\n    def __init__(self):\n        pass\ny\n"


@pytest.mark.parametrize("more", ["other._x\n", "'_x'\n", "# _x\n", "self._x = 1\n"])
def test_another_mention_keeps_it(more: str) -> None:
    assert edited(f"{START}{more}self._x\n") is None
