"""Open texts and the garbage collector."""

import gc
import weakref
from pathlib import Path

import pytest

from tests.lsp.editor import Editor


@pytest.mark.asyncio
async def test_a_closed_text_is_collected(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("a.py", "def f(a=[]):\n    return a\n")
        [text] = editor.session.documents
        seen = weakref.ref(text)
        del text
        editor.close(uri)
        gc.collect()
        assert seen() is None
        assert gc.isenabled()
