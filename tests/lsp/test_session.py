"""A session from `initialize` to `exit`: what is pushed, what is pulled, and what happens to bad input."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest

from chatbt.lsp import errors
from chatbt.specialists.docs import page_of
from chatbt.specialists.registry import patterns
from tests.lsp.editor import PLAIN, Editor, ServerError, capabilities, pushed_to, span

pytestmark = pytest.mark.asyncio

BAD = "def f(a=[]):\n    return a\n"
GOOD = "def f(a=()):\n    return a\n"
Json = dict[str, Any]


def codes(diagnostics: list[Json]) -> list[str]:
    return [one["code"] for one in diagnostics]


async def test_opening_a_file_pushes_its_diagnostics(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("a.py", BAD)
        [found] = editor.shown(uri)
        assert (found["code"], found["source"], found["severity"]) == ("CC001", "chatbt", 2)
        assert found["range"] == span(0, 8, 0, 10)


async def test_typing_brings_the_diagnostics_up_to_date(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("a.py", BAD)
        editor.change(uri, 2, ("()", (0, 8), (0, 10)))
        assert editor.shown(uri) == []
        editor.change(uri, 3, ("{}", (0, 8), (0, 10)), ("\n", (0, 0), (0, 0)))
        assert [one["range"] for one in editor.shown(uri)] == [span(1, 8, 1, 10)]


async def test_a_change_without_a_range_is_the_whole_text(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("a.py", BAD)
        changes = {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": GOOD}]}
        editor.notify("textDocument/didChange", changes)
        assert editor.shown(uri) == []


async def test_closing_a_file_clears_its_diagnostics(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("a.py", BAD)
        editor.close(uri)
        assert editor.shown(uri) == []
        assert "version" not in editor.published(uri)[-1]


@pytest.mark.parametrize("wanted", [True, False])
async def test_pushed_diagnostics_say_their_version_to_who_wants_it(tmp_path: Path, wanted: bool) -> None:
    offered = {"textDocument": {"publishDiagnostics": {"versionSupport": wanted}}}
    async with Editor(tmp_path, offered) as editor:
        uri = editor.open("a.py", BAD, version=7)
        assert editor.published(uri)[0].get("version") == (7 if wanted else None)


@pytest.mark.parametrize("name", ["vscode", "neovim"])
async def test_a_client_that_asks_is_never_pushed_to(tmp_path: Path, name: str) -> None:
    async with Editor(tmp_path, capabilities(name)) as editor:
        uri = editor.open("a.py", BAD)
        editor.change(uri, 2, ("# \n", (0, 0), (0, 0)))
        answer = await editor.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})
        editor.close(uri)
        assert codes(answer["items"]) == ["CC001"]
        assert editor.told_of("textDocument/publishDiagnostics") == []


async def test_a_client_that_does_not_ask_is_not_offered_to(tmp_path: Path) -> None:
    async with Editor(tmp_path, pushed_to(capabilities("vscode"))) as editor:
        assert "diagnosticProvider" not in editor.offers
        assert len(editor.published(editor.open("a.py", BAD))) == 1


async def test_unchanged_diagnostics_are_not_sent_again(tmp_path: Path) -> None:
    async with Editor(tmp_path, capabilities("vscode")) as editor:
        uri = editor.open("a.py", BAD)
        asked = {"textDocument": {"uri": uri}}
        first = await editor.request("textDocument/diagnostic", asked)
        same = await editor.request("textDocument/diagnostic", {**asked, "previousResultId": first["resultId"]})
        assert same == {"kind": "unchanged", "resultId": first["resultId"]}
        editor.change(uri, 2, ("\n", (0, 0), (0, 0)))
        moved = await editor.request("textDocument/diagnostic", {**asked, "previousResultId": first["resultId"]})
        assert moved["kind"] == "full" and moved["resultId"] != first["resultId"]


async def test_messages_that_come_together_are_answered_with_one_set_of_diagnostics(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("a.py", BAD)
        for version in (2, 3, 4):
            change = {"text": "\n", "range": span(0, 0, 0, 0)}
            params = {"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]}
            editor.session.receive(
                orjson.dumps({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": params})
            )
        editor.session.flush()
        assert len(editor.published(uri)) == 2
        assert [one["range"]["start"]["line"] for one in editor.shown(uri)] == [3]


@pytest.mark.parametrize(("encoding", "character"), [("utf-8", 16), ("utf-16", 12), ("utf-32", 11)], ids=str)
async def test_columns_are_counted_in_the_units_that_were_agreed_on(
    tmp_path: Path, encoding: str, character: int
) -> None:
    async with Editor(tmp_path, {"general": {"positionEncodings": [encoding]}}) as editor:
        assert editor.offers["positionEncoding"] == encoding
        uri = editor.open("a.py", "x = 'é🎉ü', f'q'\n")
        [found] = editor.shown(uri)
        assert found["range"] == span(0, character, 0, character + 4)
        editor.change(uri, 2, ("", (0, character), (0, character + 1)))
        assert editor.shown(uri) == []
        [text] = editor.session.documents
        assert text.document.text == "x = 'é🎉ü', 'q'\n"


async def test_what_a_client_can_show_is_sent_with_a_diagnostic(tmp_path: Path) -> None:
    async with Editor(tmp_path, pushed_to(capabilities("vscode"))) as editor:
        [found] = editor.shown(editor.open("a.py", "x = f'q'\n"))
        assert found["tags"] == [1]
        assert found["data"] == {"id": "CC012", "name": "fstring-without-placeholders"}
        page = page_of(patterns()["CC012"])
        assert page and found["codeDescription"] == {"href": page.as_uri()}


async def test_what_a_client_cannot_show_is_not_sent(tmp_path: Path) -> None:
    async with Editor(tmp_path, PLAIN) as editor:
        [found] = editor.shown(editor.open("a.py", "x = f'q'\n"))
        assert found.keys() == {"range", "severity", "code", "source", "message"}


async def test_links_lead_to_the_site_that_is_set(tmp_path: Path) -> None:
    options = {"initializationOptions": {"settings": {"docsUrl": "https://example.org/rules/"}}}
    async with Editor(tmp_path, pushed_to(capabilities("vscode")), **options) as editor:
        [found] = editor.shown(editor.open("a.py", BAD))
        assert found["codeDescription"]["href"] == "https://example.org/rules/critic/mutable-default-argument"
        assert editor.told_of("window/showMessage") == []


# ---- odd documents


@pytest.mark.parametrize(
    "uri",
    ["untitled:Untitled-1", "file:///tmp/with%20space/%F0%9F%8E%89%25.py", "file:///tmp/a b/🎉.py", "git:/a.py?x"],
)
async def test_diagnostics_come_under_the_uri_as_the_client_spells_it(tmp_path: Path, uri: str) -> None:
    async with Editor(tmp_path) as editor:
        item = {"uri": uri, "languageId": "python", "version": 1, "text": BAD}
        editor.notify("textDocument/didOpen", {"textDocument": item})
        assert codes(editor.shown(uri)) == ["CC001"]


async def test_a_text_in_another_language_is_left_alone(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        item = {"uri": editor.uri("a.toml"), "languageId": "toml", "version": 1, "text": BAD}
        editor.notify("textDocument/didOpen", {"textDocument": item})
        assert editor.told_of("textDocument/publishDiagnostics") == []


@pytest.mark.parametrize(
    ("method", "place"),
    [
        ("hover", {"position": {"line": 0, "character": 0}}),
        ("completion", {"position": {"line": 0, "character": 0}}),
        ("codeAction", {"range": span(0, 0, 0, 0), "context": {"diagnostics": []}}),
    ],
)
async def test_nothing_is_known_of_a_text_that_is_not_open(tmp_path: Path, method: str, place: Json) -> None:
    async with Editor(tmp_path, capabilities("vscode")) as editor:
        asked = {"textDocument": {"uri": editor.uri("a.py")}, **place}
        assert not await editor.request(f"textDocument/{method}", asked)
        pulled = await editor.request("textDocument/diagnostic", {"textDocument": {"uri": editor.uri("a.py")}})
        assert pulled["items"] == []


async def test_an_excluded_file_has_no_diagnostics(tmp_path: Path) -> None:
    (tmp_path / "chatbt.toml").write_text('exclude = ["generated"]\n', encoding="utf-8")
    async with Editor(tmp_path) as editor:
        assert editor.shown(editor.open("generated/a.py", BAD + "if (\n")) == []


# ---- bad input


@pytest.mark.parametrize(
    "place",
    [
        span(99, 0, 120, 5),
        span(0, 500, 0, 900),
        span(5, 0, 2, 0),
        span(-3, -4, -1, -1),
        span(0, 4294967295, 4294967295, 0),
    ],
)
async def test_an_impossible_range_is_taken_for_the_nearest_possible_one(tmp_path: Path, place: Json) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("a.py", BAD)
        change = {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": "", "range": place}]}
        editor.notify("textDocument/didChange", change)
        assert editor.published(uri)[-1]["uri"] == uri
        changes: Json = {"textDocument": {"uri": uri, "version": 3}, "contentChanges": [{"text": BAD}]}
        editor.notify("textDocument/didChange", changes)
        assert codes(editor.shown(uri)) == ["CC001"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{not json", errors.PARSE_ERROR),
        (b"\xff\xfe", errors.PARSE_ERROR),
        (b"[]", errors.INVALID_REQUEST),
        (b"3", errors.INVALID_REQUEST),
        (b'{"jsonrpc": "2.0", "id": 5, "method": 7}', errors.INVALID_REQUEST),
        (b'{"jsonrpc": "2.0", "id": 5, "method": "textDocument/diagnostic", "params": {}}', errors.INVALID_PARAMS),
        (b'{"jsonrpc": "2.0", "id": {}, "method": "textDocument/codeAction"}', errors.INVALID_REQUEST),
        (b'{"jsonrpc": "2.0", "id": 5, "method": "codeAction/resolve", "params": []}', errors.INVALID_PARAMS),
        (b'{"jsonrpc": "2.0", "id": 5, "method": "textDocument/hover", "params": []}', errors.INVALID_PARAMS),
        (b'{"jsonrpc": "2.0", "id": 5, "method": "what/isThis", "params": {}}', errors.METHOD_NOT_FOUND),
        (b'{"id": 5, "method": "textDocument/hover", "params": {}}', errors.INVALID_REQUEST),
    ],
)
async def test_a_malformed_message_is_answered_and_the_session_goes_on(tmp_path: Path, body: bytes, code: int) -> None:
    async with Editor(tmp_path) as editor:
        editor.session.receive(body)
        [answer] = await editor.until(lambda: [one for one in editor.told if "error" in one])
        assert answer["error"]["code"] == code
        assert codes(editor.shown(editor.open("a.py", BAD))) == ["CC001"]


@pytest.mark.parametrize("params", [None, [], 3, {"textDocument": None}, {"textDocument": {"uri": 7}}])
@pytest.mark.parametrize("method", ["textDocument/didOpen", "textDocument/didChange", "textDocument/didClose"])
async def test_a_malformed_notification_is_left_out(tmp_path: Path, method: str, params: Any) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("a.py", BAD)
        editor.notify(method, params)
        editor.change(uri, 2, ("()", (0, 8), (0, 10)))
        assert editor.shown(uri) == []


async def test_requests_before_initialize_are_refused(tmp_path: Path) -> None:
    editor = Editor(tmp_path)
    with pytest.raises(ServerError) as caught:
        await editor.request("textDocument/hover", {})
    assert caught.value.code == errors.NOT_INITIALIZED


async def test_a_second_initialize_is_refused(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        with pytest.raises(ServerError, match="has been initialized"):
            await editor.request("initialize", {"capabilities": {}})


async def test_after_shutdown_nothing_is_answered_but_exit(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        assert await editor.request("shutdown", None) is None
        with pytest.raises(ServerError, match="shut down"):
            await editor.request("textDocument/hover", {})
        editor.notify("exit", {})
        assert editor.exits == [0]


async def test_exit_without_shutdown_is_a_failure(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        editor.notify("exit", {})
        assert editor.exits == [1]


async def test_strange_capabilities_are_those_of_a_client_that_can_nothing(tmp_path: Path) -> None:
    odd = json.loads('{"textDocument": [], "workspace": 3, "general": {"positionEncodings": "utf-8"}, "window": null}')
    editor = Editor(tmp_path, odd, initializationOptions=[1], workspaceFolders="x", rootUri=None)
    answer = await editor.request("initialize", editor._initialize)
    assert answer["capabilities"]["positionEncoding"] == "utf-16"
    assert codes(editor.shown(editor.open("a.py", BAD))) == ["CC001"]


_TWO_AT_ONCE = """
import asyncio
from pathlib import Path
from tests.lsp.editor import Editor

async def main():
    editors = [Editor(Path.cwd()) for _ in range(2)]
    for editor in editors:
        await editor.__aenter__()
        editor.open("a.py", "def f(a=[]):\\n    return a\\n")
    for editor in editors:
        await editor.until(lambda: editor.session.is_settled)
        print(editor.session.typed is not None)

asyncio.run(main())
"""


async def test_two_clients_that_come_at_once_both_have_all_methods() -> None:
    run = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _TWO_AT_ONCE, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    output, _ = await run.communicate()
    assert output.decode().split() == ["True", "True"]
