"""The answer to `initialize`, against what pygls would say of the same server."""

import subprocess
import sys
from collections.abc import Iterator
from operator import methodcaller
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.capabilities import ServerCapabilitiesBuilder

from chatbt.lsp.capabilities import (
    ACTION_KINDS,
    COMMANDS,
    COMPLETION_TRIGGERS,
    MODEL_COMMANDS,
    MODEL_KINDS,
    initialize_result,
    registers_commands,
)
from chatbt.lsp.pygls_server import converter
from chatbt.lsp.registry import methods
from chatbt.lsp.session import Session
from chatbt.lsp.typed import server_for
from tests.lsp.editor import PLAIN, capabilities

Json = dict[str, Any]


def clients() -> Iterator[Any]:
    for name in ("vscode", "neovim", "emacs"):
        yield pytest.param(capabilities(name), id=name)
    yield pytest.param(PLAIN, id="plain")
    yield pytest.param({}, id="silent")
    for encodings in (["utf-8"], ["utf-16"], ["utf-32"], ["utf-32", "utf-8"], ["utf-7", "utf-8"], ["utf-7"], []):
        yield pytest.param({"general": {"positionEncodings": encodings}}, id="-".join(encodings) or "none")


@pytest.mark.parametrize("offered", list(clients()))
@pytest.mark.parametrize("mode", ["openFilesOnly", "workspace"])
def test_the_written_answer_is_what_pygls_would_say(offered: Json, mode: str) -> None:
    params = {"capabilities": offered, "initializationOptions": {"diagnosticMode": mode}}
    assert initialize_result(params)["capabilities"] == pygls_says(params)


def pygls_says(params: Json) -> Json:
    """The capabilities that pygls builds from the methods that have a file, and the options of those it cannot see."""
    client = converter().structure(params["capabilities"], types.ClientCapabilities)
    server = server_for(Session(lambda _: None, lambda _: None))
    manager = server.protocol.fm
    features = {**manager.features, **manager.builtin_features, **methods("plain")}
    options: dict[str, Any] = dict(manager.feature_options)
    options[types.TEXT_DOCUMENT_COMPLETION] = types.CompletionOptions(trigger_characters=list(COMPLETION_TRIGGERS))
    options[types.TEXT_DOCUMENT_CODE_ACTION] = types.CodeActionOptions(
        code_action_kinds=[*ACTION_KINDS, *MODEL_KINDS], resolve_provider=True
    )
    wants_all = params["initializationOptions"]["diagnosticMode"] == "workspace"
    if not wants_all:
        features.pop(types.WORKSPACE_DIAGNOSTIC)
    if client.text_document and client.text_document.diagnostic:
        options[types.TEXT_DOCUMENT_DIAGNOSTIC] = types.DiagnosticOptions(
            identifier="chatbt", inter_file_dependencies=False, workspace_diagnostics=wants_all
        )
    else:
        features.pop(types.TEXT_DOCUMENT_DIAGNOSTIC)
    cells = types.NotebookDocumentFilterWithCells(notebook="*", cells=[types.NotebookCellLanguage(language="python")])
    builder = ServerCapabilitiesBuilder(
        client,
        set(features),
        options,
        [*COMMANDS, *([] if registers_commands(params) else MODEL_COMMANDS)],
        types.TextDocumentSyncKind.Incremental,
        types.NotebookDocumentSyncOptions(notebook_selector=[cells]),
        ServerCapabilitiesBuilder.choose_position_encoding(client),
    )
    plain: Json = converter().unstructure(methodcaller("build")(builder))
    sync = plain["textDocumentSync"]
    assert not any(sync.pop(name, False) for name in ("willSave", "willSaveWaitUntil"))  # absent and false are the same
    return plain


def test_every_command_that_is_offered_is_there() -> None:
    assert {f"chatbt.{name}" for name in methods("commands")} == {*COMMANDS, *MODEL_COMMANDS}


def test_every_method_has_one_file() -> None:
    plain, typed = methods("plain"), methods("typed")
    assert not plain.keys() & typed.keys()
    assert plain["textDocument/didOpen"] == "chatbt.lsp.plain.text_document.did_open"
    assert typed["workspace/diagnostic"] == "chatbt.lsp.typed.workspace.diagnostic"


def test_answering_imports_next_to_nothing(tmp_path: Path) -> None:
    code = (
        "import sys; import chatbt.lsp.start; print({'typing', 'asyncio', 'pygls', 'ast', 'json'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path,
                         env={"PYTHONPATH": str(Path(__file__).parents[2] / "server")})  # fmt: skip
    assert run.stdout.strip() == "set()", run.stderr


def test_what_is_asked_of_a_text_is_answered_without_pygls() -> None:
    code = (
        "import sys; from chatbt.lsp.registry import handler, methods; [*map(handler, methods('plain').values())]; "
        "print({'pygls', 'lsprotocol', 'libcst'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.stdout.strip() == "set()", run.stderr
