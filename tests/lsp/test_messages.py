"""The exact messages of whole sessions, as they are recorded in `messages/`.

`CHATBT_UPDATE=1 pytest tests/lsp/test_messages.py` records them anew; what changed is then seen in the diff.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from chatbt.specialists.docs import docs_folder
from tests.lsp.editor import PLAIN, Editor, capabilities, pushed_to, span

pytestmark = pytest.mark.asyncio

Json = dict[str, Any]
RECORDED = Path(__file__).parent / "messages"
CODE = "def f(a=[]):\n    return a, 'é🎉', f'q'\n"


def same_as_recorded(name: str, messages: Any, root: Path) -> None:
    text = json.dumps(messages, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    text = text.replace(root.as_uri(), "file:///project")
    folder = docs_folder()
    if folder is not None:
        text = text.replace(folder.as_uri(), "file:///docs")
    # A digest of what is shown, so also of where the pages are.
    text = re.sub(r'"resultId": "[0-9a-f]+"', '"resultId": "a digest"', text)
    file = RECORDED / f"{name}.json"
    if os.environ.get("CHATBT_UPDATE"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["vscode", "neovim", "emacs", "plain"])
async def test_what_the_server_offers(tmp_path: Path, name: str) -> None:
    async with Editor(tmp_path, PLAIN if name == "plain" else capabilities(name)) as editor:
        same_as_recorded(f"offers-{name}", editor.offers, tmp_path)


async def test_what_is_pushed(tmp_path: Path) -> None:
    async with Editor(tmp_path, pushed_to(capabilities("vscode"))) as editor:
        uri = editor.open("a.py", CODE)
        editor.change(uri, 2, ("(", (2, 0), (2, 0)))
        editor.close(uri)
        same_as_recorded("pushed", editor.told_of("textDocument/publishDiagnostics"), tmp_path)


async def test_what_is_pulled(tmp_path: Path) -> None:
    async with Editor(tmp_path, capabilities("vscode")) as editor:
        uri = editor.open("a.py", CODE)
        answer = await editor.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})
        same_as_recorded("pulled", answer, tmp_path)


async def test_what_can_be_done_about_a_finding(tmp_path: Path) -> None:
    async with Editor(tmp_path, capabilities("vscode")) as editor:
        uri = editor.open("a.py", CODE)
        actions = await editor.actions(uri, span(1, 22, 1, 22))
        resolved = [one if "command" in one else await editor.request("codeAction/resolve", one) for one in actions]
        same_as_recorded("actions", {"offered": actions, "resolved": resolved}, tmp_path)


async def test_what_the_server_asks_of_the_client(tmp_path: Path) -> None:
    async with Editor(tmp_path, capabilities("vscode")) as editor:
        await editor.until(lambda: len(editor.asked) > 2)
        asked = [{"method": one["method"], "params": one["params"]} for one in editor.asked]
        same_as_recorded("asked", asked, tmp_path)
