"""What the server can do, as `initialize` answers it. Loaded before everything else, it imports nothing."""

from __future__ import annotations

from chatbt import __version__

TYPE_CHECKING = False  # typing takes 5 ms to import, which `initialize` would wait for
if TYPE_CHECKING:
    from typing import Any

    from chatbt.lsp.client import Json

ENCODINGS = ("utf-8", "utf-16", "utf-32")
QUICK_FIX = "quickfix"
FIX_ALL = "source.fixAll.chatbt"
REWRITE = "refactor.rewrite.chatbt"
REWRITES = {"pythonic": f"{REWRITE}.pythonic", "stdlib": f"{REWRITE}.stdlib"}
"""The kind of the actions that make a specialist's suggestions."""
ACTION_KINDS = (QUICK_FIX, REWRITE, *REWRITES.values(), FIX_ALL)
REPORT_FALSE_ALARM = "chatbt.reportFalseAlarm"
MODERNISE = "chatbt.modernise"
COMMANDS = (REPORT_FALSE_ALARM, MODERNISE)
COMPLETION_TRIGGERS = ("[", ",")


def initialize_result(params: Json) -> Json:
    """The answer to `initialize`, for the client that `params` describes."""
    return {
        "capabilities": capabilities(params),
        "serverInfo": {"name": "chatbt", "version": __version__},
    }


def capabilities(params: Json) -> Json:
    answer: Json = {
        "positionEncoding": encoding_of(params),
        "textDocumentSync": {"openClose": True, "change": 2, "save": False},
        "completionProvider": {"triggerCharacters": list(COMPLETION_TRIGGERS)},
        "hoverProvider": True,
        "codeActionProvider": {"codeActionKinds": list(ACTION_KINDS), "resolveProvider": True},
        "executeCommandProvider": {"commands": list(COMMANDS)},
        "workspace": {
            "workspaceFolders": {"supported": True, "changeNotifications": True},
            "fileOperations": {},
        },
    }
    if reach(params, "capabilities", "textDocument", "diagnostic"):
        answer["diagnosticProvider"] = {
            "identifier": "chatbt",
            "interFileDependencies": False,
            "workspaceDiagnostics": wants_workspace(params),
        }
    if reach(params, "capabilities", "notebookDocument") is not None:
        answer["notebookDocumentSync"] = {
            "notebookSelector": [{"notebook": "*", "cells": [{"language": "python"}]}],
        }
    return answer


def encoding_of(params: Json) -> str:
    """The first of the client's position encodings that we know; UTF-16 is what every client knows."""
    offered = reach(params, "capabilities", "general", "positionEncodings")
    return next((name for name in offered if name in ENCODINGS), "utf-16") if isinstance(offered, list) else "utf-16"


def options_of(params: Json) -> Json:
    """The settings in `initializationOptions`, which may stand in a `settings` of their own."""
    options = table(params.get("initializationOptions"))
    return {**{key: value for key, value in options.items() if key != "settings"}, **table(options.get("settings"))}


def wants_workspace(params: Json) -> bool:
    """Whether diagnostics of files that are not open are asked for."""
    return options_of(params).get("diagnosticMode") == "workspace"


def reach(value: Any, *path: str) -> Any:
    """What stands at a path of keys; None where it ends early."""
    for name in path:
        value = table(value).get(name)
    return value


def table(value: Any) -> Json:
    return value if isinstance(value, dict) else {}
