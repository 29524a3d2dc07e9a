"""The server as editors meet it: a process, driven by an LSP client with the capabilities of real editors."""

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient

from chatbt.lsp.pygls_server import converter
from tests.lsp.editor import capabilities, edited

CODE = "def f(a=[]):\n    return a, 'é🎉', f'q'\n"
URI = "file:///work%20space/a.py"


@pytest_lsp.fixture(
    config=ClientServerConfig(server_command=[sys.executable, "-m", "chatbt", "lsp"]),
    params=["vscode", "neovim", "emacs"],
)
async def client(request: pytest.FixtureRequest, lsp_client: LanguageClient) -> AsyncIterator[None]:
    @lsp_client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(params: types.RegistrationParams) -> None:
        """pytest-lsp's client does not know this one."""

    offered = converter().structure(capabilities(request.param), types.ClientCapabilities)
    await lsp_client.initialize_session(
        types.InitializeParams(
            capabilities=offered,
            workspace_folders=[types.WorkspaceFolder(uri="file:///work%20space", name="work space")],
        )
    )
    item = types.TextDocumentItem(uri=URI, language_id="python", version=1, text=CODE)
    lsp_client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))
    yield
    await lsp_client.shutdown_session()


def document() -> types.TextDocumentIdentifier:
    return types.TextDocumentIdentifier(uri=URI)


def pulls(client: LanguageClient) -> bool:
    offered = client.capabilities and client.capabilities.text_document
    return bool(offered and offered.diagnostic)


async def found(client: LanguageClient) -> list[types.Diagnostic]:
    """The diagnostics as this client gets them: pulled if it can, else pushed."""
    if pulls(client):
        report = await client.text_document_diagnostic_async(types.DocumentDiagnosticParams(text_document=document()))
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        return list(report.items)
    async with asyncio.timeout(10):
        while URI not in client.diagnostics:
            await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    return list(client.diagnostics[URI])


def columns(client: LanguageClient, text: str) -> int:
    """The length of a text in the units that this client and the server agreed on."""
    units: dict[Any, tuple[str, int]] = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
    general = client.capabilities and client.capabilities.general
    encoding, size = units[str(((general and general.position_encodings) or ["utf-16"])[0])]
    return len(text.encode(encoding)) // size


@pytest.mark.asyncio
async def test_diagnostics_stand_where_the_client_counts_them(client: LanguageClient) -> None:
    one, two = await found(client)
    assert (one.code, two.code) == ("CC001", "CC012")
    before = "    return a, 'é🎉', "
    assert two.range.start == types.Position(line=1, character=columns(client, before))
    assert two.range.end == types.Position(line=1, character=columns(client, before + "f'q'"))


@pytest.mark.asyncio
async def test_a_quick_fix_mends_the_text(client: LanguageClient) -> None:
    diagnostic = (await found(client))[1]
    params = types.CodeActionParams(
        text_document=document(),
        range=diagnostic.range,
        context=types.CodeActionContext(diagnostics=[diagnostic], only=[types.CodeActionKind.QuickFix]),
    )
    actions = [
        one for one in await client.text_document_code_action_async(params) or [] if isinstance(one, types.CodeAction)
    ]
    [fix] = [one for one in actions if one.is_preferred or one.title == "Remove the `f` prefix"]
    if fix.edit is None:
        fix = await client.code_action_resolve_async(fix)
    assert fix.edit is not None
    plain = converter().unstructure(fix.edit)
    edits = plain["changes"][URI] if "changes" in plain else plain["documentChanges"][0]["edits"]
    [edit] = edits
    line = edit["range"]["start"]["line"]
    shifted = [{"newText": edit["newText"], "range": ascii_range(client, edit["range"])}]
    assert line == 1
    assert edited(CODE, shifted) == CODE.replace("f'q'", "'q'")


def ascii_range(client: LanguageClient, place: Any) -> Any:
    """A range of the client's in code points, for texts of Python's."""
    line = CODE.splitlines()[place["start"]["line"]]

    def points(character: int) -> int:
        return next(at for at in range(len(line) + 1) if columns(client, line[:at]) >= character)

    return {
        edge: {"line": place[edge]["line"], "character": points(place[edge]["character"])} for edge in ("start", "end")
    }


@pytest.mark.asyncio
async def test_hover_shows_the_card(client: LanguageClient) -> None:
    params = types.HoverParams(text_document=document(), position=types.Position(line=0, character=9))
    answer = await client.text_document_hover_async(params)
    assert answer is not None and isinstance(answer.contents, types.MarkupContent)
    assert "CC001" in answer.contents.value


@pytest.mark.asyncio
async def test_closing_leaves_nothing_shown(client: LanguageClient) -> None:
    await found(client)
    client.text_document_did_close(types.DidCloseTextDocumentParams(text_document=document()))
    if not pulls(client):
        await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    assert not client.diagnostics.get(URI)
