"""What the server can do, as `initialize` answers it. Loaded before everything else, it imports nothing."""

from __future__ import annotations

import os

from chatbt import __version__
from chatbt.engine.switch import is_off

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
BY_MODEL = f"{REWRITE}.model"
EXPLANATION = "chatbt.explain"
"""The kind of the actions that ask for an explanation: it is no fix and changes nothing."""
MODEL_KINDS = (BY_MODEL, EXPLANATION)
REPORT_FALSE_ALARM = "chatbt.reportFalseAlarm"
MODERNISE = "chatbt.modernise"
COMMANDS = (REPORT_FALSE_ALARM, MODERNISE)
EXPLAIN = "chatbt.explain"
ASK = "chatbt.ask"
REVIEW = "chatbt.review"
REWRITE_BY_MODEL = "chatbt.rewrite"
MODEL_COMMANDS = (EXPLAIN, ASK, REVIEW, REWRITE_BY_MODEL)
COMPLETION_TRIGGERS = ("[", ",")


def initialize_result(params: Json) -> Json:
    """The answer to `initialize`, for the client that `params` describes."""
    return {
        "capabilities": capabilities(params),
        "serverInfo": {"name": "chatbt", "version": __version__},
    }


def capabilities(params: Json) -> Json:
    with_model = offers_model(params)
    kinds = (*ACTION_KINDS, *MODEL_KINDS) if with_model else ACTION_KINDS
    # A client that lets us registers them when all settings are known.
    commands = (*COMMANDS, *MODEL_COMMANDS) if with_model and not registers_commands(params) else COMMANDS
    answer: Json = {
        "positionEncoding": encoding_of(params),
        "textDocumentSync": {"openClose": True, "change": 2, "save": False},
        "completionProvider": {"triggerCharacters": list(COMPLETION_TRIGGERS)},
        "hoverProvider": True,
        "codeActionProvider": {"codeActionKinds": list(kinds), "resolveProvider": True},
        "executeCommandProvider": {"commands": list(commands)},
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


def offers_model(params: Json) -> bool:
    """Whether the engine is not switched off by what is known at start."""
    return not is_off(os.environ) and reach(options_of(params), "engine", "enabled") is not False


def registers_commands(params: Json) -> bool:
    """Whether the client takes commands later than at start."""
    return reach(params, "capabilities", "workspace", "executeCommand", "dynamicRegistration") is True


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
